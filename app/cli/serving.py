"""Commands for serving: the service itself, and whether it is well."""

import sys
from pathlib import Path

import click
from msgspec.structs import replace

from app.cli.group import at_home, run, settings_at
from app.refusing import FAILED
from app.services.asking_health import ask
from app.services.preparing import prepare
from app.settings import MOST_WORKERS, Settings

at_address = click.option("--host", metavar="ADDRESS", help="The address to listen at, whatever ROCHDALE_HOST says.")
at_port = click.option(
    "--port", type=click.IntRange(1, 65_535), metavar="PORT", help="The port to listen at, whatever ROCHDALE_PORT says."
)


@click.command(name="serve")
@at_address
@at_port
@click.option(
    "--workers",
    type=click.IntRange(1, MOST_WORKERS),
    metavar="N",
    help="How many processes serve, whatever ROCHDALE_WORKERS says.",
)
@at_home
@click.pass_obj
def serve_command(home: Path | None, host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the federation over HTTP, until SIGTERM or Ctrl-C.

    The database is brought to this version first. On a signal running requests are finished and what was asked is
    recorded; a second signal ends everything at once. A process that is killed is begun again.
    """
    # Imported here: no other command waits for a web server to load.
    from app.server import address_of, serve  # noqa: PLC0415

    chosen = {"host": host, "port": port, "workers": workers}
    settings = replace(settings_at(home), **{name: value for name, value in chosen.items() if value is not None})
    address_of(settings)
    for migration in run(prepare(settings)):
        click.echo(f"The database was changed by the migration {migration}.", err=True)
    click.echo(f"Rochdale is served at {url_of(settings)}.", err=True)
    sys.exit(serve(settings))


@click.command()
@at_address
@at_port
@click.option(
    "--wait", type=click.IntRange(0, 600), default=0, metavar="SECONDS", help="How long to try again, if it is not."
)
@at_home
@click.pass_obj
def health(home: Path | None, host: str | None, port: int | None, wait: int) -> None:
    """Ask the service that runs here whether it is ready.

    Exit status 0 if something could be recorded now, 1 if not.
    """
    chosen = {"host": host, "port": port}
    settings = replace(settings_at(home), **{name: value for name, value in chosen.items() if value is not None})
    status, said = run(ask(settings, wait))
    click.echo(said, err=not status)
    sys.exit(0 if status else FAILED)


def url_of(settings: Settings) -> str:
    """Where the service is reached from this machine."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"
