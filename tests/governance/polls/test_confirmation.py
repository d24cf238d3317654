"""Confirmation because the rule says so: a second vote after the first, with its own requirements and period."""

from fractions import Fraction

import pytest

from governance.effect import Resolve
from governance.facts.polls import PollOpened
from governance.ids import ProposalId
from governance.instants import later
from governance.requirement import Requirement
from governance.rule import Call, Confirmation
from tests.governance.acting import QUICK, proposal_of, rules, set_rule, standing, sums, void
from tests.governance.world import DAY, Founded, more_than, quorum, rule

OF_ALL = Requirement(of="entitled", more_than=Fraction(1, 2))
MERGER = rule(
    "resolution.merge",
    calls=(Call(quorum=(quorum(Fraction(1, 2)),)),),
    majority=(Requirement(of="yes+no", at_least=Fraction(3, 4)), OF_ALL),
    confirmation=Confirmation(
        majority=(more_than(),), after=30 * DAY, voting=5 * DAY, quorum=(quorum(Fraction(1, 5)),)
    ),
    waiting=9 * DAY,
)


def carried(world: Founded) -> ProposalId:
    """A merger that is carried and waits to be confirmed."""
    proposal = world.submit(Resolve(narrowing="merge"))
    world.until_open(proposal)
    world.vote(proposal, yes=range(1, 7), no=(7, 8))
    assert world.until_closed(proposal).status == "carried"
    return proposal


def test_it_opens_after_its_wait_with_its_own_period_quorum_and_majority() -> None:
    world = Founded(10, rules=rules(MERGER))
    proposal = carried(world)
    due = later(world.now, 30 * DAY)
    assert (world.stage(proposal), proposal_of(world, proposal).purpose) == ("between_polls", "confirmation")
    world.wait(30 * DAY)
    opened = world.last(PollOpened)
    assert (opened.purpose, opened.call, opened.due, opened.closes) == ("confirmation", 1, due, later(due, 5 * DAY))
    world.vote(proposal, yes=(1, 2))
    assert world.until_closed(proposal).status == "carried"
    assert (world.stage(proposal), proposal_of(world, proposal).confirmed) == ("waiting", True)
    world.wait(9 * DAY)
    assert world.stage(proposal) == "in_force"


@pytest.mark.parametrize(("yes", "no", "status"), [(1, 0, "no_quorum"), (2, 2, "tied"), (2, 3, "rejected")])
def test_not_confirmed_it_falls_without_a_further_call(yes: int, no: int, status: str) -> None:
    world = Founded(10, rules=rules(MERGER))
    proposal = carried(world)
    world.wait(30 * DAY)
    world.vote(proposal, yes=range(1, 1 + yes), no=range(6, 6 + no))
    assert world.until_closed(proposal).status == status
    assert (world.stage(proposal), world.state.next_due) == ("rejected", None)


def test_what_was_not_carried_is_not_confirmed() -> None:
    world = Founded(10, rules=rules(MERGER))
    proposal = world.submit(Resolve(narrowing="merge"))
    world.until_open(proposal)
    world.vote(proposal, yes=range(1, 6), no=(7,))
    assert world.until_closed(proposal).status == "rejected"
    assert world.stage(proposal) == "rejected"


def test_the_rule_is_pinned_from_the_first_vote_and_the_electorate_taken_anew() -> None:
    world = Founded(10, rules=rules(MERGER, *QUICK))
    change = world.submit(set_rule(world, rule("resolution.merge", notice=DAY)))
    for _ in range(2):
        world.until_open(change)
        world.vote(change, yes=range(1, 11))
        if world.last(PollOpened).purpose == "decision":
            world.until_closed(change)
            world.wait(26 * DAY)
    proposal = world.submit(Resolve(narrowing="merge"))
    world.until_open(proposal)
    world.vote(proposal, yes=range(1, 9))
    assert world.stage(change) == "waiting"
    world.until_closed(proposal)
    world.wait(20 * DAY)
    assert world.state.rules.get("resolution.merge").version == 2
    standing(world, 10, good=False)
    world.until_open(proposal)
    opened = world.last(PollOpened)
    assert (opened.purpose, opened.rule, opened.rolls[0].heads) == ("confirmation", "resolution.merge/1", 9)
    world.vote(proposal, yes=(1, 2))
    assert sums(world.until_closed(proposal), "entitled") == [9]


def test_a_voided_confirmation_is_held_again_as_one() -> None:
    world = Founded(10, rules=rules(MERGER))
    proposal = carried(world)
    world.wait(30 * DAY)
    void(world, world.poll_of(proposal))
    world.until_open(proposal)
    opened = world.last(PollOpened)
    assert (opened.poll, opened.purpose, opened.call) == ("p1.v3", "confirmation", 1)


def test_under_several_rules_one_that_asks_for_confirmation_is_enough_and_the_others_judge_by_their_first_call() -> (
    None
):
    confirming = rule("rules", confirmation=Confirmation(majority=(OF_ALL,), after=5 * DAY, voting=3 * DAY))
    world = Founded(10, rules=rules(confirming))
    proposal = world.submit(set_rule(world, rule("resolution")))
    world.until_open(proposal)
    world.vote(proposal, yes=range(1, 7))
    world.until_closed(proposal)
    world.wait(5 * DAY)
    opened = world.last(PollOpened)
    assert (opened.purpose, opened.closes) == ("confirmation", later(world.now, 7 * DAY))
    poll = world.state.polls.get(opened.poll)
    assert [(one.pinned.matter, one.quorum, one.majority) for one in poll.judged] == [
        ("resolution", (quorum(Fraction(1, 3)),), (more_than(),)),
        ("rules", (), (OF_ALL,)),
    ]
    world.vote(proposal, yes=range(1, 6))
    assert world.until_closed(proposal).status == "rejected"


def test_of_several_confirmations_the_longest_wait_counts() -> None:
    soon = Confirmation(majority=(more_than(),), after=5 * DAY, voting=3 * DAY)
    late = Confirmation(majority=(more_than(),), after=9 * DAY, voting=DAY)
    for first, second in ((soon, late), (late, soon)):
        confirmed = (rule("resolution", confirmation=first), rule("rules", confirmation=second))
        world = Founded(10, rules=rules(*confirmed))
        proposal = world.submit(set_rule(world, rule("resolution")))
        world.until_open(proposal)
        world.vote(proposal, yes=range(1, 7))
        world.until_closed(proposal)
        assert world.state.next_due == later(world.now, 9 * DAY)
