"""Amendments that are voted on: the vote on the proposal waits for them."""

from governance.commands.proposals import PutAmendment
from governance.effect import Recategorise
from governance.facts.polls import PollClosed, PollOpened
from governance.ids import AmendmentId, CoopId, PollId
from tests.governance.acting import (
    accept,
    demand,
    proposal_of,
    put,
    refused,
    rules,
    send,
    suggest,
    void,
    withdraw,
)
from tests.governance.world import DAY, Founded, rule


def vote(world: Founded, poll: PollId, *, yes: range = range(0), no: range = range(0)) -> None:
    for number in yes:
        world.cast(poll, number, "yes")
    for number in no:
        world.cast(poll, number, "no")


def test_an_amendment_put_to_the_vote_opens_at_once_under_the_rule_on_amendments_about_its_own_text() -> None:
    world = Founded(6, rules=rules(rule("resolution.amendment", voting=3 * DAY)))
    proposal = world.submit()
    poll = put(world, suggest(world, proposal))
    opened = world.last(PollOpened)
    assert (opened.poll, opened.purpose, opened.call, opened.rule) == (poll, "amendment", 1, "resolution.amendment/1")
    assert opened.text == proposal_of(world, proposal).amendments[0].text
    assert world.state.polls.get(poll).closes == opened.closes
    world.wait(3 * DAY)
    assert world.last(PollClosed).poll == poll


def test_without_a_rule_of_its_own_an_amendment_falls_under_the_rule_on_resolutions() -> None:
    world = Founded(6)
    put(world, suggest(world, world.submit()))
    assert world.last(PollOpened).rule == "resolution/1"


def test_the_vote_on_the_proposal_waits_for_the_vote_on_its_amendment() -> None:
    world = Founded(6)
    proposal = world.submit()
    amendment = suggest(world, proposal)
    world.wait(6 * DAY)
    put(world, amendment)
    world.wait(6 * DAY)
    assert world.stage(proposal) == "deliberation"
    world.wait(DAY)
    assert (proposal_of(world, proposal).amendments[0].status, world.stage(proposal)) == ("dropped", "voting")
    opened = world.last(PollOpened)
    assert (opened.poll, opened.due) == ("p1.v2", world.now)


def test_a_carried_amendment_is_adopted_and_the_notice_begins_again() -> None:
    world = Founded(6)
    proposal = world.submit()
    poll = put(world, suggest(world, proposal))
    vote(world, poll, yes=range(1, 4), no=range(4, 6))
    world.wait(7 * DAY)
    changed = proposal_of(world, proposal)
    assert (changed.text, changed.amendments[0].status) == (changed.amendments[0].text, "accepted")
    assert (changed.notice_from, changed.stage) == (world.now, "deliberation")
    world.wait(7 * DAY)
    assert world.last(PollOpened).text == changed.text


def test_a_rejected_tied_or_quorumless_amendment_is_dropped_without_a_further_call() -> None:
    for yes, no, status in ((2, 3, "rejected"), (2, 2, "tied"), (1, 0, "no_quorum")):
        world = Founded(6)
        proposal = world.submit()
        text = proposal_of(world, proposal).text
        poll = put(world, suggest(world, proposal))
        vote(world, poll, yes=range(1, 1 + yes), no=range(4, 4 + no))
        world.wait(7 * DAY)
        assert next(r.body for r in world.records if isinstance(r.body, PollClosed)).status == status
        assert proposal_of(world, proposal).amendments[0].status == "dropped"
        assert proposal_of(world, proposal).text == text
        assert world.stage(proposal) == "voting"


def test_the_vote_waits_for_the_last_of_several_amendments() -> None:
    world = Founded(6)
    proposal = world.submit()
    first, second = suggest(world, proposal), suggest(world, proposal)
    put(world, first)
    world.wait(5 * DAY)
    put(world, second)
    world.wait(2 * DAY)
    assert world.stage(proposal) == "deliberation"
    world.wait(5 * DAY)
    assert world.stage(proposal) == "voting"


def test_another_coop_than_the_one_suggesting_has_to_demand_the_vote_and_the_coop_concerned_never_does() -> None:
    world = Founded(6)
    proposal = world.submit(Recategorise(coop=CoopId("c6"), category="associate"))
    amendment = suggest(world, proposal)
    with refused("not_sponsor"):
        put(world, amendment, 2)
    with refused("not_entitled"):
        put(world, amendment, 6)
    poll = put(world, amendment)
    assert "c6" not in world.state.polls.get(poll).voters
    with refused("not_on_roll"):
        world.cast(poll, 6)


def test_an_amendment_on_the_ballot_is_neither_accepted_nor_put_again() -> None:
    world = Founded(6)
    amendment = suggest(world, world.submit())
    put(world, amendment)
    with refused("amendment_unknown"):
        accept(world, amendment)
    with refused("amendment_unknown"):
        put(world, amendment, 4)


def test_withdrawing_a_proposal_ends_the_votes_on_its_amendments() -> None:
    world = Founded(6)
    proposal = world.submit()
    amendment, other = suggest(world, proposal), suggest(world, proposal)
    poll = put(world, amendment)
    void(world, put(world, other))
    vote(world, poll, yes=range(1, 4))
    late = world.statement(poll, 5, "no")
    withdraw(world, proposal)
    assert (len(world.state.polls), len(world.state.ballots), world.state.next_due) == (0, 0, None)
    with refused("poll_closed"):
        send(world, late, world.c(5))


def test_support_found_while_an_amendment_is_voted_on_lets_the_notice_begin() -> None:
    world = Founded(10, rules=rules(rule("resolution", sponsors=2)))
    proposal = world.submit()
    put(world, suggest(world, proposal))
    demand(world, proposal, 4, 5)
    began = world.now
    assert proposal_of(world, proposal).notice_from == began
    world.wait(6 * DAY)
    assert world.stage(proposal) == "deliberation"
    world.wait(DAY)
    assert world.stage(proposal) == "voting"


def test_a_proposal_that_finds_no_support_lapses_with_the_vote_on_its_amendment() -> None:
    world = Founded(10, rules=rules(rule("resolution", sponsors=2), rule("resolution.amendment", voting=30 * DAY)))
    proposal = world.submit()
    amendment = suggest(world, proposal)
    world.wait(80 * DAY)
    put(world, amendment)
    world.wait(10 * DAY)
    assert (world.stage(proposal), len(world.state.polls)) == ("lapsed", 0)


def test_an_amendment_of_a_proposal_that_is_over_is_not_put() -> None:
    world = Founded(4)
    proposal = world.submit()
    amendment = suggest(world, proposal)
    withdraw(world, proposal)
    with refused("wrong_stage"):
        world.ask(PutAmendment(amendment=amendment), world.c(3))
    with refused("amendment_unknown"):
        world.ask(PutAmendment(amendment=AmendmentId("p7.a1")), world.c(3))
