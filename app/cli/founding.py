"""The command that begins something: a federation from its files."""

from pathlib import Path

import click

from app.cli.group import at_home, in_json, run, say_json, settings_at
from app.services.founding import Founded, found
from app.services.reporting import counted
from app.settings import Settings


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
