"""Admitting commands to a batch: the steps that are due come first, then each command, all under the append lock."""

import logging
from collections.abc import Collection, Mapping
from typing import Final

from app.ledger.asking import Asked
from app.ledger.batch import Batch, Entry
from app.ledger.errors import IdempotencyMismatch, LedgerFailed, LogKeyForeign, SessionEnded, StepBlocked
from app.ledger.texts import check_texts, step_command
from app.store.log_reading import Answered, Run, blob
from governance.errors import Refusal, RochdaleError
from governance.facts.continuing import LogContinued
from governance.facts.founding import LogGenesis
from governance.facts.rotating import LogKeyRotated
from governance.ids import FEDERATION
from governance.mandate import NoMandate
from governance.state import Step
from governance.value import Value

_log: Final = logging.getLogger(__name__)


class Again(Value):
    """The request was answered before, with the entry `seq`."""

    seq: int


Verdict = tuple[Entry, ...] | Again | RochdaleError
"""What became of a group of commands: its records, an earlier answer, or why not."""


async def take_steps(batch: Batch, run: Run) -> None:
    """Record everything that is due at the batch's instant, in the order of the deadlines.

    Raises:
        StepBlocked: the rules refuse the step that is due, so nothing can be recorded before somebody looks into it.
    """

    async def find(address: str) -> bytes | None:
        return batch.texts.get(address) or await blob(run, address)

    taken: Step | None = None
    while (step := batch.federation.due(batch.at)) is not None:
        if step == taken:
            raise StepBlocked(f"The step {step.kind} of {step.subject} was recorded and is still due.")
        command = await step_command(batch.federation.state, step, find)
        try:
            decision = batch.federation.decide(command, actor=FEDERATION, at=batch.at)
        except Refusal as refusal:
            raise StepBlocked(
                f"The step {step.kind} of {step.subject} is due and refused: {refusal.detail}"
            ) from refusal
        batch.record(decision, FEDERATION, {})
        taken = step


async def admit(
    batch: Batch,
    group: tuple[Asked, ...],
    *,
    known: dict[tuple[str, str, str], Answered],
    live: Mapping[str, Collection[str]],
    run: Run,
    key: str,
) -> Verdict:
    """Decide a group of commands, wholly or not at all.

    `known` are requests that were answered before, `live` the sessions that have not ended with the mandates that their people
    hold, `key` the log's key, or the one that follows it.
    """
    for asked in group:
        if asked.session is not None:
            held = live.get(asked.session)
            if held is None:
                return SessionEnded("This session has ended, here or on another device. Sign in again.")
            if asked.actor not in held:
                return NoMandate("You do not hold the mandate that you name. Your mandates are listed in your account.")
        if asked.idempotency is not None and (verdict := _earlier(batch, asked, known)) is not None:
            return verdict
    branch = batch.branch()
    entries = []
    try:
        for asked in group:
            entries.append(await _admit_one(branch, asked, run, key))
            await take_steps(branch, run)
    except RochdaleError as refusal:
        return refusal
    except Exception as error:  # noqa: BLE001 - answered as a failure, and logged
        # A fault in one command's rules must not take the rest of the batch with it; nothing of it was kept.
        _log.exception("deciding failed", extra={"command": type(group[0].command).__name__})
        failed = LedgerFailed(
            "The service failed at this, and nothing was recorded. The operator can see why in its log."
        )
        failed.__cause__ = error
        return failed
    batch.join(branch)
    return tuple(entries)


async def _admit_one(branch: Batch, asked: Asked, run: Run, key: str) -> Entry:
    state = branch.federation.state
    decision = branch.federation.decide(asked.command, actor=asked.actor, at=branch.at)
    if isinstance(decision.fact, LogGenesis | LogContinued | LogKeyRotated) and decision.fact.key != key:
        raise LogKeyForeign("This log would be signed by another key than it names. Begin it with the key loaded here.")
    texts = await check_texts(decision.fact, asked.blobs, state=state, brought=branch.texts, run=run)
    entry = branch.record(decision, asked.actor, texts)
    if asked.idempotency is not None:
        branch.answer(asked.idempotency, entry)
    return entry


def _earlier(batch: Batch, asked: Asked, known: dict[tuple[str, str, str], Answered]) -> Verdict | None:
    wanted = asked.idempotency
    if wanted is None:
        return None
    stored = known.get(wanted.place)
    if stored is not None:
        return Again(seq=stored.seq) if stored.fingerprint == wanted.fingerprint else _mismatch()
    pending = batch.answered.get(wanted.place)
    if pending is not None:
        before, entry = pending
        return (entry,) if before.fingerprint == wanted.fingerprint else _mismatch()
    return None


def _mismatch() -> IdempotencyMismatch:
    return IdempotencyMismatch("This key came before with another request. Use a new key for a new request.")
