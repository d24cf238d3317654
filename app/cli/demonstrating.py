"""The demonstration: an invented federation that decides, and is served."""

import sys
from pathlib import Path

import click
from msgspec.structs import replace

from app.cli.group import at_home
from app.cli.serving import url_of
from app.demo.people import welcome
from app.demo.place import Place
from app.demo.story import run_demo
from app.settings import PORT


@click.command()
@click.option("--fresh", is_flag=True, help="Begin again, and forget what an earlier demo left.")
@click.option("--no-serve", is_flag=True, help="Stop when the log is verified.")
@click.option(
    "--port",
    type=click.IntRange(1, 65_535),
    metavar="PORT",
    default=PORT,
    show_default=True,
    help="The port to serve it at, for this machine only.",
)
@at_home
@click.pass_obj
def demo(home: Path | None, fresh: bool, no_serve: bool, port: int) -> None:  # noqa: FBT001 - click passes options so
    """Let an invented federation of 69 coops decide, verify its log offline, and serve it until Ctrl-C.

    It lives in ./demo-federation, apart from any real federation. A second time, it finds what the first left.
    """
    directory = home or Path("demo-federation")
    if no_serve:
        run_demo(directory, fresh=fresh, say=click.echo)
        return
    # Imported here: no other command waits for a web server to load.
    from app.server import address_of, serve  # noqa: PLC0415

    settings = replace(Place(directory).settings, port=port)
    address_of(settings)
    place = run_demo(directory, fresh=fresh, say=click.echo)
    with place.kept():
        for line in welcome(url_of(settings)):
            click.echo(line)
        sys.stdout.flush()
        sys.exit(serve(settings))
