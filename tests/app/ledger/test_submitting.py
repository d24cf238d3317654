import asyncio
import sqlite3
from datetime import timedelta

import pytest

from app.ledger.asking import Answer, Asked
from app.ledger.errors import (
    ClockBehind,
    EntryUnknown,
    LedgerClosed,
    LedgerFailed,
    LedgerUnready,
    LogDamaged,
    OutcomeUnknown,
)
from app.store.changes import name_of
from app.store.tables import TABLES
from governance.commands.founding import BeginLog
from governance.commands.polls import Cast
from governance.commands.register import DeclareServices, RevokeMandate
from governance.deciding.authority import AlreadyFounded
from governance.errors import Refusal, RochdaleError
from governance.ids import OPERATOR, MandateId
from governance.instants import later
from governance.log.checkpoint import open_checkpoint
from governance.log.receipt import parse_receipt, verify_receipt
from governance.mandate import NoMandate
from governance.poll import BallotSuperseded
from governance.records import read_record
from governance.value import Value
from tests.app.ledger.small_federation import COOPS, START, MovedClock, Running, counted_bytes, delegate

pytestmark = pytest.mark.anyio


async def test_an_answer_is_the_record_with_a_receipt_that_verifies(running: Running) -> None:
    poll = await running.propose()
    answer = await running.cast(poll, COOPS[1])
    opened = verify_receipt(parse_receipt(answer.receipt), answer.record, running.signer.verifier_key)
    assert read_record(answer.record).seq == answer.seq == running.ledger.size - 1
    assert opened.checkpoint.size == running.ledger.size


async def test_the_receipt_of_an_entry_is_always_the_same(running: Running) -> None:
    poll = await running.propose()
    first = await running.cast(poll, COOPS[0])
    await running.cast(poll, COOPS[1])
    assert await running.ledger.receipt(first.seq) == first.receipt


async def test_an_entry_that_there_is_not_has_no_receipt(running: Running) -> None:
    with pytest.raises(EntryUnknown):
        await running.ledger.receipt(running.ledger.size)


async def test_many_at_once_make_one_batch_with_one_checkpoint(running: Running) -> None:
    poll = await running.propose()
    before = running.ledger.size
    answers = await running.cast_together(poll, *COOPS)
    ends = {row["batch_end"] for row in await running.rows("SELECT batch_end FROM log_entry WHERE seq >= ?", before)}
    assert ends == {before + 3}
    for answer in answers:
        assert isinstance(answer, Answer)
        verify_receipt(parse_receipt(answer.receipt), answer.record, running.signer.verifier_key)


async def test_two_delegates_of_one_coop_at_once_leave_one_ballot(running: Running) -> None:
    poll = await running.propose()
    ballots = [await running.ballot(poll, COOPS[0], choice) for choice in ("yes", "no")]
    results = await asyncio.gather(
        *(
            running.ledger.submit(Cast(statement=ballot), actor=delegate(COOPS[0], nth))
            for nth, ballot in enumerate(ballots, 1)
        ),
        return_exceptions=True,
    )
    assert [type(result) for result in results if isinstance(result, Exception)] == [BallotSuperseded]
    assert len(await running.rows("SELECT seq FROM ballot WHERE replaced_by IS NULL")) == 1


async def test_a_ballot_replaced_within_its_own_batch_is_projected_so(running: Running) -> None:
    poll = await running.propose()
    first = running.ledger.size
    statements = [await running.ballot(poll, COOPS[0]), await running.ballot(poll, COOPS[0], "no", first)]
    one, other = await asyncio.gather(
        *(running.ledger.submit(Cast(statement=ballot), actor=delegate(COOPS[0])) for ballot in statements)
    )
    rows = await running.rows("SELECT seq, replaced_by FROM ballot ORDER BY seq")
    assert [tuple(row.values()) for row in rows] == [(one.seq, other.seq), (other.seq, None)]


async def dump(running: Running) -> dict[str, list[dict[str, object]]]:
    """Every row of every table."""
    return {name: await running.rows(f"SELECT * FROM {name} ORDER BY 1") for name in map(name_of, TABLES)}  # noqa: S608 - names are ours


