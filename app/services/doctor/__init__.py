"""The doctor: whether everything is well with a federation, what is not, and what to do."""
