"""What can be asked of the federation: one struct for each command. Who asks, and when, comes beside it."""