@pytest.mark.parametrize(
    ("command", "actor", "refusal"),
    [
        (BeginLog(origin="other.example", key="none"), OPERATOR, AlreadyFounded),
        (RevokeMandate(mandate=delegate(COOPS[1])), delegate(COOPS[0]), NoMandate),
        (DeclareServices(services=("print",)), MandateId(f"m-{'9' * 32}"), NoMandate),
    ],
)
async def test_what_is_refused_leaves_nothing_behind(
    running: Running, command: Value, actor: MandateId, refusal: type[Refusal]
) -> None:
    before = await dump(running)
    with pytest.raises(refusal):
        await running.ledger.submit(command, actor=actor)
    assert await dump(running) == before


async def test_one_that_is_refused_takes_nobody_with_it(running: Running) -> None:
    poll = await running.propose()
    good = await running.ballot(poll, COOPS[0])
    results = await asyncio.gather(
        running.ledger.submit(Cast(statement=good), actor=delegate(COOPS[1])),
        running.ledger.submit(Cast(statement=good), actor=delegate(COOPS[0])),
        return_exceptions=True,
    )
    assert isinstance(results[0], NoMandate)
    assert not isinstance(results[1], BaseException)


async def test_several_together_are_recorded_wholly_or_not_at_all(running: Running) -> None:
    before = await dump(running)
    commands = [DeclareServices(services=("web",)), DeclareServices(services=("", ""))]
    with pytest.raises(Refusal):
        await running.ledger.submit_all(commands, actor=MandateId(f"m-{1:032x}"))
    assert await dump(running) == before


async def test_a_fault_in_one_command_is_its_own(running: Running) -> None:
    class Unheard(Value):
        pass

    poll = await running.propose()
    ballot = Cast(statement=await running.ballot(poll, COOPS[0]))
    results = await asyncio.gather(
        running.ledger.submit(Unheard(), actor=delegate(COOPS[0])),
        running.ledger.submit(ballot, actor=delegate(COOPS[0])),
        return_exceptions=True,
    )
    assert isinstance(results[0], LedgerFailed)
    assert not isinstance(results[1], BaseException)


