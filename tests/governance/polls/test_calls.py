"""Further calls: half, then a quarter, then any; the rule stays the first call's, the electorate is taken anew."""

from fractions import Fraction

import pytest

from governance.commands.register import GiveMandate
from governance.effect import Admit
from governance.facts.polls import PollOpened
from governance.ids import CoopId
from governance.instants import later
from governance.rule import Call
from tests.governance.acting import QUICK, SECOND, decree, refused, rules, set_rule, standing, sums
from tests.governance.world import DAY, Founded, quorum, rule

THREE = (
    Call(quorum=(quorum(Fraction(1, 2)),)),
    Call(quorum=(quorum(Fraction(1, 4)),), after=3 * DAY),
    Call(after=5 * DAY),
)
CALLED = rule("resolution", calls=THREE)


@pytest.mark.parametrize(("ballots", "status"), [(7, "no_quorum"), (8, "carried")])
def test_the_first_call_needs_half_of_sixteen_exactly(ballots: int, status: str) -> None:
    world = Founded(16, rules=rules(CALLED))
    proposal = world.submit()
    world.until_open(proposal)
    world.vote(proposal, yes=range(1, ballots + 1))
    assert world.until_closed(proposal).status == status


def test_half_then_a_quarter_then_any_each_after_its_wait() -> None:
    world = Founded(16, rules=rules(CALLED))
    proposal = world.submit()
    polls = [world.until_open(proposal)]
    world.vote(proposal, yes=range(1, 8))
    assert world.until_closed(proposal).status == "no_quorum"
    closed = world.now
    assert world.stage(proposal) == "between_polls"
    world.wait(3 * DAY - SECOND)
    assert world.stage(proposal) == "between_polls"
    world.wait(SECOND)
    polls.append(world.poll_of(proposal))
    assert (world.last(PollOpened).call, world.last(PollOpened).due) == (2, later(closed, 3 * DAY))
    world.vote(proposal, yes=range(1, 4))
    assert world.until_closed(proposal).status == "no_quorum"
    world.wait(5 * DAY)
    polls.append(world.poll_of(proposal))
    assert (polls, world.last(PollOpened).call) == (["p1.v1", "p1.v2", "p1.v3"], 3)
    world.vote(proposal, yes=(1,))
    assert world.until_closed(proposal).status == "carried"
    assert world.stage(proposal) == "in_force"


def test_after_the_last_call_without_quorum_it_is_rejected() -> None:
    world = Founded(16, rules=rules(rule("resolution", calls=THREE[:2])))
    proposal = world.submit()
    for _ in range(2):
        world.until_open(proposal)
        assert world.until_closed(proposal).status == "no_quorum"
    assert (world.stage(proposal), world.state.next_due) == ("rejected", None)


def test_with_its_quorum_and_no_majority_it_is_rejected_without_a_further_call() -> None:
    for yes, no, status in ((range(1, 5), range(5, 10), "rejected"), (range(1, 5), range(5, 9), "tied")):
        world = Founded(16, rules=rules(CALLED))
        proposal = world.submit()
        world.until_open(proposal)
        world.vote(proposal, yes=yes, no=no)
        assert world.until_closed(proposal).status == status
        assert world.stage(proposal) == "rejected"


def test_ballots_of_an_earlier_call_do_not_count_in_the_next() -> None:
    world = Founded(16, rules=rules(CALLED))
    proposal = world.submit()
    world.until_open(proposal)
    world.vote(proposal, yes=range(1, 8))
    world.until_closed(proposal)
    world.until_open(proposal)
    assert len(world.state.ballots) == 0
    world.vote(proposal, no=(1,))
    assert sums(world.until_closed(proposal), "yes", "no") == [0, 1]


def test_who_is_admitted_while_a_poll_is_open_has_no_vote_in_it_and_one_in_the_next_call() -> None:
    world = Founded(16, rules=rules(CALLED, *QUICK))
    proposal = world.submit()
    first = world.until_open(proposal)
    steward, delegate = world.mandate(), world.mandate()
    decree(
        world, Admit(name="Newcomers", country="UY", category="full", cooperators=4, steward=steward), yes=range(1, 13)
    )
    world.ask(GiveMandate(mandate=delegate, role="delegate"), steward)
    world.delegates[CoopId("c17")] = delegate
    with refused("not_on_roll"):
        world.cast(first, 17)
    assert sums(world.until_closed(proposal), "entitled") == [16]
    second = world.until_open(proposal)
    world.cast(second, 17)
    assert sums(world.until_closed(proposal), "entitled", "yes") == [17, 1]


def test_good_standing_is_looked_at_anew_at_each_call() -> None:
    world = Founded(16, rules=rules(CALLED))
    proposal = world.submit()
    world.until_open(proposal)
    standing(world, 3, good=False)
    assert sums(world.until_closed(proposal), "entitled") == [16]
    second = world.until_open(proposal)
    with refused("not_on_roll"):
        world.cast(second, 3)
    assert sums(world.until_closed(proposal), "entitled") == [15]


def test_a_rule_change_carried_meanwhile_changes_nothing_in_the_open_poll_nor_in_its_later_calls() -> None:
    changed = rule("resolution", calls=(Call(),), voting=DAY, notice=DAY, waiting=9 * DAY)
    world = Founded(16, rules=rules(CALLED, *QUICK))
    change = world.submit(set_rule(world, changed))
    world.wait(5 * DAY)
    proposal = world.submit()
    world.until_open(change)
    world.vote(change, yes=range(1, 17))
    world.until_open(proposal)
    world.wait(6 * DAY)
    assert (world.state.rules.get("resolution").version, world.stage(proposal)) == (2, "voting")
    world.vote(proposal, yes=range(1, 4))
    assert world.until_closed(proposal).status == "no_quorum"
    world.wait(3 * DAY)
    opened = world.last(PollOpened)
    assert (opened.call, opened.rule, opened.closes) == (2, "resolution/1", later(world.now, 7 * DAY))
    world.vote(proposal, yes=range(1, 5))
    assert world.until_closed(proposal).status == "carried"
    assert world.stage(proposal) == "in_force"


def test_a_proposal_whose_first_call_opens_after_the_change_is_under_the_new_rule() -> None:
    world = Founded(16, rules=rules(CALLED, *QUICK))
    change = world.submit(set_rule(world, rule("resolution", calls=(Call(),), voting=DAY)))
    world.until_open(change)
    world.vote(change, yes=range(1, 17))
    world.wait(2 * DAY)
    proposal = world.submit()
    world.until_open(proposal)
    opened = world.last(PollOpened)
    assert (opened.rule, opened.closes) == ("resolution/2", later(world.now, DAY))
