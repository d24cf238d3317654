"""The single writer: decide, append, project, commit, sign."""
