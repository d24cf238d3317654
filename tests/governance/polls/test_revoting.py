"""Revoting: a ballot names the one it replaces, so there is never more than one, and none is replaced unseen."""

import pytest

from governance.commands.register import GiveMandate
from governance.facts.polls import PollClosed
from governance.ids import CoopId, PollId
from tests.governance.acting import refused, rules, send, sums
from tests.governance.world import DAY, Founded, rule

C2 = CoopId("c2")
POLL = PollId("p1.v1")


@pytest.fixture
def world() -> Founded:
    """A federation of six with an open poll, `p1.v1`."""
    made = Founded(6)
    made.until_open(made.submit())
    return made


def test_each_ballot_replaces_the_one_before_and_the_last_one_counts(world: Founded) -> None:
    seqs = []
    for choice in ("yes", "no", "abstain", "yes"):
        world.cast(POLL, 2, choice)
        seqs.append(world.records[-1].seq)
    chain = [record.body.replaces for record in world.records if record.type == "ballot.cast"]  # type: ignore[attr-defined]  # ballots
    assert chain == [None, *seqs[:-1]]
    world.wait(7 * DAY)
    assert sums(world.last(PollClosed), "yes", "no", "abstain") == [1, 0, 0]


def test_a_ballot_that_does_not_name_the_one_in_force_is_refused(world: Founded) -> None:
    with refused("ballot_superseded"):
        world.cast(POLL, 2, replaces=7)
    world.cast(POLL, 2, "no")
    first = world.records[-1].seq
    with refused("ballot_superseded"):
        world.cast(POLL, 2, replaces=None)
    world.cast(POLL, 2, "yes")
    for stale in (None, first, first - 1, 10**9):
        with refused("ballot_superseded"):
            world.cast(POLL, 2, "no", replaces=stale)
    assert world.state.ballots.get(POLL, C2).choice == "yes"


def test_a_statement_sent_twice_is_recorded_once(world: Founded) -> None:
    statement = world.statement(POLL, 2, "yes")
    send(world, statement, world.c(2))
    with refused("ballot_superseded"):
        send(world, statement, world.c(2))


def test_two_delegates_casting_at_the_same_instant_leave_one_ballot_in_force_and_the_other_is_told(
    world: Founded,
) -> None:
    other = world.mandate()
    world.ask(GiveMandate(mandate=other, role="delegate"), world.stewards[C2])
    yes, no = world.statement(POLL, 2, "yes"), world.statement(POLL, 2, "no")
    send(world, yes, world.c(2))
    with refused("ballot_superseded"):
        send(world, no, other)
    assert world.state.ballots.get(POLL, C2).choice == "yes"
    world.wait(7 * DAY)
    assert sums(world.last(PollClosed), "yes", "ballots") == [1, 1]


def test_either_delegate_changes_the_coops_one_ballot(world: Founded) -> None:
    other = world.mandate()
    world.ask(GiveMandate(mandate=other, role="delegate"), world.stewards[C2])
    world.cast(POLL, 2, "yes")
    send(world, world.statement(POLL, 2, "no"), other)
    world.cast(POLL, 2, "abstain")
    world.wait(7 * DAY)
    assert sums(world.last(PollClosed), "yes", "no", "abstain") == [0, 0, 1]


def test_where_ballots_are_final_none_is_changed() -> None:
    world = Founded(6, rules=rules(rule("resolution", revoting="final")))
    poll = world.until_open(world.submit())
    world.cast(poll, 2, "no")
    with refused("ballot_final"):
        world.cast(poll, 2, "yes")
    with refused("ballot_superseded"):
        world.cast(poll, 2, "yes", replaces=None)
    assert world.state.ballots.get(poll, C2).choice == "no"


def test_a_ballot_in_one_poll_is_not_replaced_by_one_in_another(world: Founded) -> None:
    second = world.until_open(world.submit())
    assert world.state.polls.get(POLL) is None
    third = world.until_open(world.submit())
    world.cast(third, 2, "yes")
    seq = world.records[-1].seq
    assert world.state.polls.get(second) is None
    fourth = world.submit()
    world.wait(7 * DAY)
    with refused("ballot_superseded"):
        world.cast(world.poll_of(fourth), 2, "no", replaces=seq)
