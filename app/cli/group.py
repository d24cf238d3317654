"""The command itself, and what its commands share: where the federation is, and how something is run and said."""

import asyncio
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Final, TypeVar

import click
import msgspec

from app.refusing import Commands
from app.settings import SETTINGS, SettingMissing, Settings, read_settings

T = TypeVar("T")
PLACES: Final = {
    "backup": "app.cli.backups:backup_command",
    "backup-key": "app.cli.backups:backup_key_command",
    "bundle": "app.cli.auditing:bundle",
    "demo": "app.cli.demonstrating:demo",
    "doctor": "app.cli.keeping:doctor_command",
    "found": "app.cli.founding:found_command",
    "health": "app.cli.serving:health",
    "invitations": "app.cli.people:invitations",
    "invite": "app.cli.people:invite_command",
    "key": "app.cli.verifying:key",
    "migrate": "app.cli.keeping:migrate_command",
    "rebuild": "app.cli.keeping:rebuild",
    "restore": "app.cli.backups:restore_command",
    "rotate-log-key": "app.cli.rotating:rotate_log_key_command",
    "rotate-token-key": "app.cli.people:rotate_token_key",
    "serve": "app.cli.serving:serve_command",
    "verify": "app.cli.verifying:verify_command",
}
"""Where each command is."""


def _remember_home(context: click.Context, _: click.Parameter, home: Path | None) -> None:
    if home is not None:
        context.obj = home


at_home = click.option(
    "--home",
    type=click.Path(path_type=Path),
    metavar="DIR",
    expose_value=False,
    callback=_remember_home,
    help="The directory of the federation's database and keys, whatever the environment says.",
)
in_json = click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")


def _settings_help() -> str:
    return "\n\n".join(f"{name}  {meaning}" for name, meaning in SETTINGS.items())


@click.group(
    cls=Commands, places=PLACES, epilog=_settings_help(), context_settings={"help_option_names": ["-h", "--help"]}
)
@at_home
@click.option(
    "--debug", is_flag=True, expose_value=True, help="Show where a fault of Rochdale itself arose, to report it."
)
@click.version_option(package_name="rochdale")
def main(debug: bool) -> None:  # noqa: FBT001 - click passes options so
    """Rochdale: a federation of cooperatives governs itself.

    Every fact stands in a signed log, from which anybody can recompute everything offline.

    Exit status: 0 done, 1 a check does not hold, 2 refused, 3 a fault of Rochdale itself.
    """
    del debug  # read by `Commands`, which is where faults end up


def settings_at(home: Path | None) -> Settings:
    """The settings of a directory, or else of the environment; refuses as `read_settings` does."""
    if home is not None:
        return read_settings({"ROCHDALE_HOME": str(home)})
    try:
        return read_settings(os.environ)
    except SettingMissing as missing:
        raise SettingMissing(f"{missing.detail} Or name the directory with --home.") from missing


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run some work to its end, on an event loop of its own."""
    return asyncio.run(work)


def say_json(value: object) -> None:
    """Say a value as JSON for people and programs."""
    click.echo(msgspec.json.format(msgspec.json.encode(value)).decode())
