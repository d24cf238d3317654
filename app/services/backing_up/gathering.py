"""Gathering what a backup holds, while the federation goes on.

The log is append-only, so it is read page by page up to a size. Its blobs are read after it: one that is missing then was
erased, and the log is read on until it says so. What is neither log nor projection is read last, as it is at one moment: so
it may be newer than the log, and never older.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from piccolo.querystring import QueryString
from piccolo.table import Table

from app.ledger.errors import LogDamaged, LogDifferent, LogKeyForeign, LogShorter
from app.ledger.folding import PAGE
from app.ledger.proofs import root_before
from app.security.signed import LastSigned
from app.security.signer import Signer
from app.services.backing_up.frames import (
    End,
    Entries,
    FrameWriter,
    Header,
    KeptBlob,
    LoggedEntry,
    Rows,
    SignedHead,
)
from app.store.changes import Cell, columns, name_of
from app.store.engines import AnyEngine
from app.store.log_reading import Head, Run, blob, blobs_used_first, entries, head, kinds_of, redacted_since
from app.store.snapshot import rows_of, snapshot
from app.store.tables import KEPT, IdempotencyKey
from governance.instants import Instant
from governance.log.keys import format_verifier_key
from governance.log.merkle import Frontier, leaf_hash

_ENOUGH: Final = 1_048_576
"""Bytes of entries in one frame, about."""


class Gathered:
    """How much went into a backup so far: all of it, once the pieces have come to their end."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.entries = 0
        self.blobs = 0
        self.rows: dict[str, int] = {}


async def gather(engine: AnyEngine, signer: Signer, *, at: Instant, gathered: Gathered) -> AsyncIterator[bytes]:
    """The bytes of a backup, piece by piece. The engine is bound, and its database has a log.

    Raises:
        LogShorter, LogDifferent, LogDamaged: it is not the log that was signed; a copy of it would help nobody.
        LogKeyForeign: another key signs it.
        RootSignedTwice, SignedUnwritable, SignedMissing, SignedFileInvalid: its end cannot be signed.
    """
    run, frames, frontier = engine.run_querystring, FrameWriter(), Frontier()
    key, last = signer.verifier_key, signer.last()
    # After what was signed last: whatever was signed is in the log that is read after it.
    present = await _present(run)
    if present.size < last.size:
        raise LogShorter(
            f"{last.size} entries were signed and the database has {present.size}: it is an older copy, and is not backed up."
        )
    tables = {table: columns(table) for table in KEPT}
    kept = {_name(table): names for table, names in tables.items()}
    yield frames.bytes_of(Header(origin=key.name, key=format_verifier_key(key), created=at, tables=kept))
    while frontier.size < present.size:
        start = frontier.size
        async for some in _log(run, frontier, present.size, last):
            gathered.entries += len(some.entries)
            yield frames.bytes_of(some)
        async for one in _blobs(run, start, present.size):
            gathered.blobs += 1
            yield frames.bytes_of(one)
        if await redacted_since(run, present.size):
            # A text may be gone whose erasing stands only in what came meanwhile.
            present = await _present(run)
    yield frames.bytes_of(SignedHead(note=await _sign(run, signer, frontier)))
    async with snapshot(engine) as read:
        for table, names in tables.items():
            async for page in rows_of(read, table, names):
                rows = _up_to(frontier.size, page, names) if table is IdempotencyKey else page
                gathered.rows[_name(table)] = gathered.rows.get(_name(table), 0) + len(rows)
                yield frames.bytes_of(Rows(table=_name(table), rows=rows))
    yield frames.bytes_of(End(note=signer.vouch(frames.digest)))


async def _present(run: Run) -> Head:
    present = await head(run)
    if present is None or not present.size:
        raise LogDamaged("There is no log in this database. Is it the right one?")
    return present


async def _log(run: Run, frontier: Frontier, stop: int, last: LastSigned) -> AsyncIterator[Entries]:
    """The entries up to `stop` in frames of about the same size; the edge moves on with them."""
    start, waiting, length = frontier.size, list[LoggedEntry](), 0
    while frontier.size < stop:
        page = await entries(run, frontier.size, min(frontier.size + PAGE, stop))
        if not page:
            raise LogDamaged(f"Entry {frontier.size} of the log is missing in the database. Restore it.")
        for stored in page:
            frontier.append(leaf_hash(stored.data))
            if frontier.size == last.size and frontier.root() != last.root:
                raise LogDifferent(
                    f"The first {last.size} entries are not those that were signed. Somebody altered or exchanged the database."
                )
            waiting.append(LoggedEntry(data=stored.data, batch_end=stored.batch_end))
            length += len(stored.data)
            if length >= _ENOUGH or frontier.size == stop:
                yield Entries(start=start, entries=tuple(waiting))
                start, waiting, length = frontier.size, [], 0


async def _blobs(run: Run, start: int, stop: int) -> AsyncIterator[KeptBlob]:
    for first in range(start, stop, PAGE):
        uses = await blobs_used_first(run, first, min(first + PAGE, stop))
        kinds = await kinds_of(run, [address for _, address in uses])
        for first_use, address in uses:
            data = await blob(run, address)
            # It may have been erased since the page was read.
            if data is not None:
                yield KeptBlob(kind=kinds[address], first_use=first_use, data=data)


async def _sign(run: Run, signer: Signer, frontier: Frontier) -> bytes:
    """The signed checkpoint of what was read, once both the head and what was signed are seen to begin with it."""
    size, root, present = frontier.size, frontier.root(), await _present(run)
    known = [(present.size, present.root)]
    signed = await asyncio.to_thread(signer.last)
    if signed.size > size:
        known.append((signed.size, signed.root))
    for longer, its_root in known:
        if await root_before(run, size, longer, its_root) != root:
            raise LogDamaged("The entries of the log lead to another root than its head names. Restore the database.")
    key = format_verifier_key(signer.verifier_key)
    # Another may have followed it, in the log that was read or a moment ago: this one signs nothing more.
    for row in await run(QueryString('SELECT "key" FROM "federation"')):
        if row["key"] != key:
            raise LogKeyForeign(
                f"This log is signed by {row['key']}, and the key here is {key}. Start the service with its own."
            )
    return await asyncio.to_thread(signer.release, size, root)


def _up_to(size: int, rows: tuple[tuple[Cell, ...], ...], names: tuple[str, ...]) -> tuple[tuple[Cell, ...], ...]:
    """The answers that name an entry of the backup: a request whose entry is lost is to be asked anew."""
    seq = names.index("seq")
    return tuple(row for row in rows if isinstance(at := row[seq], int) and at < size)


def _name(table: type[Table]) -> str:
    return name_of(table).strip('"')
