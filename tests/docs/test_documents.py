"""Documents say what the code says: commands, settings, codes, record types, rules and powers."""

import ast
import importlib
import json
import pkgutil
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

import click
import pytest
from click.testing import CliRunner

import app
import governance
from app.cli import main
from app.cli.group import PLACES
from app.founding.columns import _WORDS
from app.founding.federation_toml import default_rulebook
from app.founding.rulebook_toml import read_rulebook
from app.settings import SETTINGS
from governance.errors import RochdaleError
from governance.facts.registry import FACTS
from governance.mandate import Power
from governance.proposal import LapseReason
from governance.protocol import PROTOCOL
from governance.records import Record, read_record, write_record
from governance.rule import Rule
from governance.state import StepKind

Read = Callable[[str], str]
COMMANDS = ["", *PLACES]
SPECIFICATION = "docs/log-specification.md"


def test_there_are_commands_to_document() -> None:
    assert {"found", "demo", "key", "rebuild", "bundle", "verify"} <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_md_shows_the_help_of_each_command(name: str, read: Read) -> None:
    wanted = [*([name] if name else []), "--help"]
    shown = CliRunner().invoke(main, wanted, prog_name="rochdale", terminal_width=78)  # as on a terminal of 80 columns
    assert f"```text\n{shown.output.rstrip()}\n```" in read("docs/commands.md")


def test_commands_md_shows_nothing_else(read: Read) -> None:
    assert read("docs/commands.md").count("```text\n") == len(COMMANDS)


def test_every_option_is_in_commands_md(read: Read) -> None:
    shown = read("docs/commands.md")
    made = (main.get_command(click.Context(main), name) for name in PLACES)
    for command in (main, *(one for one in made if one is not None)):
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert all(option in shown for option in parameter.opts), parameter


def test_settings_md_has_every_setting_and_no_other(read: Read) -> None:
    rows = re.findall(r"^\| `(ROCHDALE_[A-Z_]+)` \|", read("docs/settings.md"), re.MULTILINE)
    assert sorted(rows) == sorted(SETTINGS)


def test_no_document_names_a_setting_that_there_is_not(root: Path) -> None:
    for file in _documents(root):
        for name in re.findall(r"`(ROCHDALE_[A-Z_]*[A-Z])\b", file.read_text(encoding="utf-8")):
            assert name in SETTINGS, (file, name)


def test_errors_md_has_every_code_with_its_title_and_no_other(read: Read) -> None:
    rows = re.findall(r"^\| `([a-z0-9_]+)` \| (.+?) \| .+ \|$", read("docs/errors.md"), re.MULTILINE)
    titles = {each.code: str(each.__doc__).strip().splitlines()[0] for each in _errors()}
    assert len(rows) == len({code for code, _ in rows})
    assert dict(rows) == titles


def test_every_code_belongs_to_one_class() -> None:
    codes = [each.code for each in _errors()]
    assert sorted(codes) == sorted(set(codes))


def test_founding_md_has_every_problem_that_files_can_have(root: Path, read: Read) -> None:
    own = {each.code for each in _errors()}
    listed = set(re.findall(r"`([a-z0-9_]+)`", read("docs/founding.md").split("## All problems of founding files")[1]))
    found = set(_problem_codes(root)) - own
    assert found <= listed, found - listed
    rows = re.findall(r"^\| (`.+?`) \| ", read("docs/founding.md").split("## All problems")[1], re.MULTILINE)
    assert {code for row in rows for code in re.findall(r"`([a-z0-9_]+)`", row)} <= found | own


def test_founding_md_has_every_column(read: Read) -> None:
    shown = read("docs/founding.md")
    assert all(re.search(rf"\b{word}\b", shown) for word in _WORDS)


