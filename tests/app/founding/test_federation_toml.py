import json
from pathlib import Path
from typing import Any

import pytest

from app.founding.federation_toml import Founding, default_rulebook, read_founding
from app.founding.offices import OfficeHeld
from app.founding.problems import FoundingFileRefused
from app.founding.rulebook_toml import read_rulebook
from governance.ids import OfficeId
from governance.instants import Instant
from governance.mandate import Office

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors" / "founding" / "federation_refused.json").read_text("ascii")
)
NOW = Instant("2026-11-22T12:00:00.000000Z")
FILE = 'name = "Ours"\norigin = "ours.example/log"\nrulebook = "default"\n'
CHARTER = "# Values\n\n## Solidarity\n\nWe help.\n"
COOPS = "name,country,cooperators,contact\nTejo,AR,3,private@tejo.example\nCeibo,UY,4,\nLapacho,PY,5,\n"
OFFICE = '[[office]]\nid = "board"\ntitle = "Board"\nseats = 2\npowers = ["decide_urgently"]\n'
RULE = (
    '[[rule]]\nmatter = "{}"\ncalls = [{{}}]\nmajority = [{{ of = "yes+no", more_than = "1/2" }}]\n'
    'notice = "3 days"\nvoting = "4 days"\n'
)


def write(folder: Path, **files: str) -> Path:
    written = {"federation.toml": FILE, "charter.md": CHARTER, "coops.csv": COOPS}
    for name, text in (written | {name.replace("__", "."): text for name, text in files.items()}).items():
        (folder / name).write_text(text, "utf-8")
    return folder


def founding(folder: Path, text: str = FILE, **files: str) -> Founding:
    return read_founding(write(folder, federation__toml=text, **files), NOW)


def codes(path: Path) -> list[tuple[str, str]]:
    with pytest.raises(FoundingFileRefused) as refused:
        read_founding(path, NOW)
    return [(problem.file, problem.code) for problem in refused.value.problems]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["description"]) for case in VECTORS])
def test_a_wrong_founding_is_refused_with_all_problems_of_all_its_files(case: dict[str, Any], tmp_path: Path) -> None:
    folder = tmp_path / "founding"
    folder.mkdir()
    (tmp_path / "charter.md").write_text(CHARTER)
    for name, text in case["files"].items():
        (folder / name).write_text(text, "utf-8")
    with pytest.raises(FoundingFileRefused) as refused:
        read_founding(folder, NOW)
    found = [{"file": p.file, "code": p.code, "column": p.column} for p in refused.value.problems]
    assert found == case["problems"]
    assert "private" not in refused.value.detail


def test_a_founding_has_everything_that_its_files_say(tmp_path: Path) -> None:
    read = founding(tmp_path, FILE + OFFICE + 'holders = ["a@tejo.example", "b@tejo.example"]\n')
    shipped = read_rulebook(default_rulebook())
    assert (read.name, read.origin, read.rules, read.provisions) == (
        "Ours",
        "ours.example/log",
        shipped.rules,
        shipped.provisions,
    )
    assert read.offices == (Office(id=OfficeId("board"), title="Board", powers=("decide_urgently",), seats=2),)
    assert type(read.offices[0]) is Office
    assert read.holders == {"board": ("a@tejo.example", "b@tejo.example")}
    assert [article.id for article in read.charter.articles] == ["solidarity"]
    assert [coop.name for coop in read.coops.coops] == ["Tejo", "Ceibo", "Lapacho"]


def test_the_founding_file_itself_can_be_named_and_its_name_is_free(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "federation.toml").rename(tmp_path / "ours.toml")
    assert read_founding(tmp_path / "ours.toml", NOW).name == "Ours"
    assert codes(tmp_path) == [("federation.toml", "file_missing")]
    assert codes(tmp_path / "nowhere" / "ours.toml") == [("ours.toml", "file_missing")]


