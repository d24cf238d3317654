"""Counting, exactly: one file for each ballot method, and what they share."""
