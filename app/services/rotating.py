"""Letting another key sign the log, under the same origin: the record first, the files last."""

import asyncio
import secrets
from collections.abc import Callable
from typing import Final

from app.clock import Clock, now
from app.ledger.appending import Appender
from app.ledger.asking import Asked
from app.ledger.errors import LogKeyRotated
from app.ledger.folding import Fold
from app.ledger.opening import open_fold
from app.ledger.timing import Timing
from app.security import succession
from app.security.signer import Signer, load_signer
from app.services.holding import Held
from app.services.opening import FederationMissing, engine_at, exists, place_of, refuse_lost
from app.settings import Settings
from app.store.engines import AnyEngine
from app.store.writing import writer_for
from governance.commands.rotating import RotateKey
from governance.deciding.authority import NotFounded
from governance.deciding.rotating import RotationInvalid
from governance.errors import RochdaleError
from governance.ids import OPERATOR
from governance.log.keys import SigningKey, format_verifier_key
from governance.state import Rotation

_TRIES: Final = 8
"""How often something else may come in between the two signatures and the record."""


async def rotate_log_key(
    settings: Settings, *, clock: Clock = now, randomness: Callable[[int], bytes] = secrets.token_bytes
) -> Rotation:
    """Make a new key and let it sign the log from here on. Killed anywhere, the same can be asked again.

    A rotation that was not done to its end is brought there, and no other begun.

    Raises:
        FederationMissing: there is no log to sign.
        NotFounded: the founding is not complete.
        RochdaleError: what `load_signer`, `open_fold` and `Appender.append` refuse; the key that was here still is.
    """
    await refuse_lost(settings)
    if not await exists(settings.database):
        raise FederationMissing(f"There is no federation in {place_of(settings.database)}, and so no log to sign.")
    places = settings.keys_dir, settings.signed_dir
    with await asyncio.to_thread(Held, settings.signed_dir):
        if not await asyncio.to_thread(succession.finish, *places):
            async with engine_at(settings.database) as engine:
                key = await _recorded(engine, settings, clock, randomness)
            await asyncio.to_thread(succession.exchange, *places, key)
        # Once more, with the new key: what is told is what a process that starts now finds.
        async with engine_at(settings.database) as engine:
            fold = await _folded(engine, load_signer(*places))
    return fold.federation.state.rotations[-1]


async def _folded(engine: AnyEngine, signer: Signer) -> Fold:
    writer = writer_for(engine)
    await writer.open()
    try:
        return await open_fold(engine, writer, signer)
    finally:
        await writer.close()


async def _recorded(engine: AnyEngine, settings: Settings, clock: Clock, randomness: Callable[[int], bytes]) -> str:
    """Let the log name the staged key, unless it names another than the one here already; the key that it names then."""
    signer = load_signer(settings.keys_dir, settings.signed_dir)
    writer = writer_for(engine)
    await writer.open()
    try:
        fold = await open_fold(engine, writer, signer)
        if not fold.size:
            raise FederationMissing("No federation was founded in this database, so there is no log to sign.")
        if not fold.federation.state.founded:
            raise NotFounded("The federation's founding is not complete. Complete it, or found it again.")
        after = succession.stage(settings.keys_dir, name=signer.verifier_key.name, seed=randomness(32))
        appender = Appender(
            fold=fold,
            writer=writer,
            timing=Timing(clock, writer),
            randomness=randomness,
            key=format_verifier_key(signer.verifier_key),
            following=format_verifier_key(after.verifier_key),
        )
        return await _append(appender, signer, after)
    except LogKeyRotated as rotated:
        # Killed after the record was committed: what is left to do is to exchange the files.
        return rotated.key
    finally:
        await writer.close()


async def _append(appender: Appender, signer: Signer, after: SigningKey) -> str:
    for _ in range(_TRIES):
        # What another process appended, and what is due, comes first: the two keys sign all that stands before the record.
        await appender.append([])
        key = format_verifier_key(after.verifier_key)
        agreed = await asyncio.to_thread(signer.agree, appender.fold.size, appender.fold.root, after)
        asked = Asked(command=RotateKey(key=key, agreed=agreed.decode()), actor=OPERATOR)
        (verdict,) = (await appender.append([(asked,)])).verdicts
        if not isinstance(verdict, RochdaleError):
            return key
        if not isinstance(verdict, RotationInvalid):
            raise verdict
    raise RotationInvalid("Others write to the log all the time. Stop the service, and try again.")
