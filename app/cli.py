"""The command line: found a federation, live through the demo, show keys, rebuild, bundle and verify."""

import asyncio
import os
import sys
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

import click
import msgspec

from app.demo.story import run_demo
from app.founding.problems import FoundingFileRefused
from app.security.keys import load
from app.services.auditing import write_bundle_file
from app.services.founding import Founded, found
from app.services.opening import opened
from app.settings import SETTINGS, Settings, read_settings
from governance.errors import RochdaleError
from governance.log.keys import format_verifier_key, parse_verifier_key
from governance.verifier import TITLES, Report, fingerprint_of, verify

T = TypeVar("T")
_CHUNK: Final = 65_536
_MARKS: Final = {"held": "ok  ", "failed": "FAIL", "not_checked": "  - "}
_REFUSED: Final = 2
_FAILED: Final = 1


class Commands(click.Group):
    """A group whose commands refuse with one sentence, a code and exit status 2, never with a traceback."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Run a command; what it refuses goes to standard error."""
        try:
            return super().invoke(ctx)
        except FoundingFileRefused as refused:
            for problem in refused.problems:
                click.echo(str(problem), err=True)
            click.echo(f"{len(refused.problems)} problems; nothing was founded. [{refused.code}]", err=True)
            ctx.exit(_REFUSED)
        except RochdaleError as refused:
            click.echo(f"{refused.title}\n{refused.detail} [{refused.code}]", err=True)
            ctx.exit(_REFUSED)
        except OSError as error:
            named = f" {error.filename}" if error.filename else ""
            click.echo(f"The system refused{named}: {error.strerror or error}. [system_refused]", err=True)
            ctx.exit(_REFUSED)


def _settings_help() -> str:
    return "\n\n".join(f"{name}  {meaning}" for name, meaning in SETTINGS.items())


@click.group(cls=Commands, epilog=_settings_help(), context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    type=click.Path(path_type=Path),
    help="The federation's directory; the same as ROCHDALE_HOME.",
    metavar="DIR",
)
@click.version_option(package_name="rochdale")
@click.pass_context
def main(context: click.Context, home: Path | None) -> None:
    """Rochdale: a federation of cooperatives governs itself.

    Every fact stands in a signed log, from which anybody can recompute everything offline.
    """
    context.obj = home


def _settings(home: Path | None, default: Path | None = None) -> Settings:
    environ = dict(os.environ)
    if home is not None:
        environ["ROCHDALE_HOME"] = str(home)
    elif default is not None and not any(name in environ for name in SETTINGS):
        environ["ROCHDALE_HOME"] = str(default)
    return read_settings(environ)


def _run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


@main.command(name="found")
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
@click.pass_obj
def found_command(home: Path | None, folder: Path, as_json: bool) -> None:  # noqa: FBT001 - click passes options so
    """Found a federation from the files in FOLDER.

    FOLDER holds federation.toml (name, log origin, offices, rulebook), the charter in Markdown and the coops as CSV. Every
    problem of every file is said at once, and nothing is founded until there is none.
    """
    founded = _run(found(folder, _settings(home)))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(founded)).decode())
        return
    _say_founded(founded)


def _say_founded(founded: Founded) -> None:
    click.echo(f"{founded.name} is founded: {founded.coops} coops with {founded.cooperators} worker-members,")
    click.echo(
        f"{founded.articles} articles of the charter and {founded.rules} decision rules, in {founded.entries} log entries."
    )
    click.echo(f"Log          {founded.origin}")
    click.echo(f"Key          {founded.key}")
    click.echo(f"Fingerprint  {founded.fingerprint}")
    click.echo(f"Founding     {founded.digest}")
    click.echo("Until the coops have ratified that digest by vote, the founding is the operator's word only.")
    if founded.unused_columns:
        click.echo(f"Columns of the coops' file that were not used: {', '.join(founded.unused_columns)}")


@main.command()
@click.option("--fresh", is_flag=True, help="Begin again, and forget what an earlier demo left.")
@click.pass_obj
def demo(home: Path | None, fresh: bool) -> None:  # noqa: FBT001 - click passes options so
    """Let an invented federation of 69 coops decide, and verify its log offline.

    It lives in ./demo-federation, apart from any real federation. A second time, it finds what the first left.
    """
    place = home or Path("demo-federation")
    _run(run_demo(place, fresh=fresh, say=click.echo))