async def test_a_batch_that_the_database_refuses_is_tried_one_by_one(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = await running.propose()
    append, sizes = running.ledger._appender.append, []

    async def refusing(groups: list[tuple[Asked, ...]]) -> object:
        sizes.append(len(groups))
        if any(one.actor == delegate(COOPS[1]) for group in groups for one in group):
            raise sqlite3.IntegrityError("UNIQUE constraint failed")
        return await append(groups)

    monkeypatch.setattr(running.ledger._appender, "append", refusing)
    results = await running.cast_together(poll, *COOPS)
    assert sizes == [3, 1, 1, 1]
    assert [isinstance(result, LedgerFailed) for result in results] == [False, True, False]


async def test_a_row_that_breaks_a_constraint_rolls_the_whole_batch_back(running: Running) -> None:
    poll = await running.propose()
    await running.change(
        "INSERT INTO ballot (seq, poll, coop, choice, actor, at) VALUES (9999, ?, 'c2', 'no', 'm', 't')", poll
    )
    size = running.ledger.size
    results = await running.cast_together(poll, *COOPS[:2])
    assert isinstance(results[1], LedgerFailed)
    assert not isinstance(results[0], BaseException)
    assert running.ledger.size == size + 1
    await running.cast(poll, COOPS[2])


async def test_a_lost_answer_to_a_commit_that_happened_is_no_failure(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = await running.propose()
    commit = running.ledger._writer.commit

    async def lost() -> None:
        await commit()
        raise ConnectionResetError

    with monkeypatch.context() as patched:
        patched.setattr(running.ledger._writer, "commit", lost)
        answer = await running.cast(poll, COOPS[0])
    assert answer.receipt == await running.ledger.receipt(answer.seq)
    await running.cast(poll, COOPS[1])


async def test_a_commit_that_did_not_happen_leaves_nothing(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    poll = await running.propose()
    size = running.ledger.size

    async def fails() -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(running.ledger._writer, "commit", fails)
        with pytest.raises(LedgerFailed):
            await running.cast(poll, COOPS[0])
    assert running.ledger.size == size
    assert (await running.cast(poll, COOPS[0])).seq == size


async def test_an_unknown_outcome_is_told_as_such_and_found_out_later(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = await running.propose()
    size = running.ledger.size
    commit = running.ledger._writer.commit

    async def lost() -> None:
        await commit()
        raise ConnectionResetError

    async def gone() -> None:
        raise ConnectionResetError

    async def lost_for_longer() -> None:
        patched.setattr(running.ledger._writer, "begin", gone)
        await lost()

    with monkeypatch.context() as patched:
        patched.setattr(running.ledger._writer, "commit", lost_for_longer)
        with pytest.raises(OutcomeUnknown):
            await running.cast(poll, COOPS[0])
    with pytest.raises(BallotSuperseded):
        await running.cast(poll, COOPS[0])
    assert running.ledger.size == size + 1


async def test_a_clock_far_behind_the_log_records_nothing(running: Running, clock: MovedClock) -> None:
    poll = await running.propose()
    clock.time = later(clock.time, -timedelta(seconds=3))
    with pytest.raises(ClockBehind):
        await running.cast(poll, COOPS[0])
    clock.time = later(clock.time, timedelta(seconds=3))
    await running.cast(poll, COOPS[0])


async def test_a_clock_a_little_behind_the_log_does_not_turn_time_back(running: Running, clock: MovedClock) -> None:
    poll = await running.propose()
    first = await running.cast(poll, COOPS[0])
    clock.time = later(clock.time, -timedelta(seconds=1))
    second = await running.cast(poll, COOPS[1])
    assert read_record(second.record).at == read_record(first.record).at > START


async def test_another_process_on_the_same_database_is_caught_up_with(running: Running) -> None:
    poll = await running.propose()
    async with running.again("other") as other:
        first = await other.cast(poll, COOPS[0])
        second = await running.cast(poll, COOPS[1])
        third = await other.cast(poll, COOPS[2])
        assert [first.seq, second.seq, third.seq] == list(range(first.seq, first.seq + 3))
        assert await running.ledger.receipt(third.seq) == third.receipt


async def test_the_checkpoint_is_that_of_the_log_now_and_at_each_earlier_size(running: Running) -> None:
    for size in (None, 1, 7):
        note = await running.ledger.checkpoint(size)
        opened = open_checkpoint(note, running.signer.verifier_key)
        assert opened.checkpoint.size == (running.ledger.size if size is None else size)
    with pytest.raises(EntryUnknown):
        await running.ledger.checkpoint(running.ledger.size + 1)


async def test_a_stored_hash_that_was_altered_is_never_signed(running: Running) -> None:
    await running.change("UPDATE tree_node SET hash = ? WHERE position = 0", bytes(32))
    with pytest.raises(RochdaleError) as refused:
        await running.ledger.checkpoint(1)
    assert refused.value.code == "log_damaged"


async def test_a_head_that_was_altered_while_running_stops_everything(running: Running) -> None:
    for damage, args, refusal in (
        ("UPDATE log_head SET root = ?", (bytes(32),), LogDamaged),
        ("UPDATE log_head SET size = size + 1", (), LogDamaged),
        ("UPDATE log_head SET size = size - 2", (), LedgerUnready),
    ):
        await running.change(damage, *args)
        with pytest.raises(refusal):
            await running.ledger.tick()


async def test_a_closed_ledger_takes_nothing(running: Running) -> None:
    poll = await running.propose()
    ballot = await running.ballot(poll, COOPS[0])
    await running.ledger.close()
    with pytest.raises(LedgerClosed):
        await running.ledger.submit(Cast(statement=ballot), actor=delegate(COOPS[0]))


async def test_closing_finishes_what_waits(running: Running) -> None:
    poll = await running.propose()
    ballots = [Cast(statement=await running.ballot(poll, coop)) for coop in COOPS]
    asked = [
        asyncio.ensure_future(running.ledger.submit(ballot, actor=delegate(coop)))
        for ballot, coop in zip(ballots, COOPS, strict=True)
    ]
    await asyncio.sleep(0)
    await running.ledger.close()
    assert [(await answer).seq for answer in asked]


async def test_who_stops_waiting_stops_nobody_else(running: Running) -> None:
    poll = await running.propose()
    statements = [Cast(statement=await running.ballot(poll, coop)) for coop in COOPS[:2]]
    tasks = [
        asyncio.ensure_future(running.ledger.submit(one, actor=delegate(coop)))
        for one, coop in zip(statements, COOPS, strict=False)
    ]
    await asyncio.sleep(0)
    tasks[0].cancel()
    assert (await tasks[1]).seq == running.ledger.size - 1


def test_the_random_bytes_of_the_tests_differ_each_time() -> None:
    draw = counted_bytes()
    assert draw(16) != draw(16)
