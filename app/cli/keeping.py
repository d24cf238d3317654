"""Commands for whoever keeps the server: tables made again, backups, and whether everything is well."""

import sys
from pathlib import Path
from typing import Final

import click

from app.cli.group import at_home, in_json, run, say_json, settings_at
from app.ledger.rebuilding import Compared
from app.refusing import FAILED
from app.services.doctor.examination import examine
from app.services.doctor.finding import Status
from app.services.opening import opened
from app.services.preparing import prepare
from app.services.reporting import counted, plain

_MARKS: Final[dict[Status, str]] = {"ok": "ok  ", "warning": "warn", "failed": "FAIL", "not_checked": "  - "}


@click.command()
@in_json
@at_home
@click.pass_obj
def rebuild(home: Path | None, as_json: bool) -> None:  # noqa: FBT001 - click passes options so
    """Make every table again from the log, and say what differed.

    Exit status 0 if nothing did, 1 if a table was not what the log says; it is mended then.
    """

    async def work() -> tuple[Compared, ...]:
        async with opened(settings_at(home)) as parts:
            return await parts.ledger.rebuild()

    compared = run(work())
    differing = [table for table in compared if table.differ]
    if as_json:
        say_json(compared)
    else:
        for table in compared:
            more = " …" if table.differ > len(table.keys) else ""
            verdict = f"{table.differ:,} differed: {', '.join(table.keys)}{more}" if table.differ else "as before"
            click.echo(f"{table.table:<18}{table.after:>8,} {'row ' if table.after == 1 else 'rows'}  {verdict}")
        what = counted(len(differing), "table was", "tables were")
        click.echo(f"{what} not what the log says; mended." if differing else "Every table was what the log says.")
    sys.exit(FAILED if differing else 0)


@click.command(name="migrate")
@at_home
@click.pass_obj
def migrate_command(home: Path | None) -> None:
    """Bring the database to this version, as `rochdale serve` does before it serves.

    Several nodes can do it at once; it happens once. Tables that a version adds are filled from the log.
    """
    ran = run(prepare(settings_at(home)))
    for migration in ran:
        click.echo(f"The migration {migration} ran.")
    click.echo("The database is of this version." if ran else "The database was of this version already.")


@click.command(name="doctor")
@click.option(
    "--quick", is_flag=True, help="Leave out the comparison of tables, which lets the service wait meanwhile."
)
@in_json
@at_home
@click.pass_obj
def doctor_command(home: Path | None, *, quick: bool, as_json: bool) -> None:
    """Look whether everything is well, and say what is not and what to do.

    Nothing is changed. Exit status 0 if no check failed, though some may warn; 1 if one did.
    """
    findings = run(examine(lambda: settings_at(home), quick=quick))
    if as_json:
        say_json(findings)
    else:
        for finding in findings:
            click.echo(f"{_MARKS[finding.status]} {finding.check:<16}{plain(finding.detail)}")
            if finding.advice:
                click.echo(f"     {'':<16}{plain(finding.advice)}")
    sys.exit(FAILED if any(finding.status == "failed" for finding in findings) else 0)
