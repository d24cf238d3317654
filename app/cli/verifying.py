"""Commands for auditors that need no database: the public key, and the verdict on a bundle."""

import gc
import os
import sys
from pathlib import Path
from typing import BinaryIO, Final

import click

from app.cli.group import at_home, in_json, say_json, settings_at
from app.refusing import FAILED
from app.security.keys import load
from app.services.reporting import report_lines, verdict
from governance.errors import RochdaleError
from governance.log.errors import VerifierKeyInvalid
from governance.log.keys import format_verifier_key, parse_verifier_key
from governance.report import fingerprint_of
from governance.verifier import verify

_CHUNK: Final = 65_536
_LONGEST_KEY: Final = 4_096


@click.command()
@at_home
@click.pass_obj
def key(home: Path | None) -> None:
    """Show the log's public key and its fingerprint.

    An auditor gives the key to `rochdale verify --key`; compare the fingerprint over another channel first.
    """
    public = format_verifier_key(load(settings_at(home).keys_dir).verifier_key)
    click.echo(public)
    click.echo(f"Fingerprint  {fingerprint_of(public)}")


@click.command(name="verify")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--key", "expected", help="The log's public key, as `rochdale key` shows it, or the path of a file with it."
)
@in_json
@click.option("--quiet", is_flag=True, help="Say nothing but the verdict.")
def verify_command(file: BinaryIO, expected: str | None, as_json: bool, quiet: bool) -> None:  # noqa: FBT001 - click passes options so
    """Verify the bundle FILE (- for standard input), offline, from nothing else.

    Every decision of the log is taken again. Exit status 0 only if every check holds, 1 if one fails. Without --key the report
    says by which key the log is signed, and that nobody has checked whose it is.
    """
    key_text = None if expected is None else _expected_key(expected)
    shown = sys.stderr.isatty() and not (as_json or quiet)
    # Verifying leaves no cycles behind: looking for them again and again would only take time.
    gc.disable()
    report = verify(iter(lambda: file.read(_CHUNK), b""), key=key_text, progress=_progress if shown else None)
    if shown:
        click.echo("\r\x1b[K", nl=False, err=True)
    if as_json:
        say_json(report)
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
