"""The command that gives auditors what they need: the bundle."""

import shlex
from pathlib import Path

import click

from app.cli.group import at_home, run, settings_at
from app.services.auditing import write_bundle_file
from app.services.opening import opened
from app.services.reporting import counted


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@at_home
@click.pass_obj
def bundle(home: Path | None, file: Path) -> None:
    """Write the bundle, the one file that an auditor needs, to FILE (or to standard output as -).

    A file appears only when it is whole.
    """

    async def work() -> int:
        async with opened(settings_at(home)) as parts:
            await write_bundle_file(parts.ledger, file)
            return parts.ledger.size

    size = run(work())
    if str(file) != "-":
        click.echo(
            f"{file}: {counted(size, 'entry', 'entries')}. Verify it with `rochdale verify {shlex.quote(str(file))}`."
        )