def test_other_files_can_be_named_and_lie_in_folders_below(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "values.md").write_text(CHARTER.replace("Solidarity", "Openness"))
    (tmp_path / "members.csv").write_text(COOPS.replace("Tejo", "Sauce"))
    text = 'charter = "texts/values.md"\ncoops = "members.csv"\n'
    read = founding(tmp_path, FILE + text)
    assert [article.id for article in read.charter.articles] == ["openness"]
    assert read.coops.coops[0].name == "Sauce"


def test_rules_provisions_and_offices_of_the_founding_file_stand_in_place_of_the_rulebooks(tmp_path: Path) -> None:
    shared = default_rulebook().decode() + OFFICE + '[[office]]\nid = "clerk"\ntitle = "Clerk"\n'
    text = (
        FILE.replace("default", "shared.toml")
        + '[provisions]\ncontest_window = "5 days"\n'
        + OFFICE.replace('"Board"', '"Council"')
        + RULE.format("resolution")
        + RULE.format("charter.article.solidarity")
    )
    read = founding(tmp_path, text, shared__toml=shared)
    rules = {str(rule.matter): rule for rule in read.rules}
    assert len(rules) == len(read.rules) == 16
    assert rules["resolution"].notice.days == rules["charter.article.solidarity"].notice.days == 3
    assert rules["admission"].notice.days == 14
    assert (read.provisions.contest_window.days, read.provisions.categories) == (5, ("full", "associate"))
    assert [office.title for office in read.offices] == ["Clerk", "Council"]


def test_inline_rules_on_every_kind_need_no_rulebook(tmp_path: Path) -> None:
    kinds = ("resolution", "admission", "membership", "charter", "rules")
    text = FILE.replace('rulebook = "default"\n', "") + "".join(RULE.format(kind) for kind in kinds)
    assert tuple(rule.matter for rule in founding(tmp_path, text).rules) == kinds


@pytest.mark.parametrize(
    "origin", ["ours.example/log", "ours.example", "localhost:8000/log", "a.b-c.example/2026/Log_1.x~y", "1.example/l"]
)
def test_origins_that_can_name_a_log(tmp_path: Path, origin: str) -> None:
    assert founding(tmp_path, FILE.replace("ours.example/log", origin)).origin == origin


def test_the_name_is_tidied(tmp_path: Path) -> None:
    assert founding(tmp_path, FILE.replace("Ours", " Our  own ")).name == "Our own"


def test_links_out_of_the_folder_are_not_followed_and_broken_ones_are_told(tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text(CHARTER)
    folder = tmp_path / "founding"
    folder.mkdir()
    write(folder)
    (folder / "charter.md").unlink()
    (folder / "charter.md").symlink_to(outside)
    assert codes(folder) == [("federation.toml", "path_outside")]
    (folder / "charter.md").unlink()
    (folder / "charter.md").symlink_to("charter.md")
    assert codes(folder)[0][1] in ("file_unreadable", "file_missing")
    (folder / "charter.md").unlink()
    (folder / "values.md").write_text(CHARTER)
    (folder / "charter.md").symlink_to("values.md")
    assert read_founding(folder, NOW).name == "Ours"


def test_a_file_over_five_mebibytes_is_refused(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "charter.md").write_bytes(b" " * (5 * 1024 * 1024 + 1))
    assert codes(tmp_path) == [("charter.md", "file_too_large")]


def test_the_message_speaks_of_the_founding_and_names_each_file(tmp_path: Path) -> None:
    write(tmp_path, coops__csv="name\n", charter__md="")
    with pytest.raises(FoundingFileRefused) as refused:
        read_founding(tmp_path, NOW)
    assert refused.value.detail.startswith("The founding has problems (5), and nothing of it was taken over.")
    assert {problem.file for problem in refused.value.problems} == {"charter.md", "coops.csv"}


def test_holders_and_contacts_are_in_no_representation(tmp_path: Path) -> None:
    read = founding(tmp_path, FILE + OFFICE + 'holders = ["private@tejo.example"]\n')
    assert "private" not in f"{read!r} {read.coops!r} {read.offices!r}"
    assert "private" not in repr(OfficeHeld(id=OfficeId("a"), title="A", holders=("private@tejo.example",)))
