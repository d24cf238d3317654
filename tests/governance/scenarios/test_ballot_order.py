"""The order of ballots within a poll never changes its result."""

from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from governance.facts.polls import PollClosed
from governance.ids import CoopId, ProposalId
from tests.governance.acting import fork, leave, rules, support
from tests.governance.rules_at_random import VARIANTS
from tests.governance.world import DAY, Founded

COOPS = 8
PLAIN = [one for one in VARIANTS if one.matter == "resolution" and not one.early_close]
BALLOTS = st.lists(
    st.tuples(st.integers(1, COOPS), st.sampled_from(("yes", "no", "abstain", "block"))), unique_by=lambda one: one[0]
)


@cache
def opened(which: int) -> Founded:
    """An open poll under one of the rules."""
    world = Founded(
        COOPS,
        rules=rules(PLAIN[which]),
        categories=["full"] * 6 + ["observer"] * 2,
        cooperators=[2, 3, 5, 9, 30, 4, 7, 1],
    )
    proposal = world.submit()
    if world.stage(proposal) == "deliberation":
        support(world, proposal, 2)
        support(world, proposal, 3, "seconder")
    world.until_open(proposal)
    return world


def result(which: int, ballots: list[tuple[int, Any]], gone: int) -> PollClosed:
    world = fork(opened(which))
    poll = world.state.polls.get("p1.v1")
    for number, choice in ballots:
        if CoopId(f"c{number}") in poll.voters and (choice != "block" or poll.blocks):
            world.cast(poll.id, number, choice, reason="a" * 64)
    leave(world, gone)
    return world.until_closed(ProposalId("p1"))


@settings(max_examples=120, deadline=None)
@given(st.integers(0, len(PLAIN) - 1), BALLOTS, st.data())
def test_shuffled_ballots_give_the_same_result(which: int, ballots: list[tuple[int, Any]], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(ballots))
    gone = data.draw(st.integers(1, COOPS))
    assert result(which, ballots, gone) == result(which, shuffled, gone)


@settings(max_examples=60, deadline=None)
@given(BALLOTS, st.lists(st.integers(0, 3), max_size=4))
def test_of_ballots_that_were_changed_only_the_last_counts(ballots: list[tuple[int, Any]], before: list[int]) -> None:
    choices: tuple[Any, ...] = ("yes", "no", "abstain")
    world = fork(opened(0))
    for number, _ in ballots:
        for choice in before:
            if number <= 6:
                world.cast(world.poll_of(ProposalId("p1")), number, choices[choice % 3])
    for number, choice in ballots:
        if number <= 6 and choice != "block":
            world.cast(world.poll_of(ProposalId("p1")), number, choice)
    closed = world.until_closed(ProposalId("p1"))
    last = {number: choices[before[-1] % 3] for number, _ in ballots if number <= 6 and before}
    last |= {number: choice for number, choice in ballots if number <= 6 and choice != "block"}
    sums = closed.counts[0].sums["coops"]
    assert [sums.yes, sums.no, sums.abstain] == [sum(one == choice for one in last.values()) for choice in choices]


def test_there_are_rules_of_every_kind_among_those_tried() -> None:
    assert any(one.blocks for one in PLAIN)
    assert any(one.meanwhile == "excluded" for one in PLAIN)
    assert any(one.weighting.kind == "linear" for one in PLAIN)
    assert all(one.voting < 9 * DAY for one in PLAIN)
