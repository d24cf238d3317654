"""Restoring a log of which the end is lost, so that it goes on: under another origin and key, and saying what is lost."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec
from piccolo.querystring import QueryString

from app.clock import Clock
from app.ledger.errors import LogDifferent
from app.ledger.timing import Timing
from app.security import keys, succession
from app.security.signed import LastSigned
from app.services.backing_up.keys import Identity
from app.services.holding import Held
from app.services.opening import engine_at, exists
from app.services.restoring.examining import Examiner
from app.services.restoring.filling import Filling
from app.services.restoring.restoring import (
    Restored,
    examine_by,
    filling,
    last_signed,
    made_again,
    read_backup,
    told,
)
from app.settings import Settings
from app.store.engines import AnyEngine
from app.store.migrating import migrate, pending
from governance.commands.continuing import ContinueLog
from governance.errors import RochdaleError
from governance.log.checkpoint import open_checkpoint
from governance.log.errors import ReceiptInvalid
from governance.log.keys import SigningKey, VerifierKey, format_verifier_key, parse_verifier_key
from governance.log.merkle import EMPTY_ROOT
from governance.log.receipt import parse_receipt
from governance.state import Continuation
from governance.value import Value

_NOTHING: Final = LastSigned(size=0, root=EMPTY_ROOT)


class NothingLost(RochdaleError):
    """Nothing is lost, so the log goes on as it was."""

    code = "nothing_lost"


class Loss(Value):
    """Under which origin a log is to go on, and what is known of the loss.

    `seen` is the newest checkpoint or receipt that anybody has; `memory_lost` says that the file of what was signed last is lost.
    """

    origin: str
    seen: bytes | None = None
    memory_lost: bool = False


async def restore_and_go_on(
    settings: Settings,
    path: Path,
    identities: Sequence[Identity],
    loss: Loss,
    *,
    clock: Clock,
    randomness: Callable[[int], bytes],
) -> Restored:
    """Make the federation of a backup in an empty database, and let its log go on there under another origin, with a new key.

    Killed anywhere, the same can be asked again.

    Raises:
        NothingLost: the backup has all that is known to have been signed.
        LogDifferent: something else was signed than the backup has.
        DatabaseNotEmpty: there is something in the database.
        ContinuationInvalid: the origin is not a new one.
        RochdaleError: what `restoring.examine` and `succession` refuse; the key that was here still is.
    """
    settings.signed_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with await asyncio.to_thread(Held, settings.signed_dir):
        if (done := await _finished(settings)) is not None:
            examined = await examine_by(parse_verifier_key(done.key_before), _NOTHING, path, identities)
            return msgspec.structs.replace(told(examined), continued=done)
        key = keys.load(settings.keys_dir).verifier_key
        memory = last_signed(settings, memory_lost=loss.memory_lost)
        examined = await examine_by(key, memory, path, identities)
        last = _newest(examined, key, memory, loss.seen)
        if last.size == examined.fold.size and not loss.memory_lost:
            raise NothingLost(
                f"This backup has all {last.size} entries that were signed. Restore it without --continue-as: the log is whole."
            )
        after = succession.stage(settings.keys_dir, name=loss.origin, seed=randomness(32))
        async with made_again(settings), engine_at(settings.database) as engine:
            await migrate(engine)
            async with filling(engine) as writer:
                filled = Filling(writer, key, memory, frozenset(examined.erased))
                await read_backup(path, identities, filled.take)
                at = await Timing(clock, writer).now(filled.examiner.fold.federation.state.at)
                command = _command(settings, last, after)
                await filled.go_on(command, at=at, nonce=randomness(16))
        done = await _finished(settings)
    return msgspec.structs.replace(told(examined), continued=done)


def _command(settings: Settings, last: LastSigned, after: SigningKey) -> ContinueLog:
    key = after.verifier_key
    word = succession.last_word(settings.keys_dir, last, key)
    return ContinueLog(origin=key.name, key=format_verifier_key(key), lost=word.decode())


def _newest(examined: Examiner, key: VerifierKey, memory: LastSigned, seen: bytes | None) -> LastSigned:
    """The newest checkpoint that is known: of the backup, of the key's memory, or of somebody who has one.

    Raises:
        LogDifferent: two of them contradict each other.
        RochdaleError: what is `seen` is no checkpoint of this log.
    """
    known = [LastSigned(size=examined.fold.size, root=examined.fold.root), memory]
    if seen is not None:
        checkpoint = open_checkpoint(_note_of(seen), key).checkpoint
        known.append(LastSigned(size=checkpoint.size, root=checkpoint.root))
    newest = max(known, key=lambda one: one.size)
    if any(one.size == newest.size and one.root != newest.root for one in known):
        raise LogDifferent(
            f"Two different logs of {newest.size} entries were signed with this key. Find out which of them is right."
        )
    return newest


def _note_of(seen: bytes) -> bytes:
    """The signed checkpoint that a file holds, by itself or in a receipt."""
    try:
        return parse_receipt(seen).note
    except ReceiptInvalid:
        return seen


async def _finished(settings: Settings) -> Continuation | None:
    """Let the staged key follow, if the database holds the log that goes on under it; None if it does not."""
    after = succession.staged(settings.keys_dir)
    if after is None or not await exists(settings.database):
        return None
    async with engine_at(settings.database) as engine:
        found = None if await pending(engine) else await _goes_on(engine)
    if found is None or found[0].key != format_verifier_key(after.verifier_key):
        return None
    await asyncio.to_thread(succession.follow, settings.keys_dir, settings.signed_dir, found[1])
    return found[0]


async def _goes_on(engine: AnyEngine) -> tuple[Continuation, LastSigned] | None:
    """How the log of a database went on last, if nothing has come after that, with its size and root."""
    run = engine.run_querystring
    rows = await run(
        QueryString(
            'SELECT "c".*, "h"."size", "h"."root" FROM "log_continuation" AS "c", "log_head" AS "h" '
            'WHERE "h"."size" = "c"."seq" + 1'
        )
    )
    if not rows:
        return None
    row = dict(rows[0])
    last = LastSigned(size=row.pop("size"), root=row.pop("root"))
    return Continuation(**row), last
