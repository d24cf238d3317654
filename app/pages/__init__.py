"""Pages: rendered by the server, readable without scripts."""
