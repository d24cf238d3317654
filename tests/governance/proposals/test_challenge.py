"""Challenge: in the waiting period enough coops make a carried decision need a second vote."""

from fractions import Fraction

import pytest

from governance.commands.proposals import Challenge
from governance.effect import Resolve
from governance.facts.polls import PollOpened
from governance.facts.proposals import DecisionChallenged, ProposalEnacted
from governance.ids import ProposalId
from governance.instants import later
from governance.rule import Confirmation, Entitled
from tests.governance.acting import (
    SECOND,
    challenge,
    proposal_of,
    refused,
    rules,
    set_rule,
    standing,
    void,
)
from tests.governance.world import DAY, Founded, more_than, rule

WAITING = rule("resolution", waiting=14 * DAY)


def carried(world: Founded) -> ProposalId:
    proposal = world.submit()
    world.until_open(proposal)
    world.vote(proposal, yes=range(1, 9))
    world.until_closed(proposal)
    assert world.stage(proposal) == "waiting"
    return proposal


def test_unchallenged_it_takes_effect_exactly_when_the_waiting_period_ends() -> None:
    world = Founded(10, rules=rules(WAITING))
    proposal = carried(world)
    ends = later(world.now, 14 * DAY)
    assert proposal_of(world, proposal).enact_at == ends
    world.wait(14 * DAY - SECOND)
    assert world.stage(proposal) == "waiting"
    world.wait(SECOND)
    assert (world.stage(proposal), world.last(ProposalEnacted).due) == ("in_force", ends)


@pytest.mark.parametrize(("coops", "needed"), [(10, 2), (11, 3), (15, 3), (16, 4)])
def test_a_confirming_vote_opens_at_once_when_the_share_is_reached_exactly_and_not_before(
    coops: int, needed: int
) -> None:
    world = Founded(coops, rules=rules(WAITING))
    proposal = carried(world)
    world.wait(3 * DAY)
    challenge(world, proposal, *range(1, needed))
    assert (world.stage(proposal), world.last(DecisionChallenged).met) == ("waiting", False)
    challenge(world, proposal, needed)
    opened = world.last(PollOpened)
    assert (opened.purpose, opened.call, opened.due) == ("confirmation", 1, world.now)
    assert world.stage(proposal) == "voting"
    assert proposal_of(world, proposal).challengers == tuple(f"c{number}" for number in range(1, needed + 1))


def test_below_the_share_the_decision_takes_effect() -> None:
    world, proposal = (made := Founded(10, rules=rules(WAITING))), carried(made)
    challenge(world, proposal, 3)
    world.wait(14 * DAY)
    assert world.stage(proposal) == "in_force"


def test_confirmed_it_takes_effect_at_the_end_of_the_waiting_period_or_at_once_if_that_is_over() -> None:
    for waited, expected in ((DAY, "waiting"), (13 * DAY, "in_force")):
        world = Founded(10, rules=rules(WAITING))
        proposal = carried(world)
        ends = proposal_of(world, proposal).enact_at
        world.wait(waited)
        challenge(world, proposal, 9, 10)
        world.vote(proposal, yes=range(1, 7))
        world.wait(7 * DAY)
        assert world.stage(proposal) == expected
        assert proposal_of(world, proposal).enact_at == ends
        world.wait(14 * DAY)
        assert world.stage(proposal) == "in_force"


@pytest.mark.parametrize(("yes", "no"), [(2, 4), (3, 3), (1, 0)])
@pytest.mark.parametrize("waited", [0, 13])
def test_not_confirmed_it_never_takes_effect_and_there_is_no_further_call(yes: int, no: int, waited: int) -> None:
    world = Founded(10, rules=rules(WAITING))
    proposal = carried(world)
    world.wait(waited * DAY)
    challenge(world, proposal, 9, 10)
    world.vote(proposal, yes=range(1, 1 + yes), no=range(5, 5 + no))
    world.until_closed(proposal)
    assert (world.stage(proposal), world.state.next_due) == ("rejected", None)


def test_a_confirmed_decision_is_not_challenged_again() -> None:
    world = Founded(10, rules=rules(rule("resolution", waiting=30 * DAY)))
    proposal = carried(world)
    challenge(world, proposal, 9, 10)
    world.vote(proposal, yes=range(1, 7))
    world.wait(7 * DAY)
    assert (world.stage(proposal), proposal_of(world, proposal).confirmed) == ("waiting", True)
    with refused("wrong_stage"):
        challenge(world, proposal, 8)