@main.command()
@click.pass_obj
def key(home: Path | None) -> None:
    """Show the log's public key and its fingerprint.

    An auditor gives the key to `rochdale verify --key`; compare the fingerprint over another channel first.
    """
    public = format_verifier_key(load(_settings(home).keys_dir).verifier_key)
    click.echo(public)
    click.echo(f"Fingerprint  {fingerprint_of(public)}")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
@click.pass_obj
def rebuild(home: Path | None, as_json: bool) -> None:  # noqa: FBT001 - click passes options so
    """Make every table again from the log, and say what differed.

    Exit status 0 if nothing did, 1 if a table was not what the log says; it is mended then.
    """

    async def work() -> tuple[Any, ...]:
        async with opened(_settings(home)) as parts:
            return await parts.ledger.rebuild()

    compared = _run(work())
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(compared)).decode())
    else:
        for table in compared:
            found_rows = f"{table.after:>8} rows"
            verdict = "as before" if not table.differ else f"{table.differ} differed: {', '.join(table.keys)}"
            click.echo(f"{table.table:<18}{found_rows}  {verdict}")
    sys.exit(_FAILED if any(table.differ for table in compared) else 0)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
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
        click.echo(f"{file}: {size} entries. Verify it with `rochdale verify {file}`.")


@main.command(name="verify")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--key", "expected", help="The log's public key, as `rochdale key` shows it, or the path of a file with it."
)
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
@click.option("--quiet", is_flag=True, help="Say nothing but the verdict.")
def verify_command(file: Any, expected: str | None, as_json: bool, quiet: bool) -> None:  # noqa: ANN401, FBT001 - click's own
    """Verify the bundle FILE (- for standard input), offline, from nothing else.

    Every decision of the log is taken again. Exit status 0 only if every check holds, 1 if one fails. Without --key the report
    says by which key the log is signed, and that nobody has checked whose it is.
    """
    key_text = _expected_key(expected)
    progress = None if as_json or quiet or not sys.stderr.isatty() else _progress
    report = verify(iter(lambda: file.read(_CHUNK), b""), key=key_text, progress=progress)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(report)).decode())
    else:
        for line in _report_lines(report, quiet=quiet):
            click.echo(line)
    sys.exit(0 if report.holds else _FAILED)


def _expected_key(given: str | None) -> str | None:
    if given is None:
        return None
    path = Path(given)
    text = path.read_text(encoding="ascii").split("\n")[0] if path.is_file() else given
    return format_verifier_key(parse_verifier_key(text.strip()))


def _progress(seen: int, announced: int) -> None:
    click.echo(f"\r{seen:,} of {announced:,} entries", nl=False, err=True)


def _report_lines(report: Report, *, quiet: bool) -> Iterator[str]:
    if not quiet:
        yield f"Federation   {report.federation or '(unknown)'}"
        yield f"Log          {report.origin or '(unknown)'}"
        yield f"Key          {report.key or '(unknown)'}"
        yield f"Fingerprint  {report.fingerprint or '(unknown)'}"
        yield f"Entries      {report.size}, the last of {report.last or '(none)'}"
        yield f"Root         {report.root}"
        ratified = "ratified by the coops" if report.ratified else "not ratified by the coops yet: the operator's word"
        yield f"Founding     {ratified}"
        yield ""
        for check in report.checks:
            yield f"{_MARKS[check.status]} {TITLES[check.name]}"
            yield f"     {check.detail}"
        for redaction in report.redactions:
            gone = "erased" if redaction.gone else "recorded, but its bytes are still here"
            yield f"     text {redaction.text[:16]}… redacted at entry {redaction.seq}: {gone}"
        yield ""
    if not report.holds:
        failed = ", ".join(check.name for check in report.checks if check.status == "failed")
        yield f"NOT VERIFIED: {failed}"
    elif any(check.status == "not_checked" for check in report.checks):
        yield "VERIFIED, but by a key that nobody has checked: give it with --key."
    else:
        yield "VERIFIED"


if __name__ == "__main__":
    main()
