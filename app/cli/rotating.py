"""The command that gives the log another key."""

from pathlib import Path

import click

from app.cli.group import at_home, run, settings_at
from app.services.reporting import plain
from app.services.rotating import rotate_log_key
from governance.report import fingerprint_of


@click.command(name="rotate-log-key")
@at_home
@click.pass_obj
def rotate_log_key_command(home: Path | None) -> None:
    """Make a new key, and let it sign the log from here on, under the same origin.

    Stop the service everywhere first. An entry that both keys sign says so, and for thirty days checkpoints carry the signature
    of the key before as well. If it was broken off, give it again, or start the service: either brings it to its end.
    """
    rotation = run(rotate_log_key(settings_at(home)))
    click.echo(f"Key          {plain(rotation.key)}")
    click.echo(f"Fingerprint  {fingerprint_of(rotation.key)}")
    click.echo(
        f"It signs the log since entry {rotation.seq:,}; the key before signs as well until {rotation.window_until[:16]}Z."
    )
    click.echo("Give it to every node, start the service, take a backup, and tell everybody the new fingerprint.")
