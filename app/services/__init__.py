"""Use cases: what the command line, the API and the pages do, each written once."""
