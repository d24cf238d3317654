"""Reading the log from outside: tiles, entries, blobs, proofs and the bundle, never beyond what was signed."""
