"""The service around the rules: storage, keys, command line and, later, HTTP."""
