"""When a poll opens and closes: opening inclusive, closing exclusive, and the full period after an outage."""

from fractions import Fraction

from governance.commands.polls import Cast
from governance.deciding.polls import cast
from governance.facts.polls import PollClosed, PollOpened
from governance.facts.proposals import ProposalEnacted
from governance.instants import later
from governance.rule import Call
from tests.governance.acting import MINUTE, QUICK, SECOND, proposal_of, refused, rules, send, sums
from tests.governance.world import DAY, Founded, quorum, rule


def test_a_ballot_is_taken_at_the_very_instant_of_opening() -> None:
    world = Founded(3)
    proposal = world.submit()
    world.wait(7 * DAY)
    poll = world.poll_of(proposal)
    assert world.state.polls.get(poll).opened == world.now
    assert world.cast(poll, 1).choice == "yes"


def test_a_ballot_is_taken_a_microsecond_before_closing_and_refused_at_closing() -> None:
    world = Founded(3)
    proposal = world.submit()
    poll = world.until_open(proposal)
    closes = world.state.polls.get(poll).closes
    late = world.statement(poll, 2, "yes")
    world.wait(7 * DAY - SECOND)
    assert world.now < closes
    world.cast(poll, 1)
    world.now = closes
    with refused("poll_closed"):
        cast(world.state, Cast(statement=late), world.c(2), world.now)
    with refused("steps_overdue"):
        world.federation.decide(Cast(statement=late), actor=world.c(2), at=world.now)
    with refused("poll_closed"):
        send(world, late, world.c(2))
    assert sums(world.last(PollClosed), "yes") == [1]


def test_a_vote_that_opens_late_has_its_full_period_and_says_when_it_was_due() -> None:
    world = Founded(3)
    proposal = world.submit()
    due = later(world.now, 7 * DAY)
    world.oversleep(12 * DAY)
    opened = world.last(PollOpened)
    assert (opened.due, opened.closes, world.stage(proposal)) == (due, later(world.now, 7 * DAY), "voting")


def test_an_outage_that_covers_the_closing_shows_in_the_result_and_takes_no_ballot_in() -> None:
    world = Founded(3)
    proposal = world.submit()
    poll = world.until_open(proposal)
    closes = world.state.polls.get(poll).closes
    for number in (1, 2):
        world.cast(poll, number)
    late = world.statement(poll, 3, "no")
    world.oversleep(9 * DAY)
    closed = world.last(PollClosed)
    record = next(one for one in world.records if one.body is closed)
    assert (closed.due, record.at > closes, sums(closed, "yes", "no")) == (closes, True, [2, 0])
    with refused("poll_closed"):
        send(world, late, world.c(3))


def test_after_a_late_closing_the_waiting_period_is_given_in_full() -> None:
    world = Founded(3, rules=rules(rule("resolution", waiting=5 * DAY)))
    proposal = world.submit()
    world.until_open(proposal)
    world.vote(proposal, yes=(1, 2))
    world.oversleep(30 * DAY)
    assert proposal_of(world, proposal).enact_at == later(world.now, 5 * DAY)


def test_a_whole_course_falls_due_step_by_step_after_a_long_outage() -> None:
    calls = (Call(quorum=(quorum(Fraction(1, 3)),)), Call(after=DAY))
    world = Founded(3, rules=rules(rule("resolution", calls=calls), *QUICK))
    proposal = world.submit()
    for _ in range(4):
        world.oversleep(400 * DAY)
    assert world.stage(proposal) == "rejected"
    kinds = [type(record.body) for record in world.records if isinstance(record.body, PollOpened | PollClosed)]
    assert kinds == [PollOpened, PollClosed, PollOpened, PollClosed]
    assert not any(isinstance(record.body, ProposalEnacted) for record in world.records)


def test_steps_due_at_one_instant_come_closings_first_then_lapses_enactments_and_openings_each_by_number() -> None:
    short = rule("resolution", notice=MINUTE, voting=MINUTE, waiting=MINUTE)
    world = Founded(5, rules=rules(short, rule("resolution.merge", sponsors=2)))
    proposals = [world.submit() for _ in range(11)]
    world.wait(MINUTE)
    for proposal in proposals:
        world.vote(proposal, yes=range(1, 5))
    late = world.submit()
    before = len(world.records)
    world.wait(MINUTE)
    found = [(type(one.body), one.body.proposal) for one in world.records[before:]]  # type: ignore[attr-defined]  # each has one
    assert found == [*((PollClosed, one) for one in proposals), (PollOpened, late)]
    before = len(world.records)
    world.wait(MINUTE)
    found = [(type(one.body), one.body.proposal) for one in world.records[before:]]  # type: ignore[attr-defined]  # likewise
    assert found == [(PollClosed, late), *((ProposalEnacted, one) for one in proposals)]
    assert [proposal_of(world, one).number for one in proposals] == list(range(1, 12))


def test_each_step_happens_once_however_often_a_timer_asks() -> None:
    world = Founded(3)
    world.until_open(world.submit())
    before = len(world.records)
    for _ in range(3):
        world.settle()
    assert len(world.records) == before
