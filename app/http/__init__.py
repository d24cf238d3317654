"""The JSON API: controllers, wire structs and problem documents."""
