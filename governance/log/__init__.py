"""The transparency log's formats: bytes, not votes."""
