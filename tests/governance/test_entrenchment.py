"""Entrenchment: a rule changes only by the rule on rules and by its own present rule, whatever way round is tried."""

from datetime import timedelta

import pytest

from governance.effect import (
    Effect,
    Resolve,
    SetOffice,
    SetProvisions,
)
from governance.rulebook import needs_for, rules_for
from tests.governance.acting import rules
from tests.governance.changing import OFFICE, PROVISIONS, changes, setting, striking
from tests.governance.world import DAY, Founded, rule

BOTH = changes(setting(rule("resolution"), 1), setting(rule("membership.expel"), 1))


def under(world: Founded, effect: Effect) -> list[str]:
    return [pinned.matter for pinned in rules_for(world.state, effect)]


@pytest.fixture(scope="module")
def world() -> Founded:
    """A federation that no test changes."""
    return Founded(5, rules=rules(rule("membership.expel"), rule("charter.article.democracy")))


@pytest.mark.parametrize(
    ("effect", "matters"),
    [
        (changes(setting(rule("rules"), 1)), ["rules"]),
        (changes(setting(rule("charter"), 1)), ["charter", "rules"]),
        (changes(setting(rule("charter.article.democracy"), 1)), ["charter.article.democracy", "rules"]),
        (changes(striking("charter.article.democracy")), ["charter.article.democracy", "rules"]),
        (changes(setting(rule("charter.article.mission"))), ["charter", "rules"]),
        (changes(setting(rule("membership.suspend"))), ["membership", "rules"]),
        (changes(setting(rule("rules.provisions"))), ["rules"]),
        (changes(SetProvisions(provisions=PROVISIONS, base=1)), ["rules"]),
        (changes(SetOffice(office=OFFICE)), ["rules"]),
        (BOTH, ["membership.expel", "resolution", "rules"]),
    ],
)  # fmt: skip
def test_changing_a_rule_falls_under_the_rule_on_rules_and_its_present_rule(
    world: Founded, effect: Effect, matters: list[str]
) -> None:
    assert under(world, effect) == matters


def test_the_rules_on_provisions_and_offices_are_asked_where_there_are_any() -> None:
    world = Founded(5, rules=rules(rule("rules.provisions"), rule("rules.offices")))
    assert under(world, changes(SetProvisions(provisions=PROVISIONS, base=1))) == ["rules.provisions"]
    both = changes(SetOffice(office=OFFICE), setting(rule("resolution"), 1))
    assert under(world, both) == ["resolution", "rules", "rules.offices"]


def test_a_change_of_several_rules_needs_the_most_that_any_of_them_asks_for() -> None:
    world = Founded(
        6,
        rules=rules(
            rule("resolution", sponsors=3, notice=timedelta()),
            rule("charter", seconders=2, notice=30 * DAY),
            rule("rules", requisition=None),
        ),
    )
    needs = needs_for(world.state, changes(setting(rule("resolution"), 1), setting(rule("charter"), 1)))
    assert (needs.sponsors, needs.seconders, needs.notice, needs.requisition) == (3, 2, 30 * DAY, None)
    assert needs_for(world.state, Resolve()).requisition is not None
