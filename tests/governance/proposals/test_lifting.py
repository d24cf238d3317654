"""Routine matters: silence is consent, one objection stops them, and any coop takes them to the ordinary rule."""

from fractions import Fraction

import pytest

from governance.effect import Resolve
from governance.facts.polls import PollClosed, PollOpened
from governance.facts.proposals import ProposalLifted
from governance.ids import CoopId, Matter, ProposalId
from governance.instants import Day
from governance.requirement import Requirement
from governance.rule import Call, Confirmation
from tests.governance.acting import (
    QUICK,
    challenge,
    lift,
    proposal_of,
    put,
    refused,
    rules,
    send,
    standing,
    suggest,
    support,
    void,
)
from tests.governance.world import DAY, Founded, more_than, rule

NOTICED = rule("resolution.routine", notice=5 * DAY, liftable=True)


def routine(world: Founded) -> ProposalId:
    return world.submit(Resolve(narrowing="routine", review=Day("2028-01-01")))


def test_one_yes_and_silence_carry_a_routine_matter() -> None:
    world = Founded(9)
    proposal = routine(world)
    world.vote(proposal, yes=(1,))
    assert world.until_closed(proposal).status == "carried"
    assert world.stage(proposal) == "in_force"


def test_an_objection_stops_it_and_abstaining_is_not_consenting() -> None:
    for yes, no, abstain in (((1, 2, 3), (4,), ()), ((), (), (1, 2, 3)), ((), (), ())):
        world = Founded(9)
        proposal = routine(world)
        world.vote(proposal, yes=yes, no=no, abstain=abstain)
        assert world.until_closed(proposal).status == "rejected"


def test_lifted_in_deliberation_it_has_the_ordinary_notice_from_then_on_and_the_ordinary_rule() -> None:
    world = Founded(9, rules=rules(NOTICED))
    proposal = routine(world)
    world.wait(4 * DAY)
    lift(world, proposal)
    assert world.last(ProposalLifted) == ProposalLifted(
        proposal=proposal, coop=CoopId("c2"), matter=Matter("resolution")
    )
    assert proposal_of(world, proposal).effect == Resolve(review=Day("2028-01-01"))
    world.wait(6 * DAY)
    assert world.stage(proposal) == "deliberation"
    world.wait(DAY)
    assert world.last(PollOpened).rule == "resolution/1"


def test_lifted_while_voting_the_poll_ends_without_a_result_and_another_follows() -> None:
    world = Founded(9)
    proposal = routine(world)
    world.vote(proposal, yes=(1, 2, 3, 4, 5))
    late = world.statement(world.poll_of(proposal), 6, "yes")
    lift(world, proposal, 7)
    assert (world.stage(proposal), len(world.state.polls), len(world.state.ballots)) == ("deliberation", 0, 0)
    assert not any(isinstance(record.body, PollClosed) for record in world.records)
    with refused("poll_closed"):
        send(world, late, world.c(6))
    world.wait(7 * DAY)
    assert world.poll_of(proposal) == "p1.v2"
    assert world.until_closed(proposal).status == "no_quorum"


def test_lifted_between_two_polls_the_further_one_does_not_open() -> None:
    world = Founded(9)
    proposal = routine(world)
    void(world, world.poll_of(proposal))
    assert world.stage(proposal) == "voting"
    world = Founded(9, rules=rules(rule("resolution.routine", notice=0 * DAY, liftable=True)))
    proposal = routine(world)
    world.until_closed(proposal)
    assert world.stage(proposal) == "between_polls"
    lift(world, proposal)
    world.wait(6 * DAY)
    assert world.stage(proposal) == "deliberation"
    world.wait(DAY)
    assert (world.last(PollOpened).rule, world.last(PollOpened).call) == ("resolution/1", 1)


