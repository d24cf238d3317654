"""The command line: found a federation, live through the demo, show keys, rebuild, bundle and verify."""

import asyncio
import os
import shlex
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeVar

import click
import msgspec

from app.demo.story import run_demo
from app.ledger.rebuilding import Compared
from app.refusing import FAILED, Commands
from app.security.keys import load
from app.services.auditing import write_bundle_file
from app.services.founding import Founded, found
from app.services.opening import opened
from app.services.reporting import counted, report_lines, verdict
from app.settings import SETTINGS, SettingMissing, Settings, read_settings
from governance.errors import RochdaleError
from governance.log.errors import VerifierKeyInvalid
from governance.log.keys import format_verifier_key, parse_verifier_key
from governance.report import fingerprint_of
from governance.verifier import verify

T = TypeVar("T")
_CHUNK: Final = 65_536
_LONGEST_KEY: Final = 4_096


def _remember_home(context: click.Context, _: click.Parameter, home: Path | None) -> None:
    if home is not None:
        context.obj = home


_at_home = click.option(
    "--home",
    type=click.Path(path_type=Path),
    metavar="DIR",
    expose_value=False,
    callback=_remember_home,
    help="The directory of the federation's database and keys, whatever the environment says.",
)
_as_json = click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")


def _settings_help() -> str:
    return "\n\n".join(f"{name}  {meaning}" for name, meaning in SETTINGS.items())


@click.group(cls=Commands, epilog=_settings_help(), context_settings={"help_option_names": ["-h", "--help"]})
@_at_home
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


def _settings(home: Path | None) -> Settings:
    if home is not None:
        return read_settings({"ROCHDALE_HOME": str(home)})
    try:
        return read_settings(os.environ)
    except SettingMissing as missing:
        raise SettingMissing(f"{missing.detail} Or name the directory with --home.") from missing


def _run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def _say_json(value: object) -> None:
    click.echo(msgspec.json.format(msgspec.json.encode(value)).decode())


@main.command(name="found")
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@_as_json
@_at_home
@click.pass_obj
def found_command(home: Path | None, folder: Path, as_json: bool) -> None:  # noqa: FBT001 - click passes options so
    """Found a federation from the files in FOLDER.

    FOLDER holds federation.toml (name, log origin, offices, rulebook), the charter in Markdown and the coops as CSV. Every
    problem of every file is said at once, and nothing is founded until there is none.
    """
    settings = _settings(home)
    founded = _run(found(folder, settings))
    if as_json:
        _say_json(founded)
    else:
        _say_founded(founded, settings)


def _say_founded(founded: Founded, settings: Settings) -> None:
    coops, heads = (
        counted(founded.coops, "coop", "coops"),
        counted(founded.cooperators, "worker-member", "worker-members"),
    )
    articles = counted(founded.articles, "article", "articles")
    rules, entries = (
        counted(founded.rules, "decision rule", "decision rules"),
        counted(founded.entries, "log entry", "log entries"),
    )
    click.echo(f"{founded.name} is founded: {coops} with {heads},")
    click.echo(f"{articles} of the charter and {rules}, in {entries}.")
    click.echo(f"Log          {founded.origin}")
    click.echo(f"Key          {founded.key}")
    click.echo(f"Fingerprint  {founded.fingerprint}")
    click.echo(f"Founding     {founded.digest}")
    click.echo("Until the coops have ratified that digest by vote, the founding is the operator's word only.")
    click.echo(
        f"Keep a copy of the key in {settings.keys_dir} where nobody else can read it: without it the log cannot go on."
    )
    if founded.unused_columns:
        click.echo(f"Columns of the coops' file that were not used: {', '.join(founded.unused_columns)}")


@main.command()
@click.option("--fresh", is_flag=True, help="Begin again, and forget what an earlier demo left.")
@_at_home
@click.pass_obj
def demo(home: Path | None, fresh: bool) -> None:  # noqa: FBT001 - click passes options so
    """Let an invented federation of 69 coops decide, and verify its log offline.

    It lives in ./demo-federation, apart from any real federation. A second time, it finds what the first left.
    """
    run_demo(home or Path("demo-federation"), fresh=fresh, say=click.echo)


