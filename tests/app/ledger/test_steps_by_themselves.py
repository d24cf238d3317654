import asyncio

import pytest

from app.ledger.errors import StepBlocked
from governance.commands.polls import TakeStep
from governance.deciding.decision import Decision
from governance.facts.proposals import CommentPosted
from governance.federation import DECIDE
from governance.ids import FEDERATION, ProposalId
from governance.poll import PollClosed
from governance.records import read_record
from governance.revealing import TextMissing
from tests.app.ledger.small_federation import COOPS, MovedClock, Running

pytestmark = pytest.mark.anyio


async def types(running: Running, start: int) -> list[str]:
    rows = await running.rows("SELECT type FROM log_entry WHERE seq >= ? ORDER BY seq", start)
    return [str(row["type"]) for row in rows]


async def test_what_is_due_at_once_happens_in_the_batch_of_the_command(running: Running) -> None:
    start = running.ledger.size
    await running.propose()
    assert await types(running, start) == ["proposal.submitted", "poll.opened"]


async def test_what_fell_due_comes_before_the_command(running: Running, clock: MovedClock) -> None:
    poll = await running.propose()
    start = running.ledger.size
    clock.move(days=7)
    with pytest.raises(PollClosed):
        await running.cast(poll, COOPS[0])
    assert await types(running, start) == ["poll.closed"]
    (row,) = await running.rows("SELECT bytes FROM log_entry WHERE seq = ?", start)
    record = read_record(row["bytes"])
    assert record.actor == FEDERATION


async def test_what_fell_due_while_everything_was_down_happens_once(running: Running, clock: MovedClock) -> None:
    poll = await running.propose()
    for coop in COOPS:
        await running.cast(poll, coop)
    start = running.ledger.size
    await running.ledger.close()
    clock.move(days=30)
    async with running.again() as again:
        await asyncio.gather(*(again.ledger.tick() for _ in range(3)))
        assert await types(again, start) == ["poll.closed", "proposal.enacted"]


async def test_a_tick_with_nothing_due_writes_nothing(running: Running) -> None:
    size = running.ledger.size
    await running.ledger.tick()
    assert running.ledger.size == size
    assert await running.rows("SELECT size FROM log_head") == [{"size": size}]


async def test_the_timer_takes_what_falls_due(running: Running, clock: MovedClock) -> None:
    await running.propose()
    size = running.ledger.size
    timer = asyncio.ensure_future(running.ledger.run_timer(longest=0.01))
    clock.move(days=7)
    for _ in range(200):
        await asyncio.sleep(0.01)
        if running.ledger.size > size:
            break
    timer.cancel()
    assert await types(running, size) == ["poll.closed"]


async def test_the_timer_ends_with_the_ledger(running: Running) -> None:
    timer = asyncio.ensure_future(running.ledger.run_timer(longest=0.01))
    await asyncio.sleep(0.02)
    await running.ledger.close()
    await asyncio.wait_for(timer, 5)


async def test_a_step_that_would_never_end_blocks_everything(
    running: Running, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await running.propose()
    said = CommentPosted(proposal=ProposalId("p1"), coop=COOPS[0], text="0" * 64, reply_to=None)
    clock.move(days=7)
    with monkeypatch.context() as patched:
        patched.setitem(DECIDE, TakeStep, lambda *_: Decision(fact=said))  # type: ignore[misc]  # as below
        with pytest.raises(StepBlocked):
            await running.ledger.tick()
    await running.ledger.tick()


async def test_a_step_that_is_refused_blocks_everything_and_is_named(
    running: Running, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = await running.propose()

    def refuses(*_: object) -> Decision:
        raise TextMissing("It is not there.")

    clock.move(days=7)
    with monkeypatch.context() as patched:
        patched.setitem(DECIDE, TakeStep, refuses)  # type: ignore[misc]  # a command is a Value
        with pytest.raises(StepBlocked, match=r"close_poll of p1\.v1"):
            await running.cast(poll, COOPS[0])
    await running.ledger.tick()
