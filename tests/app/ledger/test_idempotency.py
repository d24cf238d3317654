import asyncio

import pytest

from app.ledger.asking import Answer, Idempotency
from app.ledger.errors import IdempotencyMismatch, OutcomeUnknown
from app.security.signed import SignedUnwritable
from governance.commands.polls import Cast
from governance.ids import PollId
from governance.poll import BallotSuperseded, PollClosed
from tests.app.ledger.small_federation import COOPS, MovedClock, Running, delegate

pytestmark = pytest.mark.anyio


def key(name: str = "k1", fingerprint: str = "f1") -> Idempotency:
    return Idempotency(principal="person-1", operation="cast", key=name, fingerprint=fingerprint)


async def cast(running: Running, *, idempotency: Idempotency, poll: PollId) -> Answer:
    ballot = Cast(statement=await running.ballot(poll, COOPS[0]))
    return await running.ledger.submit(ballot, actor=delegate(COOPS[0]), idempotency=idempotency)


async def test_the_same_request_again_gets_the_first_answer_and_adds_nothing(running: Running) -> None:
    poll = await running.propose()
    first = await cast(running, idempotency=key(), poll=poll)
    await running.cast(poll, COOPS[1])
    size = running.ledger.size
    assert await cast(running, idempotency=key(), poll=poll) == first
    assert running.ledger.size == size


async def test_the_same_request_twice_at_once_gets_one_answer(running: Running) -> None:
    poll = await running.propose()
    size = running.ledger.size
    ballot = Cast(statement=await running.ballot(poll, COOPS[0]))
    answers = await asyncio.gather(
        *(running.ledger.submit(ballot, actor=delegate(COOPS[0]), idempotency=key()) for _ in range(5))
    )
    assert len({(answer.seq, answer.receipt) for answer in answers}) == 1
    assert running.ledger.size == size + 1


async def test_another_request_under_the_key_is_refused_later_and_at_once(running: Running) -> None:
    poll = await running.propose()
    ballot = Cast(statement=await running.ballot(poll, COOPS[0]))
    results = await asyncio.gather(
        *(
            running.ledger.submit(ballot, actor=delegate(COOPS[0]), idempotency=key(fingerprint=fingerprint))
            for fingerprint in ("f1", "f2")
        ),
        return_exceptions=True,
    )
    assert isinstance(results[1], IdempotencyMismatch)
    with pytest.raises(IdempotencyMismatch):
        await cast(running, idempotency=key(fingerprint="f3"), poll=poll)


async def test_keys_belong_to_whoever_asks_and_to_the_operation(running: Running) -> None:
    poll = await running.propose()
    await cast(running, idempotency=key(), poll=poll)
    other = Idempotency(principal="person-2", operation="cast", key="k1", fingerprint="f1")
    with pytest.raises(BallotSuperseded):
        await cast(running, idempotency=other, poll=poll)


async def test_a_refusal_is_not_remembered(running: Running) -> None:
    poll = await running.propose()
    with pytest.raises(BallotSuperseded):
        await running.ledger.submit(
            Cast(statement=await running.ballot(poll, COOPS[0], replaces=3)),
            actor=delegate(COOPS[0]),
            idempotency=key(),
        )
    assert (await cast(running, idempotency=key(), poll=poll)).seq


async def test_an_answer_is_given_again_after_a_restart_and_when_it_could_no_longer_be_asked(
    running: Running, clock: MovedClock
) -> None:
    poll = await running.propose()
    first = await cast(running, idempotency=key(), poll=poll)
    ballot = await running.ballot(poll, COOPS[0])
    clock.move(days=8)
    await running.ledger.close()
    async with running.again() as again:
        await again.ledger.tick()
        await again.ledger.rebuild()
        actor = delegate(COOPS[0])
        second = await again.ledger.submit(Cast(statement=ballot), actor=actor, idempotency=key())
        with pytest.raises(PollClosed):
            await again.ledger.submit(Cast(statement=ballot), actor=actor, idempotency=key("k2"))
    assert second == first


async def test_a_key_is_forgotten_after_thirty_days(running: Running, clock: MovedClock) -> None:
    poll = await running.propose()
    await cast(running, idempotency=key(), poll=poll)
    clock.move(days=29)
    await running.propose(words="A second.")
    assert len(await running.rows("SELECT key FROM idempotency_key")) == 1
    clock.move(days=2)
    await running.propose(words="A third.")
    assert not await running.rows("SELECT key FROM idempotency_key")


async def test_what_could_not_be_signed_is_answered_when_asked_again(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = await running.propose()

    def refuses(*_: object) -> bytes:
        raise SignedUnwritable("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(running.signer, "release", refuses)
        with pytest.raises(OutcomeUnknown):
            await cast(running, idempotency=key(), poll=poll)
    answer = await cast(running, idempotency=key(), poll=poll)
    assert answer.seq == running.ledger.size - 1
