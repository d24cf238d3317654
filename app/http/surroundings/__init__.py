"""What surrounds every request: its id, who may ask how often, and what every answer carries and leaves behind."""
