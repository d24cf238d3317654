"""Openings and closings that the rules do not give are found: rolls, texts, deadlines, counts and results."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import msgspec
import pytest

from governance.facts import polls
from governance.ids import CoopId, HashText, PollId
from governance.instants import later
from governance.records import Record
from governance.value import Value
from tests.governance.acting import MINUTE
from tests.governance.forging import altered, first_illegal, index_of
from tests.governance.rich import rich_world
from tests.governance.world import DAY

WORLD = rich_world()
LOG = WORLD.records
OPENED = index_of(LOG, polls.PollOpened)
CLOSED = index_of(LOG, polls.PollClosed)
MEASURES = ("coops", "weight", "cooperators", "countries")


def changed(**fields: Any) -> Callable[[Value], Value]:
    return lambda body: msgspec.structs.replace(body, **fields)


def found(records: list[Record]) -> tuple[int, str]:
    illegal = first_illegal(records, WORLD.blobs)
    assert illegal is not None
    return illegal


OPENINGS: list[dict[str, Any]] = [
    {"closes": later(LOG[OPENED].at, DAY)},
    {"text": HashText("0" * 64)},
    {"rule": "resolution/1"},
    {"call": 2},
    {"purpose": "confirmation"},
    {"poll": PollId("p1.v2")},
    {"due": later(LOG[OPENED].at, -MINUTE)},
    {"rolls": ()},
]


@pytest.mark.parametrize("fields", OPENINGS)
def test_an_opening_that_the_rules_do_not_give_is_found(fields: dict[str, Any]) -> None:
    assert found(altered(LOG, OPENED, changed(**fields)))[0] == OPENED


@pytest.mark.parametrize("fields", [{"electorate": "0" * 64}, {"heads": 8}, {"version": 2}, {"matter": "rules"}])
def test_an_altered_roll_is_found(fields: dict[str, Any]) -> None:
    body = LOG[OPENED].body
    assert isinstance(body, polls.PollOpened)
    rolls = (msgspec.structs.replace(body.rolls[0], **fields), *body.rolls[1:])
    assert found(altered(LOG, OPENED, changed(rolls=rolls)))[0] == OPENED


def counts_with(**fields: Any) -> dict[str, Any]:
    body = LOG[CLOSED].body
    assert isinstance(body, polls.PollClosed)
    return {"counts": (msgspec.structs.replace(body.counts[0], **fields), *body.counts[1:])}


def sums_with(measure: str, **fields: Any) -> dict[str, Any]:
    body = LOG[CLOSED].body
    assert isinstance(body, polls.PollClosed)
    sums = body.counts[0].sums
    changed_sums = {name: getattr(sums[measure], name) + number for name, number in fields.items()}
    return counts_with(sums={**sums, measure: msgspec.structs.replace(sums[measure], **changed_sums)})


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "rejected"},
        {"status": "no_quorum"},
        counts_with(status="rejected"),
        counts_with(no_show=True),
        counts_with(counting="yes_no_abstain/2"),
        counts_with(matter="rules"),
        {"counts": ()},
        {"changed": (CoopId("c1"),)},
        {"poll": PollId("p2.v1")},
        {"due": LOG[CLOSED - 1].at},
        *(sums_with(measure, **{name: 1}) for measure in MEASURES for name in ("yes", "no", "abstain", "block", "entitled")),
        sums_with("cooperators", yes=Fraction(1, 10**9)),
    ],
)  # fmt: skip
def test_a_count_that_is_off_by_anything_is_found(fields: dict[str, Any]) -> None:
    assert found(altered(LOG, CLOSED, changed(**fields)))[0] == CLOSED
