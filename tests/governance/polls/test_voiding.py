"""Voiding: an office ends an open vote that went wrong, with a reason, and a new one follows. Closed ones fall by vote only."""

import pytest

from governance.commands.polls import VoidPoll
from governance.facts.polls import PollClosed, PollOpened, PollVoided
from governance.ids import CoopId, OfficeId, PollId
from governance.instants import later
from governance.mandate import Office
from governance.named import texts_named
from tests.governance.acting import proposal_of, put, refused, rules, send, suggest, void
from tests.governance.world import DAY, Founded, rule


def test_a_voided_poll_has_no_result_and_names_its_reason_and_the_office() -> None:
    world = Founded(6)
    proposal = world.submit()
    poll = world.until_open(proposal)
    world.vote(proposal, yes=range(1, 5))
    void(world, poll)
    record = world.last(PollVoided)
    assert (record.poll, record.proposal, record.office) == (poll, proposal, "secretary")
    assert texts_named(record) == (record.reason,)
    assert (len(world.state.polls), len(world.state.ballots), world.stage(proposal)) == (0, 0, "between_polls")
    assert not any(isinstance(one.body, PollClosed) for one in world.records)


def test_the_new_poll_is_the_same_call_after_the_notice_under_the_pinned_rule() -> None:
    world = Founded(6)
    proposal = world.submit()
    world.until_open(proposal)
    world.until_closed(proposal)
    second = world.until_open(proposal)
    world.vote(proposal, yes=range(1, 4))
    statement = world.statement(second, 5, "yes")
    void(world, second)
    due = later(world.now, 7 * DAY)
    with refused("poll_closed"):
        send(world, statement, world.c(5))
    world.wait(7 * DAY)
    opened = world.last(PollOpened)
    assert (opened.poll, opened.call, opened.due, opened.rule) == ("p1.v3", 2, due, "resolution/1")
    assert len(world.state.ballots) == 0


def test_a_proposals_polls_are_voided_once_so_no_office_can_hold_off_a_decision_for_ever() -> None:
    world = Founded(6)
    proposal, other = world.submit(), world.submit()
    void(world, world.until_open(proposal))
    again = world.until_open(proposal)
    with refused("voided_before"):
        void(world, again)
    world.vote(proposal, yes=range(1, 4))
    assert world.until_closed(proposal).status == "carried"
    assert not proposal_of(world, other).voided


def test_a_voided_vote_on_an_amendment_is_the_proposals_one_as_well() -> None:
    world = Founded(6)
    proposal = world.submit()
    void(world, put(world, suggest(world, proposal)))
    poll = world.until_open(proposal)
    with refused("voided_before"):
        void(world, poll)


def test_a_voided_vote_on_an_amendment_is_voted_on_again_after_the_notice_and_the_proposal_waits() -> None:
    world = Founded(6)
    proposal = world.submit()
    poll = put(world, suggest(world, proposal))
    void(world, poll)
    assert proposal_of(world, proposal).amendments[0].status == "put"
    world.wait(7 * DAY)
    opened = world.last(PollOpened)
    assert (opened.poll, opened.purpose, world.stage(proposal)) == ("p1.v2", "amendment", "deliberation")
    for number in (1, 2, 3):
        world.cast(opened.poll, number)
    world.wait(7 * DAY)
    assert proposal_of(world, proposal).amendments[0].status == "accepted"


def test_only_an_office_with_the_power_voids() -> None:
    archive = Office(id=OfficeId("archive"), title="Archive", powers=("redact_texts",))
    world = Founded(6, offices=(archive,))
    poll = world.until_open(world.submit())
    command = VoidPoll(poll=poll, reason=world.text("We do not like the result."))
    for actor in (world.c(1), world.stewards[CoopId("c1")], world.mandate()):
        with refused("no_mandate"):
            world.ask(command, actor)
    with refused("power_missing"):
        world.ask(command, world.officers[archive.id])
    world.ask(command, world.officer)


def test_closed_polls_are_not_voided_and_unknown_ones_neither() -> None:
    world = Founded(6)
    proposal = world.submit()
    poll = world.until_open(proposal)
    world.vote(proposal, yes=range(1, 5))
    world.until_closed(proposal)
    with refused("poll_closed"):
        void(world, poll)
    with refused("poll_unknown"):
        void(world, PollId("p1.v2"))
    assert world.stage(proposal) == "in_force"


@pytest.mark.parametrize("notice", [0, 3])
def test_without_notice_the_new_poll_opens_at_once(notice: int) -> None:
    world = Founded(6, rules=rules(rule("resolution", notice=notice * DAY)))
    proposal = world.submit()
    void(world, world.until_open(proposal))
    assert world.stage(proposal) == ("between_polls" if notice else "voting")
