"""Rulebooks that come with the service: `default.toml`, and under `statutes` rules that federations and laws really have."""
