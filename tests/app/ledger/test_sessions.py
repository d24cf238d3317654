import asyncio

import pytest

from app.ledger.asking import Answer, Idempotency
from app.ledger.errors import SessionEnded
from app.store.log_reading import mandates_of_sessions
from governance.ballot import BallotStatement
from governance.commands.founding import NameFederation
from governance.commands.polls import Cast
from governance.ids import OPERATOR, CoopId, PollId
from governance.mandate import NoMandate
from tests.app.ledger.small_federation import COOPS, MovedClock, Running, delegate

pytestmark = pytest.mark.anyio


async def signed_in(running: Running, *names: str) -> None:
    """Sessions of one person, who holds a mandate of every coop."""
    for coop in COOPS:
        await running.change("INSERT INTO holding (mandate, account, since) VALUES (?, 'a', 't')", delegate(coop))
    for name in names:
        await running.change(
            "INSERT INTO session (id, account, device, created, last_seen, expires) VALUES (?, 'a', 'd', 't', 't', 't')",
            name,
        )


async def cast(
    running: Running, poll: PollId, coop: CoopId, session: str, statement: BallotStatement | None = None
) -> Answer:
    statement = statement or await running.ballot(poll, coop)
    key = Idempotency(principal=session, operation="cast", key="k", fingerprint="f")
    return await running.ledger.submit(
        Cast(statement=statement), actor=delegate(coop), session=session, idempotency=key
    )


async def test_a_session_that_has_ended_or_never_was_can_ask_for_nothing(running: Running) -> None:
    poll = await running.propose()
    await signed_in(running, "s1", "s2")
    await running.change("UPDATE session SET ended = 'now' WHERE id = 's2'")
    size = running.ledger.size
    results = await asyncio.gather(
        *(cast(running, poll, coop, session) for coop, session in zip(COOPS, ("s1", "s2", "s3"), strict=True)),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [Answer, SessionEnded, SessionEnded]
    assert running.ledger.size == size + 1


async def test_a_mandate_that_whoever_is_signed_in_does_not_hold_is_refused(running: Running) -> None:
    poll = await running.propose()
    await signed_in(running, "s1")
    await running.change("UPDATE holding SET account = 'b' WHERE mandate = ?", delegate(COOPS[1]))
    with pytest.raises(NoMandate):
        await cast(running, poll, COOPS[1], "s1")
    assert (await cast(running, poll, COOPS[0], "s1")).seq == running.ledger.size - 1


async def test_a_session_that_has_ended_gets_no_earlier_answer_again(running: Running) -> None:
    poll = await running.propose()
    await signed_in(running, "s1")
    first = await cast(running, poll, COOPS[0], "s1")
    assert await cast(running, poll, COOPS[0], "s1") == first
    await running.change("UPDATE session SET ended = 'now' WHERE id = 's1'")
    with pytest.raises(SessionEnded):
        await cast(running, poll, COOPS[0], "s1")


async def test_a_batch_asks_for_its_sessions_once_and_only_if_it_has_any(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = await running.propose()
    await signed_in(running, "s1", "s2", "s3")
    asked: list[set[str]] = []

    async def counted(run: object, named: set[str]) -> dict[str, set[str]]:
        asked.append(set(named))
        return await mandates_of_sessions(run, named)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr("app.ledger.appending.mandates_of_sessions", counted)
    await running.ledger.tick()
    ballots = [await running.ballot(poll, coop) for coop in COOPS]
    await asyncio.gather(
        *(cast(running, poll, ballot.coop, f"s{number}", ballot) for number, ballot in enumerate(ballots, 1))
    )
    assert asked == [{"s1", "s2", "s3"}]


async def test_several_together_are_refused_together(running: Running, clock: MovedClock) -> None:
    await signed_in(running, "s1")
    await running.change("UPDATE session SET ended = ? WHERE id = 's1'", clock.time)
    with pytest.raises(SessionEnded):
        await running.ledger.submit_all([NameFederation(name="Other", provisions=None)], actor=OPERATOR, session="s1")  # type: ignore[arg-type]  # never looked at