def test_a_vote_on_an_amendment_goes_on_when_the_proposal_is_lifted() -> None:
    world = Founded(9, rules=rules(NOTICED))
    proposal = routine(world)
    poll = put(world, suggest(world, proposal))
    for number in range(1, 6):
        world.cast(poll, number)
    lift(world, proposal, 9)
    world.wait(7 * DAY)
    changed = proposal_of(world, proposal)
    assert (changed.amendments[0].status, changed.text) == ("accepted", changed.amendments[0].text)
    assert (changed.notice_from, changed.stage) == (world.now, "deliberation")
    world.wait(7 * DAY)
    assert world.stage(proposal) == "voting"


def test_an_amendment_waiting_for_its_vote_is_not_forgotten_when_the_proposal_is_lifted() -> None:
    world = Founded(9, rules=rules(NOTICED))
    proposal = routine(world)
    void(world, put(world, suggest(world, proposal)))
    lift(world, proposal, 9)
    assert proposal_of(world, proposal).amendments[0].status == "put"
    world.wait(5 * DAY)
    assert proposal_of(world, proposal).amendments[0].status == "voting"
    world.wait(7 * DAY)
    assert world.stage(proposal) == "voting"


def test_lifting_is_no_way_around_the_support_that_the_ordinary_rule_asks_for() -> None:
    world = Founded(9, rules=rules(rule("resolution", sponsors=2, seconders=1)))
    proposal = routine(world)
    lift(world, proposal)
    assert proposal_of(world, proposal).notice_from is None
    support(world, proposal, 3)
    support(world, proposal, 4, "seconder")
    assert proposal_of(world, proposal).notice_from == world.now
    unsupported = routine(world)
    lift(world, unsupported)
    world.wait(90 * DAY)
    assert world.stage(unsupported) == "lapsed"


def test_a_matter_is_lifted_once_and_an_ordinary_one_never() -> None:
    world = Founded(9)
    proposal, plain, merger = routine(world), world.submit(), world.submit(Resolve(narrowing="merge"))
    lift(world, proposal)
    for one in (proposal, plain, merger):
        with refused("not_liftable"):
            lift(world, one, 3)


def test_a_merger_does_not_become_an_ordinary_resolution_by_superseding_a_routine_one() -> None:
    world = Founded(9)
    old = routine(world)
    world.vote(old, yes=(1,))
    world.until_closed(old)
    for effect in (Resolve(narrowing="merge", supersedes=(old,)), Resolve(supersedes=(old,))):
        with refused("not_liftable"):
            lift(world, world.submit(effect))


def test_a_routine_matter_that_supersedes_another_is_lifted_though_the_others_rule_is_not_routine() -> None:
    world = Founded(9)
    old = world.submit()
    world.until_open(old)
    world.vote(old, yes=range(1, 6))
    world.until_closed(old)
    proposal = world.submit(Resolve(narrowing="routine", supersedes=(old,)))
    lift(world, proposal)
    assert proposal_of(world, proposal).effect == Resolve(supersedes=(old,))


def test_who_has_no_vote_lifts_nothing() -> None:
    world = Founded(6, categories=["full"] * 5 + ["observer"])
    proposal = routine(world)
    standing(world, 5, good=False)
    for number in (5, 6):
        with refused("not_entitled"):
            lift(world, proposal, number)


@pytest.mark.parametrize("challenged", [True, False])
def test_what_has_been_carried_and_waits_to_be_confirmed_is_not_lifted(challenged: bool) -> None:
    confirmation = Confirmation(majority=(more_than(),), after=5 * DAY, voting=DAY)
    changes = {"waiting": 9 * DAY} if challenged else {"confirmation": confirmation}
    some = (Requirement(at_least_number=Fraction(1)),)
    light = rule("resolution.routine", notice=0 * DAY, liftable=True, calls=(Call(),), majority=some, **changes)
    world = Founded(9, rules=rules(light, *QUICK))
    proposal = routine(world)
    world.vote(proposal, yes=(1,))
    world.until_closed(proposal)
    if challenged:
        challenge(world, proposal, 4, 5)
    with refused("wrong_stage"):
        lift(world, proposal)
