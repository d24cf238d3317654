"""The founding files as people write them: coops as CSV, the charter as Markdown. Bytes in, checked values out."""
