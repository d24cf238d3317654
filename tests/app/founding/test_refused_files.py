import base64
import json
from pathlib import Path
from typing import Any

import pytest

from app.founding.charter_md import read_charter
from app.founding.coops_csv import read_coops
from app.founding.problems import FoundingFileRefused

VECTORS = Path(__file__).parents[2] / "vectors" / "founding"


def vectors(name: str) -> list[Any]:
    cases = json.loads((VECTORS / name).read_text("ascii"))
    return [pytest.param(case, id=case["description"]) for case in cases]


def content(case: dict[str, str]) -> bytes:
    return case["text"].encode() if "text" in case else base64.b64decode(case["base64"], validate=True)


@pytest.mark.parametrize("case", vectors("coops_refused.json"))
def test_a_wrong_table_of_coops_is_refused_with_all_its_problems(case: dict[str, Any]) -> None:
    with pytest.raises(FoundingFileRefused) as refused:
        read_coops(content(case), "file.csv")
    found = [{"code": p.code, "row": p.row, "column": p.column} for p in refused.value.problems]
    assert found == case["problems"]
    assert all(p.file == "file.csv" and p.detail.endswith((".", "…", "}")) for p in refused.value.problems)


@pytest.mark.parametrize("case", vectors("charter_refused.json"))
def test_a_wrong_charter_is_refused_with_all_its_problems(case: dict[str, Any]) -> None:
    with pytest.raises(FoundingFileRefused) as refused:
        read_charter(content(case), "file.md")
    assert [{"code": p.code, "row": p.row} for p in refused.value.problems] == case["problems"]
    assert all(p.file == "file.md" and p.column is None for p in refused.value.problems)


def test_a_file_over_five_mebibytes_is_refused_unread() -> None:
    data = b" " * (5 * 1024 * 1024 + 1)
    for read in (read_coops, read_charter):
        with pytest.raises(FoundingFileRefused) as refused:
            read(data)
        assert [problem.code for problem in refused.value.problems] == ["file_too_large"]


def test_a_table_of_over_20_000_coops_is_refused_unread() -> None:
    head = b"name,country,cooperators\n"
    with pytest.raises(FoundingFileRefused) as refused:
        read_coops(head + b"\n" + b"x,XX,0\n" * 20_001)
    assert [problem.code for problem in refused.value.problems] == ["too_many_rows"]
    with pytest.raises(FoundingFileRefused) as refused:
        read_coops(head + b"\n" + b"x,AR,0\n" * 20_000)
    assert len(refused.value.problems) == 20_000 + 19_999


def test_the_message_shows_the_first_problems_with_their_places_and_how_many_more_there_are() -> None:
    with pytest.raises(FoundingFileRefused) as refused:
        read_coops(b"name,country,cooperators\n" + b"".join(b"coop %d,AR,0\n" % number for number in range(7)))
    lines = refused.value.detail.splitlines()
    assert lines[0] == "coops.csv has problems (7), and nothing of it was taken over. Put right:"
    assert lines[1].strip() == (
        "coops.csv:2: cooperators: A coop has at least one worker-member. Write how many it has. [cooperators_zero]"
    )
    assert [line.strip() for line in lines[6:]] == ["and 2 more"]
    assert refused.value.code == "founding_file_refused"
    assert refused.value.title == "A founding file has problems, and nothing of it was taken over."


def test_the_message_leaves_out_what_a_problem_of_the_whole_file_does_not_have() -> None:
    with pytest.raises(FoundingFileRefused) as refused:
        read_coops(b"\0")
    assert str(refused.value.problems[0]).startswith("coops.csv: This is not a text file")
    assert "more" not in refused.value.detail


def test_a_bad_address_is_never_repeated() -> None:
    with pytest.raises(FoundingFileRefused) as refused:
        read_coops(b"name,country,cooperators,contact\nTejo,AR,0,private person@tejo.example\n")
    assert "private" not in refused.value.detail
    assert "private" not in repr(refused.value.problems)
