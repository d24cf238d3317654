"""The demonstration: an invented federation of 69 coops in 19 countries."""
