"""The command line: a module for each group of commands, put together here."""

from typing import Final

import click

from app.cli.auditing import bundle, key, verify_command
from app.cli.backups import backup_command, backup_key_command, restore_command
from app.cli.founding import demo, found_command
from app.cli.group import main
from app.cli.keeping import doctor_command, migrate_command, rebuild
from app.cli.people import invitations, invite_command, rotate_token_key
from app.cli.serving import health, serve_command

_BEGINNING: Final[tuple[click.Command, ...]] = (found_command, demo)
_SERVING: Final[tuple[click.Command, ...]] = (serve_command, health)
_PEOPLE: Final[tuple[click.Command, ...]] = (invitations, invite_command, rotate_token_key)
_KEEPING: Final[tuple[click.Command, ...]] = (
    doctor_command,
    migrate_command,
    rebuild,
    backup_key_command,
    backup_command,
    restore_command,
)
_AUDITING: Final[tuple[click.Command, ...]] = (key, bundle, verify_command)

for _command in (*_BEGINNING, *_SERVING, *_PEOPLE, *_KEEPING, *_AUDITING):
    main.add_command(_command)

__all__ = ["main"]
