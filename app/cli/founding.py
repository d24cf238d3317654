"""Commands that begin something: a federation from its files, and the demonstration."""

import sys
from pathlib import Path

import click
from msgspec.structs import replace

from app.cli.group import at_home, in_json, run, say_json, settings_at
from app.cli.serving import url_of
from app.demo.people import welcome
from app.demo.place import Place
from app.demo.story import run_demo
from app.services.founding import Founded, found
from app.services.reporting import counted
from app.settings import PORT, Settings


@click.command(name="found")
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@in_json
@at_home
@click.pass_obj
def found_command(home: Path | None, folder: Path, as_json: bool) -> None:  # noqa: FBT001 - click passes options so
    """Found a federation from the files in FOLDER.

    FOLDER holds federation.toml (name, log origin, offices, rulebook), the charter in Markdown and the coops as CSV. Every
    problem of every file is said at once, and nothing is founded until there is none.
    """
    settings = settings_at(home)
    founded = run(found(folder, settings))
    if as_json:
        say_json(founded)
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
