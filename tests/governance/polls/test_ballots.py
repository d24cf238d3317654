"""Ballots: by a delegate of the coop, on the frozen roll, for exactly what is being voted on, while the poll is open."""

from typing import Any

import pytest
from msgspec.structs import replace

from governance.ballot import statement_bytes
from governance.canonical import encode
from governance.commands.register import GiveMandate, RevokeMandate
from governance.effect import Suspend
from governance.facts.polls import BallotCast
from governance.ids import CoopId, MandateId, PollId, ProposalId
from governance.instants import later
from tests.governance.acting import QUICK, SECOND, decree, refused, rules, send, snapshot, standing, sums
from tests.governance.world import DAY, Founded, rule


@pytest.fixture
def world() -> Founded:
    """A federation of six with an open poll, `p1.v1`."""
    made = Founded(6, categories=["full"] * 5 + ["observer"])
    made.until_open(made.submit())
    return made


POLL = PollId("p1.v1")


def test_a_ballot_is_the_statement_and_nothing_else(world: Founded) -> None:
    statement = world.statement(POLL, 2, "abstain", reason="a" * 64)
    send(world, statement, world.c(2))
    assert encode(world.last(BallotCast)) == encode(statement)
    assert (world.records[-1].type, world.records[-1].actor) == ("ballot.cast", world.c(2))
    assert world.state.ballots.get(POLL, CoopId("c2")).choice == "abstain"


def test_the_bytes_that_a_device_signs_begin_with_their_domain(world: Founded) -> None:
    statement = world.statement(POLL, 2, "yes")
    assert statement_bytes(statement) == b"rochdale/ballot/v1\n" + encode(statement)


@pytest.mark.parametrize(
    "poll",
    ["p1.v2", "p1.v0", "p1.v", "p1", "", "p2.v1", "p1.v1.v1", "p1.v-1", "p1.v01", "p01.v1", "p1.v\u0661", "x" * 99],
)
def test_in_a_vote_that_there_is_not_nothing_is_cast(world: Founded, poll: str) -> None:
    statement = world.statement(POLL, 2, "yes")
    with refused("poll_unknown"):
        send(world, replace(statement, poll=PollId(poll)), world.c(2))


def test_in_a_vote_that_is_over_nothing_is_cast(world: Founded) -> None:
    statement = world.statement(POLL, 2, "yes")
    world.until_closed(ProposalId("p1"))
    with refused("poll_closed"):
        send(world, statement, world.c(2))


def test_only_a_delegate_of_the_very_coop_casts_its_ballot(world: Founded) -> None:
    statement = world.statement(POLL, 2, "yes")
    others = (world.c(3), world.stewards[CoopId("c2")], world.officer, world.mandate(), MandateId("federation"))
    for actor in others:
        with refused("no_mandate"):
            send(world, statement, actor)
    send(world, statement, world.c(2))


def test_a_mandate_holds_from_its_beginning_until_exactly_its_end(world: Founded) -> None:
    delegate, steward = world.mandate(), world.stewards[CoopId("c2")]
    starts, ends = later(world.now, DAY), later(world.now, 2 * DAY)
    world.ask(GiveMandate(mandate=delegate, role="delegate", starts=starts, ends=ends), steward)
    world.wait(DAY - SECOND)
    with refused("no_mandate"):
        send(world, world.statement(POLL, 2, "yes"), delegate)
    world.wait(SECOND)
    send(world, world.statement(POLL, 2, "yes"), delegate)
    world.wait(DAY - SECOND)
    send(world, world.statement(POLL, 2, "no"), delegate)
    world.wait(SECOND)
    with refused("no_mandate"):
        send(world, world.statement(POLL, 2, "yes"), delegate)


def test_a_mandate_revoked_meanwhile_casts_nothing_and_what_it_cast_stands(world: Founded) -> None:
    world.cast(POLL, 2, "no")
    world.ask(RevokeMandate(mandate=world.c(2)), world.stewards[CoopId("c2")])
    with refused("no_mandate"):
        world.cast(POLL, 2, "yes")
    assert world.state.ballots.get(POLL, CoopId("c2")).choice == "no"


def test_who_was_not_entitled_at_opening_is_not_on_the_roll(world: Founded) -> None:
    with refused("not_on_roll"):
        world.cast(POLL, 6)


def test_standing_is_checked_at_opening_and_not_at_casting() -> None:
    world = Founded(6)
    standing(world, 2, good=False)
    proposal = world.submit()
    poll = world.until_open(proposal)
    standing(world, 2, good=True)
    standing(world, 3, good=False)
    with refused("not_on_roll"):
        world.cast(poll, 2)
    world.cast(poll, 3)


@pytest.mark.parametrize(
    "changes",
    [{"text": "0" * 64}, {"rule": "resolution/2"}, {"rule": ""}, {"origin": "other.example/log"}],
)
def test_a_ballot_for_another_text_rule_or_log_is_refused(world: Founded, changes: dict[str, Any]) -> None:
    with refused("statement_mismatch"):
        world.cast(POLL, 2, **changes)


def test_a_ballot_of_another_poll_on_the_same_text_is_refused() -> None:
    world = Founded(3)
    proposal = world.submit()
    first = world.until_open(proposal)
    statement = world.statement(first, 1, "yes")
    world.until_closed(proposal)
    again = world.until_open(proposal)
    assert again != first
    with refused("poll_closed"):
        send(world, statement, world.c(1))


def test_a_block_where_the_rule_offers_none_is_refused(world: Founded) -> None:
    with refused("choice_not_offered"):
        world.cast(POLL, 2, "block", reason="a" * 64)


def test_a_block_needs_a_reason_where_it_is_offered_and_nothing_else_does() -> None:
    world = Founded(3, rules=rules(rule("resolution", blocks=True)))
    proposal = world.submit()
    poll = world.until_open(proposal)
    with refused("reason_missing"):
        world.cast(poll, 1, "block")
    world.cast(poll, 1, "block", reason="a" * 64)
    world.cast(poll, 2, "no")
    assert sums(world.until_closed(proposal), "no", "block") == [2, 1]


def test_a_refused_ballot_leaves_nothing_behind(world: Founded) -> None:
    world.cast(POLL, 2)
    before = snapshot(world.state)
    statement = world.statement(POLL, 2, "no")
    for changes, actor in (
        ({"poll": "p9.v1"}, world.c(2)), ({}, world.c(3)), ({"text": "0" * 64}, world.c(2)), ({"choice": "block"}, world.c(2)),
        ({"replaces": None}, world.c(2)), ({"coop": "c6"}, world.c(6)),
    ):  # fmt: skip
        with pytest.raises(Exception, match=r"\."):
            send(world, replace(statement, **changes), actor)
    assert snapshot(world.state) == before


def test_the_delegates_of_a_suspended_coop_still_cast_in_a_poll_that_was_open() -> None:
    world = Founded(6, rules=rules(*QUICK))
    poll = world.until_open(world.submit())
    decree(world, Suspend(coop=CoopId("c6")), yes=(1, 2, 3))
    world.cast(poll, 6)
