"""Backups: one encrypted file with all that cannot be made again from the log, and the log itself."""
