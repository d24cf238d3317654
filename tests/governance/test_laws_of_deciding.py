"""Decision 23: one more yes never turns carried into rejected, for every rule that passes when it is made."""

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.counting.scales import Voter, count
from governance.counting.tally import Choice, Tally
from governance.errors import Refusal
from governance.finding import evaluate
from governance.outcome import judge
from governance.requirement import Base, Counted, Requirement, check_majority
from tests.governance.ballots_at_random import CHOICES, MEASURES, cast, electorates, majorities, quorums, voter

F = Fraction
Ballots = tuple[Choice | None, ...]

FIVE = [
    voter(0, "AR", F(1), 3),
    voter(1, "AR", F(3, 2), 0),
    voter(2, "ES", F(2), 5),
    voter(3, "ES", F(1, 3), 1),
    voter(4, "UY", F(1), 2),
]


def every_tally(voters: list[Voter], present: list[str]) -> dict[Ballots, Tally]:
    tallies = {}
    for given_ in itertools.product((*CHOICES, None), repeat=len(voters)):
        ballots = {each.id: choice for each, choice in zip(voters, given_, strict=True) if choice is not None}
        tallies[given_] = count(voters, ballots, present)
    return tallies


TALLIES = every_tally(FIVE[:4], ["c0", "c2", "c3"])


def with_one_more_yes(given_: Ballots) -> Iterator[Ballots]:
    for place, choice in enumerate(given_):
        if choice != "yes":
            yield (*given_[:place], "yes", *given_[place + 1 :])


def breaks_the_law(requirement: Requirement, tallies: dict[Ballots, Tally]) -> bool:
    held = {given_ for given_, tally in tallies.items() if evaluate(requirement, tally, default="yes").held}
    return any(more not in held for given_ in held for more in with_one_more_yes(given_))


def every_requirement(counts: Counted) -> Iterator[Requirement]:
    bases: tuple[Base, ...] = ("entitled", "present", "ballots", "yes+no")
    for measure, of in itertools.product(MEASURES, bases):
        for share in (F(1, 3), F(1, 2), F(2, 3), F(1)):
            for name in ("at_least", "more_than", "at_most", "fewer_than"):
                fields: dict[str, Any] = {name: share}
                yield Requirement(counts=counts, measure=measure, of=of, **fields)
        for number in range(3):
            yield Requirement(counts=counts, measure=measure, of=of, all_but=number)
    for measure, number in itertools.product(MEASURES, range(4)):
        for name in ("at_least_number", "more_than_number", "at_most_number", "fewer_than_number"):
            fields = {name: F(number)}
            yield Requirement(counts=counts, measure=measure, **fields)


def passes(requirement: Requirement) -> bool:
    try:
        check_majority([requirement], blocks=True, assembly=True)
    except Refusal:
        return False
    return True


@pytest.mark.parametrize("counts", ["yes", "yes+abstain", "no", "block", "not_yes"])
def test_no_single_requirement_breaks_it_on_any_ballots_of_four_coops(counts: Counted) -> None:
    legal = [requirement for requirement in every_requirement(counts) if passes(requirement)]
    assert len(legal) > 80
    assert [requirement for requirement in legal if breaks_the_law(requirement, TALLIES)] == []


@pytest.mark.parametrize(
    "requirement",
    [
        Requirement(counts="yes+abstain", at_least=F(1), of="yes+no"),
        Requirement(counts="yes+abstain", at_least=F(1), of="yes+no", measure="countries"),
        Requirement(counts="not_yes", at_most=F(1, 3), of="yes+no", measure="countries"),
        Requirement(counts="block", at_most=F(1, 2), of="yes+no", measure="countries"),
    ],
)
def test_what_is_refused_for_its_base_would_break_it(requirement: Requirement) -> None:
    assert not passes(requirement)
    assert breaks_the_law(requirement, every_tally([FIVE[0], FIVE[1], FIVE[2], FIVE[4]], []))


@settings(max_examples=400)
@given(st.data(), quorums, majorities)
def test_one_more_yes_never_turns_carried_into_anything_else(
    data: st.DataObject, quorum: list[Requirement], majority: list[Requirement]
) -> None:
    voters = data.draw(electorates())
    ballots = data.draw(cast(voters))
    present = [each.id for each in voters if data.draw(st.booleans())]
    if judge(count(voters, ballots, present), quorum, majority).status == "carried":
        for each in voters:
            assert judge(count(voters, {**ballots, each.id: "yes"}, present), quorum, majority).status == "carried"


@given(st.data(), quorums, majorities)
def test_the_order_of_ballots_never_changes_an_outcome(
    data: st.DataObject, quorum: list[Requirement], majority: list[Requirement]
) -> None:
    voters = data.draw(electorates())
    ballots = data.draw(cast(voters))
    turned = dict(reversed(ballots.items()))
    one = judge(count(voters, ballots, []), quorum, majority)
    assert judge(count(voters[::-1], turned, []), quorum, majority) == one
