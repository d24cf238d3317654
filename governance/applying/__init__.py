"""Applying: what a fact changes. It judges nothing; whether a fact is legal is for `deciding`."""
