"""Restoring: a federation from a backup, wholly or not at all."""
