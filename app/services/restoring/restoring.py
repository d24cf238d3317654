"""Restoring a federation from a backup: the whole file is examined first, then read again into an empty database."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from app.security import keys
from app.security.signed import LastSigned, SignedMissing
from app.security.signer import Signer, load_signer, start_signed
from app.services.backing_up.frames import Frame, FrameReader
from app.services.backing_up.keys import Identity
from app.services.backing_up.sealing import unseal
from app.services.holding import Held
from app.services.opening import engine_at
from app.services.restoring.examining import Examiner
from app.services.restoring.filling import Filling, require_empty
from app.settings import Settings, SQLiteDatabase
from app.store.engines import AnyEngine
from app.store.migrating import migrate
from app.store.writing import Writer, writer_for
from governance.instants import Instant
from governance.log.keys import VerifierKey
from governance.log.merkle import EMPTY_ROOT
from governance.state import Continuation
from governance.value import Value

Take = Callable[[Frame, bytes], Awaitable[None]]
_NOTHING: Final = LastSigned(size=0, root=EMPTY_ROOT)


class Restored(Value):
    """What a backup held. `missing` counts blobs that the log names and that are lost, `behind` entries signed since."""

    name: str
    origin: str
    created: Instant
    entries: int
    last: Instant
    blobs: int
    missing: int
    behind: int
    rows: dict[str, int]
    continued: Continuation | None = None


async def examine(
    settings: Settings, path: Path, identities: Sequence[Identity], *, memory_lost: bool = False
) -> Examiner:
    """Read a whole backup and write nothing. That it ends before what was signed is left to the caller to refuse.

    Raises:
        KeyMissing: the log's key is not here; it is in no backup and is restored first.
        SignedMissing: the memory of what was signed is not here, and nobody says that it is lost.
        RochdaleError: what `unseal`, `FrameReader` and `Examiner` refuse.
    """
    key = keys.load(settings.keys_dir).verifier_key
    return await examine_by(key, last_signed(settings, memory_lost=memory_lost), path, identities)


async def examine_by(key: VerifierKey, last: LastSigned, path: Path, identities: Sequence[Identity]) -> Examiner:
    """Read a whole backup that this key vouches for, and that begins with what it signed last; refuses as `examine` does."""
    examiner = Examiner(key, last)

    async def take(frame: Frame, digest: bytes) -> None:
        examiner.take(frame, digest)

    await read_backup(path, identities, take)
    return examiner


async def restore(
    settings: Settings, path: Path, identities: Sequence[Identity], *, memory_lost: bool = False
) -> Restored:
    """Make the federation of a backup in an empty database, wholly or not at all.

    `memory_lost` says that the file of what was signed last is lost, and that nothing was signed after the backup: its memory
    begins anew there.

    Raises:
        LogShorter: more was signed than the backup has.
        DatabaseNotEmpty: there is something in the database.
        RochdaleError: what `examine` refuses; nothing was made.
    """
    examined = await examine(settings, path, identities, memory_lost=memory_lost)
    examined.refuse_shorter()
    settings.signed_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with await asyncio.to_thread(Held, settings.signed_dir):
        async with made_again(settings), engine_at(settings.database) as engine:
            await migrate(engine)
            if memory_lost:
                start_signed(settings.keys_dir, settings.signed_dir)
            signer = load_signer(settings.keys_dir, settings.signed_dir)
            await fill(engine, signer, path, identities, frozenset(examined.erased))
    return told(examined)


async def fill(
    engine: AnyEngine, signer: Signer, path: Path, identities: Sequence[Identity], erased: frozenset[str]
) -> None:
    """Fill an empty, migrated database from a backup, in one transaction under the append lock; refuses as `restore` does."""
    async with filling(engine) as writer:
        filled = Filling(writer, signer.verifier_key, signer.last(), erased)
        await read_backup(path, identities, filled.take)
        filled.examiner.refuse_shorter()
        fold = filled.examiner.fold
        # Before the commit: a memory that is ahead of an empty database lets the same backup be restored again.
        await asyncio.to_thread(signer.release, fold.size, fold.root)


@asynccontextmanager
async def filling(engine: AnyEngine) -> AsyncIterator[Writer]:
    """A writer on an empty, migrated database, in one transaction under the append lock that is committed at the end.

    Raises:
        DatabaseNotEmpty: there is something in the database.
    """
    writer = writer_for(engine)
    await writer.open()
    try:
        await writer.begin()
        try:
            await require_empty(writer)
            yield writer
        except BaseException:
            await writer.rollback()
            raise
        await writer.commit()
        await writer.truncate_journal()
    finally:
        await writer.close()


def told(examined: Examiner) -> Restored:
    """What a backup held, once it was examined to its end."""
    state, header = examined.fold.federation.state, examined.header
    return Restored(
        name=state.name,
        origin=state.origin,
        created=Instant("") if header is None else header.created,
        entries=examined.fold.size,
        last=state.at,
        blobs=len(examined.blobs - examined.erased),
        missing=examined.missing,
        behind=examined.behind,
        rows=examined.rows,
    )


async def read_backup(path: Path, identities: Sequence[Identity], take: Take) -> None:
    """Give every frame of a backup to `take`, in order; refuses as `unseal` and `FrameReader` do."""
    reader = FrameReader()

    async def feed(piece: bytes) -> None:
        for frame in reader.feed(piece):
            await take(frame, reader.digest)

    with path.open("rb") as file:
        await unseal(file, identities, feed)
    reader.finish()


def last_signed(settings: Settings, *, memory_lost: bool) -> LastSigned:
    """What the key that is here signed last; nothing that is known, where somebody says that its memory is lost.

    Raises:
        SignedMissing: nobody says so.
        Other refusals: as in `load_signer`.
    """
    try:
        return load_signer(settings.keys_dir, settings.signed_dir).last()
    except SignedMissing as missing:
        if memory_lost:
            return _NOTHING
        raise SignedMissing(
            f"{missing.detail} Only if it is lost for good, and nothing was signed after this backup was taken, say "
            "--memory-lost: otherwise the log would contradict receipts that people hold. If nobody knows, say --continue-as too."
        ) from missing


@asynccontextmanager
async def made_again(settings: Settings) -> AsyncIterator[None]:
    """Remove the database's file if it was made for a restoring that failed."""
    path = settings.database.path if isinstance(settings.database, SQLiteDatabase) else None
    if path is None or path.exists():
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        for ending in ("", "-wal", "-shm", ".lock"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        raise
