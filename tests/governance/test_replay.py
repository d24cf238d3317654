"""Whoever rewrites the log, with its key and all, is found where the rules would not have given what is written."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from governance.errors import Refusal
from governance.facts import founding, polls, proposals, register
from governance.ids import FEDERATION, OPERATOR, CoopId, HashText, MandateId, PollId
from governance.instants import later
from governance.records import Record
from governance.replay import Illegal, Replay
from governance.value import Value
from tests.governance.acting import MINUTE
from tests.governance.forging import altered, first_illegal, index_of, inserted, left_out, lengths_in
from tests.governance.rich import rich_world
from tests.governance.world import DAY, Founded

WORLD = rich_world()
LOG = WORLD.records
OPENED = index_of(LOG, polls.PollOpened)
CAST = index_of(LOG, polls.BallotCast)
CLOSED = index_of(LOG, polls.PollClosed)
ENACTED = index_of(LOG, proposals.ProposalEnacted)
MEASURES = ("coops", "weight", "cooperators", "countries")
REPLACED = next(at for at, record in enumerate(LOG) if getattr(record.body, "replaces", None) is not None)


def changed(**fields: Any) -> Callable[[Value], Value]:
    return lambda body: msgspec.structs.replace(body, **fields)


def found(records: list[Record]) -> tuple[int, str]:
    illegal = first_illegal(records, WORLD.blobs)
    assert illegal is not None
    return illegal


def test_the_log_as_it_was_written_is_legal() -> None:
    assert first_illegal(LOG, WORLD.blobs) is None


def code_of(cause: BaseException | None) -> str:
    assert isinstance(cause, Refusal)
    return cause.code


def stranger() -> MandateId:
    return MandateId("m-" + "f" * 32)


def of_coop(number: int) -> CoopId:
    return CoopId(f"c{number}")


@pytest.mark.parametrize(
    ("fields", "envelope"),
    [
        ({}, {"actor": MandateId("m-" + "f" * 32)}),
        ({}, {"actor": OPERATOR}),
        ({}, {"actor": FEDERATION}),
        ({}, {"actor": WORLD.c(9)}),
        ({}, {"actor": WORLD.stewards[of_coop(1)]}),
        ({}, {"actor": WORLD.officer}),
        ({"coop": of_coop(2)}, {}),
        ({"coop": of_coop(10)}, {"actor": WORLD.c(10)}),
        ({"origin": "other.example/log"}, {}),
        ({"poll": PollId("p1.v2")}, {}),
        ({"poll": PollId("p9.v1")}, {}),
        ({"text": HashText("0" * 64)}, {}),
        ({"rule": "charter/1"}, {}),
        ({"rule": "charter/1+rules/2"}, {}),
        ({"choice": "block"}, {}),
        ({"replaces": 0}, {}),
        ({"replaces": CAST}, {}),
    ],
)
def test_a_ballot_that_could_not_be_cast_is_found(fields: dict[str, Any], envelope: dict[str, Any]) -> None:
    at, _ = found(altered(LOG, CAST, changed(**fields), **envelope))
    assert at == CAST


def test_a_ballot_that_was_cast_is_not_changed_unnoticed() -> None:
    flipped: Any = {"yes": "no", "no": "yes", "abstain": "yes"}
    for at in (CAST, REPLACED):
        before = LOG[at].body
        assert isinstance(before, polls.BallotCast)
        closing = next(
            one
            for one in range(at, len(LOG))
            if getattr(LOG[one].body, "poll", None) == before.poll and isinstance(LOG[one].body, polls.PollClosed)
        )
        assert found(altered(LOG, at, changed(choice=flipped[before.choice])))[0] == closing


def test_a_ballot_is_not_kept_back_repeated_or_put_after_the_closing() -> None:
    ballot, closing = LOG[CAST], LOG[CLOSED]
    assert found(left_out(LOG, CAST))[0] >= CLOSED - 1
    assert found(left_out(LOG, REPLACED - 1))[0] == REPLACED - 1
    assert found(inserted(LOG, CAST + 1, ballot.body, ballot.actor))[0] == CAST + 1
    assert found(inserted(LOG, CLOSED, ballot.body, ballot.actor, closing.at))[0] == CLOSED
    assert found(inserted(LOG, CLOSED + 1, ballot.body, ballot.actor, closing.at))[0] == CLOSED + 1


def test_a_ballot_is_not_replaced_by_going_back_to_an_earlier_one() -> None:
    first = LOG[REPLACED - 1]
    assert isinstance(first.body, polls.BallotCast)
    assert found(inserted(LOG, REPLACED + 1, first.body, first.actor))[0] == REPLACED + 1


def test_a_step_is_not_taken_early() -> None:
    closing, enacting = LOG[CLOSED], LOG[ENACTED]
    early = later(closing.at, -MINUTE)
    assert found(altered(LOG, CLOSED, lambda body: body, at=early))[0] == CLOSED
    assert found(inserted(LOG, CLOSED + 1, enacting.body, FEDERATION, closing.at))[0] == CLOSED + 1


def test_no_step_is_skipped_and_none_exchanged_with_the_next_record() -> None:
    replay = Replay(lengths_in(WORLD.blobs))
    for at, record in enumerate(LOG[:-1]):
        if record.actor == FEDERATION:
            for time in (record.at, LOG[at + 1].at):
                with pytest.raises(Illegal):
                    replay.take(msgspec.structs.replace(LOG[at + 1], seq=at, at=time))
        replay.take(record)


def test_a_step_is_taken_by_nobody_else_and_nothing_else_is_a_step() -> None:
    replay = Replay(lengths_in(WORLD.blobs))
    for record in LOG:
        other = WORLD.c(1) if record.actor == FEDERATION else FEDERATION
        with pytest.raises(Illegal):
            replay.take(msgspec.structs.replace(record, actor=other))
        replay.take(record)


def test_no_ballot_is_cast_while_something_else_is_overdue() -> None:
    world = Founded(4)
    first = world.submit()
    world.wait(DAY)
    second = world.submit()
    world.until_open(second)
    world.wait(7 * DAY - MINUTE)
    cast = world.cast(world.poll_of(second), 1)
    closing = next(at for at, record in enumerate(world.records) if isinstance(record.body, polls.PollClosed))
    assert world.last(polls.PollClosed).proposal == first
    ballot = msgspec.structs.replace(world.records[-1], seq=closing)
    assert ballot.body == cast
    illegal = first_illegal([*world.records[:closing], ballot], world.blobs)
    assert illegal is not None
    assert "fell due" in illegal[1]


def test_time_does_not_run_backwards_and_no_position_is_left_out() -> None:
    before = later(LOG[CAST - 1].at, -MINUTE)
    assert found(altered(LOG, CAST, lambda body: body, at=before))[0] == CAST
    for seq in (CAST - 1, CAST + 1, 0):
        assert found(altered(LOG, CAST, lambda body: body, seq=seq))[0] == CAST
    assert found(LOG[1:])[0] == 0
    assert found([LOG[0], *LOG[2:]])[0] == 1


def test_nothing_is_founded_later() -> None:
    for fact in (
        founding.CoopFounded,
        founding.RuleFounded,
        founding.LogGenesis,
        founding.FoundingClosed,
        founding.OfficeFounded,
    ):
        late = LOG[index_of(LOG, fact)].body
        assert found(inserted(LOG, CAST, late, OPERATOR))[0] == CAST


def test_a_founding_that_says_another_digest_is_found() -> None:
    at = index_of(LOG, founding.FoundingClosed)
    assert found(altered(LOG, at, changed(digest="0" * 64)))[0] == at
    coop = index_of(LOG, founding.CoopFounded)
    assert found(altered(LOG, coop, changed(cooperators=6)))[0] == at


def test_no_record_gives_a_mandate_or_a_coop_to_the_operator() -> None:
    given = LOG[index_of(LOG, register.MandateGiven, -1)].body
    for actor in (OPERATOR, stranger(), WORLD.c(1), WORLD.officer):
        fact = msgspec.structs.replace(given, mandate=stranger(), starts=LOG[CAST].at)
        assert found(inserted(LOG, CAST, fact, actor))[0] == CAST


def test_a_record_that_falls_due_after_the_end_of_time_is_illegal_and_no_crash() -> None:
    end = "9999-12-31T23:59:59.999999Z"
    at = index_of(LOG, proposals.ProposalSubmitted)
    assert found(altered(LOG[: at + 1], at, lambda body: body, at=end))[0] == at


def test_what_happens_by_itself_happens_only_when_it_is_due() -> None:
    with pytest.raises(Illegal) as caught:
        Replay(lengths_in(WORLD.blobs)).take(msgspec.structs.replace(LOG[OPENED], seq=0))
    assert code_of(caught.value.__cause__) == "nothing_due"