@pytest.mark.parametrize("name", [name for name, _ in FACTS])
def test_the_specification_has_every_record_type_with_its_fields(name: str, read: Read) -> None:
    sections = [each for each in _sections(read(SPECIFICATION)) if each.startswith(f"#### `{name}`\n")]
    assert len(sections) == 1
    fields = {field for (known, _), fact in FACTS.items() if known == name for field in fact.__struct_fields__}
    items = "\n".join(line for line in sections[0].splitlines() if line.startswith(("- ", "  ")))
    named = set(re.findall(r"`([a-z0-9_]+)`", items))
    assert fields <= named, fields - named


def test_the_specification_has_no_other_record_type(read: Read) -> None:
    shown = re.findall(r"^#### `([a-z_.]+)`$", read(SPECIFICATION), re.MULTILINE)
    assert sorted(shown) == sorted(name for name, _ in FACTS)


def test_the_specification_is_of_the_version_that_is_written(read: Read) -> None:
    assert {version for _, version in FACTS} == {PROTOCOL} == {1}
    assert "All\nare in version 1." in read(SPECIFICATION)


def test_the_specification_has_the_envelope_the_steps_the_lapse_reasons_and_the_fields_of_rules(read: Read) -> None:
    shown = read(SPECIFICATION)
    words = [*Record.__struct_fields__, *get_args(StepKind), *get_args(LapseReason), *get_args(Power)]
    for word in (*words, *Rule.__struct_fields__):
        assert f"`{word}`" in shown, word


def test_the_example_of_the_specification_is_an_entry(read: Read) -> None:
    (example,) = re.findall(r"```json\n(.+?)\n```", read(SPECIFICATION))
    assert write_record(read_record(example.encode())) == example.encode()


def test_the_table_of_powers_has_every_record_type_and_every_power(read: Read) -> None:
    shown = read("docs/decisions/0005-powers.md")
    for word in (*(name for name, _ in FACTS), *get_args(Power)):
        assert f"`{word}`" in shown, word


def test_decision_rules_md_has_every_field_of_a_rule_every_default_rule_and_every_statute(
    root: Path, read: Read
) -> None:
    shown = read("docs/decision-rules.md")
    for field in Rule.__struct_fields__:
        assert f"`{field}`" in shown, field
    table = shown.split("## Default rulebook")[1].split("## Rules of others")[0]
    for rule in read_rulebook(default_rulebook()).rules:
        kind, _, narrow = rule.matter.partition(".")
        assert f"`{rule.matter}`" in table or (f"`{kind}`" in table and f"`.{narrow}`" in table), rule.matter
    files = {file.name for file in (root / "app/founding/presets/statutes").glob("*.toml")}
    assert set(re.findall(r"^\| `([a-z0-9-]+\.toml)` \|", shown, re.MULTILINE)) == files


def _documents(root: Path) -> list[Path]:
    return sorted([*root.glob("*.md"), *root.glob("docs/**/*.md")])


def _sections(text: str) -> list[str]:
    return re.split(r"^(?=#{2,4} )", text, flags=re.MULTILINE)


def _errors() -> list[type[RochdaleError]]:
    """Every refusal that has a code of its own."""
    for package in (governance, app):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    found: list[type[RochdaleError]] = [RochdaleError, *_below(RochdaleError)]
    return [each for each in found if "code" in vars(each)]


def _below(parent: type[RochdaleError]) -> Iterator[type[RochdaleError]]:
    for child in parent.__subclasses__():
        if child.__module__.partition(".")[0] in ("governance", "app"):
            yield child
            yield from _below(child)


def _problem_codes(root: Path) -> Iterator[str]:
    """Codes of problems: those in the vectors, and those that the readers write as they refuse."""
    for vectors in (root / "tests/vectors/founding").glob("*_refused.json"):
        for vector in json.loads(vectors.read_text(encoding="utf-8")):
            yield from (problem["code"] for problem in vector["problems"])
    for file in (root / "app/founding").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in ("refuse", "CellRefused"):
                given = [one.value for one in node.args if isinstance(one, ast.Constant)]
                # The code comes right before the sentences, which have spaces.
                yield from (one for one in given if isinstance(one, str) and re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", one))


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
