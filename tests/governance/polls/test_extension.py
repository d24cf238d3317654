"""Late-quorum extension: once, bounded, and only for a ballot that completes the quorum in the last stretch."""

from fractions import Fraction

from governance.effect import Suspend
from governance.facts.polls import PollClosed, PollExtended
from governance.ids import CoopId, PollId
from governance.instants import later
from governance.rule import Call
from tests.governance.acting import QUICK, SECOND, decree, proposal_of, refused, rules, void
from tests.governance.world import DAY, Founded, quorum, rule

THIRD = (Call(quorum=(quorum(Fraction(1, 3)),)),)
EXTENDED = rule("resolution", calls=THIRD, extension=2 * DAY)
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
    world.federation.apply(_sealed(world, 3))
    world.oversleep(30 * DAY)
    assert world.last(PollExtended).due == cast_at
    assert world.last(PollClosed).due == later(cast_at, 2 * DAY)


def _sealed(world: Founded, number: int):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a record
    from governance.commands.polls import Cast  # noqa: PLC0415
    from governance.records import seal  # noqa: PLC0415

    command = Cast(statement=world.statement(POLL, number, "yes"))
    decision = world.federation.decide(command, actor=world.c(number), at=world.now)
    record = seal(decision.fact, seq=world.federation.size, at=world.now, actor=world.c(number), nonce=world.draw(16))
    world.records.append(record)
    return record


def test_nothing_else_is_decided_before_the_extension_is_recorded() -> None:
    world = opened()
    world.cast(POLL, 1)
    world.cast(POLL, 2)
    world.wait(6 * DAY)
    world.federation.apply(_sealed(world, 3))
    from governance.commands.proposals import Withdraw  # noqa: PLC0415

    with refused("steps_overdue"):
        world.federation.decide(Withdraw(proposal=proposal_of(world, "p1").id), actor=world.c(1), at=world.now)  # type: ignore[arg-type]


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
    world = Founded(9, rules=rules(rule("resolution", notice=0 * DAY, calls=THIRD), rule("rules", calls=(Call(quorum=(quorum(Fraction(1, 2)),)),), extension=2 * DAY)))  # fmt: skip
    from tests.governance.acting import set_rule  # noqa: PLC0415

    proposal = world.submit(set_rule(world, rule("resolution")))
    poll = world.until_open(proposal)
    world.wait(6 * DAY)
    for number in (1, 2, 3, 4):
        world.cast(poll, number)
    assert extensions(world) == 0
    world.cast(poll, 5)
    assert extensions(world) == 1
