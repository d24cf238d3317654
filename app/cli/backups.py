"""Commands for backups: a key to seal them to, taking one, restoring one."""

import secrets
from pathlib import Path
from typing import BinaryIO

import click

from app.cli.group import at_home, in_json, run, say_json, settings_at
from app.clock import now
from app.services.backing_up.keys import make_identity, read_identities, read_recipients
from app.services.backing_up.taking import take_backup
from app.services.reporting import counted, plain
from app.services.restoring.continuing import Loss, restore_and_go_on
from app.services.restoring.restoring import Restored, examine, restore, told
from app.settings import SettingMissing
from governance.report import fingerprint_of
from governance.state import Continuation


@click.command(name="backup-key")
@click.argument("file", type=click.Path(path_type=Path))
def backup_key_command(file: Path) -> None:
    """Make a key pair for backups: the secret half goes to FILE.

    The public half is shown: name it with `rochdale backup --to`, or in ROCHDALE_BACKUP_TO. Keep FILE, and a copy of it,
    away from the server: with it every backup can be read, and without it none.
    """
    recipient = make_identity(file, now())
    click.echo(recipient)
    click.echo(f"The secret half is in {file}: keep it away from the server, and a copy of it elsewhere.", err=True)


@click.command(name="backup")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--to", "recipients", multiple=True, help="Whom to seal it to, as `rochdale backup-key` shows it.")
@in_json
@at_home
@click.pass_obj
def backup_command(home: Path | None, file: Path, recipients: tuple[str, ...], as_json: bool) -> None:  # noqa: FBT001 - click passes options so
    """Write an encrypted backup to FILE (or to standard output as -).

    The federation can go on meanwhile. The signing keys are not in it. A file appears only when it is whole.
    """
    settings = settings_at(home)
    named = " ".join(recipients) or settings.backup_to
    if named is None:
        raise SettingMissing(
            "A backup is sealed to a public key, and none is named. Make a pair with `rochdale backup-key` on another machine, "
            "and name the public half with --to or in ROCHDALE_BACKUP_TO."
        )
    taken = run(take_backup(settings, file, read_recipients(named)))
    # What is said must not stand among the bytes of a backup that goes to standard output.
    to_errors = str(file) == "-"
    if as_json and not to_errors:
        say_json(taken)
        return
    click.echo(
        f"{file}: {counted(taken.entries, 'entry', 'entries')} with {counted(taken.blobs, 'blob', 'blobs')}, and "
        f"{counted(sum(taken.rows.values()), 'row', 'rows')} of accounts, contacts and answered requests.",
        err=to_errors,
    )
    click.echo(f"The signing key is not in it: keep a copy of {settings.keys_dir} apart.", err=to_errors)


@click.command(name="restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--identity",
    "key_file",
    type=click.Path(path_type=Path),
    required=True,
    help="The file with the secret half that `rochdale backup-key` wrote.",
)
@click.option("--check", is_flag=True, help="Read and check all of it, and write nothing.")
@click.option(
    "--memory-lost",
    is_flag=True,
    help="log.signed is lost for good: begin it anew. Without --continue-as, only if nothing was signed after this backup.",
)
@click.option(
    "--continue-as",
    "origin",
    metavar="ORIGIN",
    help="Signed entries are lost for good: let the log go on under this new origin, with a new key.",
)
@click.option(
    "--seen",
    type=click.File("rb"),
    help="With --continue-as: the newest checkpoint or receipt that anybody has.",
)
@in_json
@at_home
@click.pass_obj
def restore_command(  # noqa: PLR0913 - one for each option
    home: Path | None,
    *,
    file: Path,
    key_file: Path,
    check: bool,
    memory_lost: bool,
    origin: str | None,
    seen: BinaryIO | None,
    as_json: bool,
) -> None:
    """Restore the backup FILE into an empty database, wholly or not at all.

    The log's signing key has to be in its place first. A backup that ends before what the key has signed is refused: it lacks
    what was acknowledged to people. If those entries are lost for good, --continue-as lets the log go on in the open: an entry
    says for ever how many are lost, votes that were open are held again, and a new key signs.
    """
    settings, identities = settings_at(home), read_identities(key_file)
    if origin is None and seen is not None:
        raise click.UsageError("--seen says what is lost, and goes with --continue-as.")
    if check:
        held = told(run(examine(settings, file, identities, memory_lost=memory_lost)))
    elif origin is not None:
        held = run(
            restore_and_go_on(
                settings,
                file,
                identities,
                Loss(origin=origin, seen=None if seen is None else seen.read(), memory_lost=memory_lost),
                clock=now,
                randomness=secrets.token_bytes,
            )
        )
    else:
        held = run(restore(settings, file, identities, memory_lost=memory_lost))
    if as_json:
        say_json(held)
    else:
        _say(held, restored=not check)


def _say(held: Restored, *, restored: bool) -> None:
    click.echo(f"{plain(held.name)} {'is restored' if restored else 'can be read'}, as it was at {held.created}.")
    click.echo(f"Log          {plain(held.origin)}")
    click.echo(f"Entries      {held.entries:,}, the last of {held.last}")
    click.echo(f"Blobs        {held.blobs:,}")
    for table, rows in held.rows.items():
        click.echo(f"{table:<16} {counted(rows, 'row', 'rows')}")
    if held.missing:
        click.echo(
            f"{counted(held.missing, 'blob', 'blobs')} that the log names were lost before the backup was taken."
        )
    if held.continued is not None:
        _say_continued(held.continued)
    elif held.behind:
        click.echo(
            f"{counted(held.behind, 'entry', 'entries')} were signed since: this one could not be restored any more."
        )
    if restored:
        click.echo(
            "Everybody signs in again: sessions are in no backup. See whether all is well with `rochdale doctor`."
        )
    else:
        click.echo("Nothing was written.")


def _say_continued(continued: Continuation) -> None:
    lost = counted(continued.lost, "signed entry is", "signed entries are")
    click.echo(f"LOST         {lost} known to be lost. Entry {continued.seq} of the log says so, for ever.")
    click.echo(f"It goes on   as {plain(continued.origin)}, signed by {plain(continued.key)}")
    click.echo(f"Fingerprint  {fingerprint_of(continued.key)}")
    click.echo(
        "Tell every coop: what was lost, the new fingerprint, and that votes which were open are void and open again. Keep the "
        "key before, which lies beside the new one, as safe as that."
    )
