"""Mail: written into the outbox together with what causes it, and sent from there."""