def test_nor_is_one_that_was_confirmed_because_its_rule_says_so() -> None:
    confirmation = Confirmation(majority=(more_than(),), after=DAY, voting=DAY)
    world = Founded(10, rules=rules(rule("resolution.merge", waiting=14 * DAY, confirmation=confirmation)))
    proposal = world.submit(Resolve(narrowing="merge"))
    world.until_open(proposal)
    world.vote(proposal, yes=range(1, 9))
    world.wait(8 * DAY)
    world.vote(proposal, yes=range(1, 9))
    world.wait(DAY)
    assert world.stage(proposal) == "waiting"
    with refused("wrong_stage"):
        challenge(world, proposal, 8)


def test_a_coop_challenges_once_and_only_if_it_has_a_vote() -> None:
    world = Founded(11, rules=rules(WAITING), categories=["full"] * 10 + ["observer"])
    proposal = carried(world)
    challenge(world, proposal, 3)
    with refused("already_done"):
        challenge(world, proposal, 3)
    standing(world, 4, good=False)
    for number in (4, 11):
        with refused("not_entitled"):
            challenge(world, proposal, number)


def test_where_the_rule_knows_no_challenge_there_is_none() -> None:
    world = Founded(10, rules=rules(rule("resolution", waiting=14 * DAY, challenge=None)))
    with refused("wrong_stage"):
        challenge(world, carried(world), 3)


def test_under_several_rules_the_smallest_share_is_enough() -> None:
    half = rule("resolution", waiting=DAY, challenge=Fraction(1, 2))
    tenth = rule("rules", waiting=9 * DAY, challenge=Fraction(1, 10))
    world = Founded(10, rules=rules(half, tenth))
    proposal = world.submit(set_rule(world, rule("resolution")))
    world.until_open(proposal)
    world.vote(proposal, yes=range(1, 9))
    world.until_closed(proposal)
    challenge(world, proposal, 10)
    assert world.stage(proposal) == "voting"


def test_under_several_rules_the_base_is_the_largest_electorate() -> None:
    wide = rule("resolution", entitled=Entitled(categories=("full", "associate")), waiting=9 * DAY)
    world = Founded(12, rules=rules(wide), categories=["full"] * 6 + ["associate"] * 6)
    proposal = world.submit(set_rule(world, rule("resolution")))
    world.until_open(proposal)
    world.vote(proposal, yes=range(1, 9))
    world.until_closed(proposal)
    challenge(world, proposal, 9, 10)
    assert world.stage(proposal) == "waiting"
    challenge(world, proposal, 11)
    assert world.stage(proposal) == "voting"


def test_the_base_is_the_electorate_of_the_vote_that_carried_it() -> None:
    world = Founded(10, rules=rules(WAITING))
    proposal = carried(world)
    for number in range(4, 9):
        standing(world, number, good=False)
    challenge(world, proposal, 9)
    assert world.stage(proposal) == "waiting"
    challenge(world, proposal, 10)
    assert world.stage(proposal) == "voting"


def test_only_what_waits_is_challenged() -> None:
    world = Founded(10, rules=rules(WAITING))
    with refused("wrong_stage"):
        challenge(world, world.submit(), 3)
    with refused("proposal_unknown"):
        world.ask(Challenge(proposal=ProposalId("p9")), world.c(1))
    waiting = carried(world)
    challenge(world, waiting, 9, 10)
    with refused("wrong_stage"):
        challenge(world, waiting, 8)


def test_a_voided_confirmation_is_voted_on_again_as_a_confirmation() -> None:
    world = Founded(10, rules=rules(WAITING))
    proposal = carried(world)
    challenge(world, proposal, 9, 10)
    void(world, world.poll_of(proposal))
    world.wait(7 * DAY)
    opened = world.last(PollOpened)
    assert (opened.purpose, opened.call, world.stage(proposal)) == ("confirmation", 1, "voting")
    world.vote(proposal, yes=range(1, 9))
    world.wait(7 * DAY)
    assert world.stage(proposal) == "in_force"