@main.command()
@_at_home
@click.pass_obj
def key(home: Path | None) -> None:
    """Show the log's public key and its fingerprint.

    An auditor gives the key to `rochdale verify --key`; compare the fingerprint over another channel first.
    """
    public = format_verifier_key(load(_settings(home).keys_dir).verifier_key)
    click.echo(public)
    click.echo(f"Fingerprint  {fingerprint_of(public)}")


@main.command()
@_as_json
@_at_home
@click.pass_obj
def rebuild(home: Path | None, as_json: bool) -> None:  # noqa: FBT001 - click passes options so
    """Make every table again from the log, and say what differed.

    Exit status 0 if nothing did, 1 if a table was not what the log says; it is mended then.
    """

    async def work() -> tuple[Compared, ...]:
        async with opened(_settings(home)) as parts:
            return await parts.ledger.rebuild()

    compared = _run(work())
    differing = [table for table in compared if table.differ]
    if as_json:
        _say_json(compared)
    else:
        for table in compared:
            more = " …" if table.differ > len(table.keys) else ""
            verdict = f"{table.differ:,} differed: {', '.join(table.keys)}{more}" if table.differ else "as before"
            click.echo(f"{table.table:<18}{table.after:>8,} {'row ' if table.after == 1 else 'rows'}  {verdict}")
        what = counted(len(differing), "table was", "tables were")
        click.echo(f"{what} not what the log says; mended." if differing else "Every table was what the log says.")
    sys.exit(FAILED if differing else 0)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@_at_home
@click.pass_obj
def bundle(home: Path | None, file: Path) -> None:
    """Write the bundle, the one file that an auditor needs, to FILE (or to standard output as -).

    A file appears only when it is whole.
    """

    async def work() -> int:
        async with opened(_settings(home)) as parts:
            await write_bundle_file(parts.ledger, file)
            return parts.ledger.size

    size = _run(work())
    if str(file) != "-":
        click.echo(
            f"{file}: {counted(size, 'entry', 'entries')}. Verify it with `rochdale verify {shlex.quote(str(file))}`."
        )


@main.command(name="verify")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--key", "expected", help="The log's public key, as `rochdale key` shows it, or the path of a file with it."
)
@_as_json
@click.option("--quiet", is_flag=True, help="Say nothing but the verdict.")
def verify_command(file: BinaryIO, expected: str | None, as_json: bool, quiet: bool) -> None:  # noqa: FBT001 - click passes options so
    """Verify the bundle FILE (- for standard input), offline, from nothing else.

    Every decision of the log is taken again. Exit status 0 only if every check holds, 1 if one fails. Without --key the report
    says by which key the log is signed, and that nobody has checked whose it is.
    """
    key_text = None if expected is None else _expected_key(expected)
    shown = sys.stderr.isatty() and not (as_json or quiet)
    report = verify(iter(lambda: file.read(_CHUNK), b""), key=key_text, progress=_progress if shown else None)
    if shown:
        click.echo("\r\x1b[K", nl=False, err=True)
    if as_json:
        _say_json(report)
    else:
        for line in [verdict(report)] if quiet else report_lines(report):
            click.echo(line)
    sys.exit(0 if report.holds else FAILED)


def _expected_key(given: str) -> str:
    """The key in its one spelling, from its text or from the first line of a file."""
    try:
        return format_verifier_key(parse_verifier_key(given.strip()))
    except RochdaleError:
        path = Path(given)
        if not os.path.isfile(given):  # noqa: PTH113 - unlike Path.is_file, it says no to a name that is too long
            raise
    with path.open("rb") as file:
        first = file.read(_LONGEST_KEY).split(b"\n")[0]
    try:
        return format_verifier_key(parse_verifier_key(first.decode("utf-8-sig").strip()))
    except (RochdaleError, UnicodeDecodeError):
        # What the file says is not repeated: it may have been the secret key.
        raise VerifierKeyInvalid(
            f"The first line of {given} is not a verifier key. Use what `rochdale key` shows."
        ) from None


def _progress(seen: int, announced: int) -> None:
    click.echo(f"\r{seen:,} of {announced:,} entries", nl=False, err=True)


if __name__ == "__main__":
    main()
