"""The command line: a module for each group of commands, which `group` loads when one is wanted."""

from app.cli.group import main

__all__ = ["main"]
