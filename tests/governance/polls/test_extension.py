"""Late-quorum extension: once, bounded, and only for a ballot that completes the quorum in the last stretch."""

from fractions import Fraction

from governance.commands.polls import Cast
from governance.commands.proposals import Comment
from governance.effect import Suspend
from governance.facts.polls import PollClosed, PollExtended
from governance.ids import CoopId, PollId, ProposalId
from governance.instants import later
from governance.requirement import Requirement
from governance.rule import Call
from tests.governance.acting import QUICK, SECOND, decree, refused, rules, set_rule, void
from tests.governance.world import DAY, Founded, quorum, rule

THIRD = (Call(quorum=(quorum(Fraction(1, 3)),)),)
POLL = PollId("p1.v1")


def opened(**changes: object) -> Founded:
    """A federation of nine with an open poll that closes in seven days; its quorum is three coops."""
    world = Founded(9, rules=rules(rule("resolution", **{"calls": THIRD, "extension": 2 * DAY, **changes}), *QUICK))
    world.submit()
    world.wait(7 * DAY)
    return world


def extensions(world: Founded) -> int:
    return sum(isinstance(record.body, PollExtended) for record in world.records)


def test_a_ballot_that_completes_the_quorum_in_the_last_stretch_keeps_the_poll_open_for_as_long_again() -> None:
    world = opened()
    closes = world.state.polls.get(POLL).closes
    world.cast(POLL, 1)
    world.cast(POLL, 2)
    world.wait(6 * DAY)
    world.cast(POLL, 3)
    assert world.last(PollExtended) == PollExtended(poll=POLL, closes=later(world.now, 2 * DAY), due=world.now)
    assert world.state.polls.get(POLL).extended
    world.now = closes
    world.settle()
    world.cast(POLL, 4)
    world.wait(DAY)
    assert world.last(PollClosed).due == later(closes, DAY)


def test_a_quorum_completed_exactly_as_the_last_stretch_begins_does_not_extend_and_a_moment_later_does() -> None:
    for waited, expected in ((5 * DAY, 0), (5 * DAY + SECOND, 1)):
        world = opened()
        world.cast(POLL, 1)
        world.cast(POLL, 2)
        world.wait(waited)
        world.cast(POLL, 3)
        assert extensions(world) == expected


def test_ballots_that_come_late_without_completing_the_quorum_do_not_extend() -> None:
    world = opened()
    world.wait(6 * DAY)
    world.cast(POLL, 1)
    world.cast(POLL, 2)
    assert extensions(world) == 0
    world.cast(POLL, 3)
    world.cast(POLL, 4)
    assert extensions(world) == 1


def test_a_changed_ballot_does_not_extend() -> None:
    world = opened()
    for number in (1, 2, 3):
        world.cast(POLL, number)
    world.wait(6 * DAY)
    world.cast(POLL, 3, "no")
    assert extensions(world) == 0


def test_a_quorum_lost_and_regained_extends_once_at_most() -> None:
    world = opened(meanwhile="excluded")
    for number in (1, 2):
        world.cast(POLL, number)
    world.wait(6 * DAY)
    world.cast(POLL, 3)
    assert extensions(world) == 1
    decree(world, Suspend(coop=CoopId("c3")), yes=(1, 2, 4))
    world.cast(POLL, 4)
    world.wait(DAY)
    world.cast(POLL, 5)
    assert extensions(world) == 1
    world.wait(2 * DAY)
    assert world.state.polls.get(POLL) is None


def test_it_happens_though_the_timer_comes_long_after() -> None:
    world = opened()
    world.cast(POLL, 1)
    world.cast(POLL, 2)
    world.wait(6 * DAY)
    cast_at = world.now
    world._append(Cast(statement=world.statement(POLL, 3, "yes")), world.c(3))
    world.oversleep(30 * DAY)
    assert world.last(PollExtended).due == cast_at
    assert world.last(PollClosed).due == later(cast_at, 2 * DAY)


def test_nothing_else_is_decided_before_the_extension_is_recorded() -> None:
    world = opened()
    world.cast(POLL, 1)
    world.cast(POLL, 2)
    world.wait(6 * DAY)
    world._append(Cast(statement=world.statement(POLL, 3, "yes")), world.c(3))
    with refused("steps_overdue"):
        world._append(Comment(proposal=ProposalId("p1"), text=world.text("A word.")), world.c(1))


def test_a_poll_that_is_voided_has_its_extension_again() -> None:
    world = opened()
    world.cast(POLL, 1)
    world.cast(POLL, 2)
    world.wait(6 * DAY)
    world.cast(POLL, 3)
    void(world, POLL)
    world.wait(7 * DAY)
    again = PollId("p1.v2")
    assert not world.state.polls.get(again).extended
    world.wait(6 * DAY)
    for number in (1, 2, 3):
        world.cast(again, number)
    assert extensions(world) == 2


def test_under_several_rules_the_quorum_is_complete_when_it_is_under_each() -> None:
    half = (Call(quorum=(quorum(Fraction(1, 2)),)),)
    slower = rule("rules", calls=half, extension=2 * DAY)
    world = Founded(9, rules=rules(rule("resolution", calls=THIRD), slower))
    proposal = world.submit(set_rule(world, rule("resolution")))
    poll = world.until_open(proposal)
    world.wait(6 * DAY)
    for number in (1, 2, 3, 4):
        world.cast(poll, number)
    assert extensions(world) == 0
    world.cast(poll, 5)
    assert extensions(world) == 1


def test_a_quorum_of_two_requirements_is_complete_when_both_hold() -> None:
    by_size = Requirement(measure="cooperators", of="entitled", at_least=Fraction(1, 2))
    calls = (Call(quorum=(quorum(Fraction(1, 3)), by_size)),)
    world = Founded(9, rules=rules(rule("resolution", calls=calls, extension=2 * DAY)), cooperators=[1] * 7 + [20, 20])
    poll = world.until_open(world.submit())
    world.wait(6 * DAY)
    for number in (1, 2, 3, 4):
        world.cast(poll, number)
    assert extensions(world) == 0
    world.cast(poll, 9)
    assert extensions(world) == 1
