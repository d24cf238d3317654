"""People: who they are, how they sign in, and which mandates of the log they hold. Nothing here enters the log."""
