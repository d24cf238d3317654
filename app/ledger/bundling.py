"""Writing the bundle: the log with its blobs, page by page, so that neither memory nor a reading transaction grows."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import aclosing
from typing import Final

from app.ledger.errors import EntryUnknown
from app.store.log_reading import Run, blob, blobs_used_first, entries
from governance.log.bundle import BundleWriter
from governance.log.keys import VerifierKey

CheckpointAt = Callable[[int], Awaitable[bytes]]
_PAGE: Final = 256
"""Entries read at once, each of up to 64 KiB."""


async def write_bundle(
    write: Callable[[bytes], object],
    *,
    run: Run,
    key: VerifierKey,
    size: int,
    checkpoint_at: CheckpointAt,
    sizes: Iterable[int] = (),
) -> None:
    """Write the first `size` entries through `write`; the rest as in `bundle_pieces`."""
    given = bundle_pieces(run=run, key=key, size=size, checkpoint_at=checkpoint_at, sizes=sizes)
    async with aclosing(given) as pieces:
        async for piece in pieces:
            write(piece)


async def bundle_pieces(
    *,
    run: Run,
    key: VerifierKey,
    size: int,
    checkpoint_at: CheckpointAt,
    sizes: Iterable[int] = (),
) -> AsyncGenerator[bytes, None]:
    """The bundle of the first `size` entries in pieces, with signed checkpoints at the sizes named and at the end.

    A text that was erased is not there; every other blob stands before the first entry that names it. Nothing more is read
    before a piece was taken.

    Raises:
        EntryUnknown: a size that the bundle does not reach.
    """
    wanted = {*sizes, size}
    if min(wanted) < 1 or max(wanted) > size:
        raise EntryUnknown(f"The bundle has checkpoints at 1 to {size} entries, and no others.")
    made: list[bytes] = []
    bundle = BundleWriter(made.append)
    bundle.header(key, size)
    for start in range(0, size, _PAGE):
        stop = min(start + _PAGE, size)
        uses = await _uses(run, start, stop)
        for stored in await entries(run, start, stop):
            for address in uses.get(stored.seq, ()):
                # It may have been erased since the page was read.
                found = await blob(run, address)
                if found is not None:
                    bundle.blob(found)
                while made:
                    yield made.pop(0)
            bundle.entry(stored.data)
            if stored.seq + 1 in wanted:
                bundle.checkpoint(await checkpoint_at(stored.seq + 1))
            while made:
                yield made.pop(0)
    bundle.close()
    while made:
        yield made.pop(0)


async def _uses(run: Run, start: int, stop: int) -> dict[int, list[str]]:
    """The blobs that the entries of a page are the first to name."""
    uses: dict[int, list[str]] = {}
    for seq, address in await blobs_used_first(run, start, stop):
        uses.setdefault(seq, []).append(address)
    return uses
