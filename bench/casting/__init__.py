"""Casting ballots over HTTP: the federation, the servers, the load, and what is measured."""
