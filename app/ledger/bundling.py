"""Writing the bundle: the log with its blobs, page by page, so that neither memory nor a reading transaction grows."""

from collections.abc import Awaitable, Callable, Iterable

from app.ledger.errors import EntryUnknown
from app.ledger.folding import PAGE
from app.store.log_reading import Run, blob, blobs_used_first, entries
from governance.log.bundle import BundleWriter
from governance.log.keys import VerifierKey

CheckpointAt = Callable[[int], Awaitable[bytes]]


async def write_bundle(
    write: Callable[[bytes], object],
    *,
    run: Run,
    key: VerifierKey,
    size: int,
    checkpoint_at: CheckpointAt,
    sizes: Iterable[int] = (),
) -> None:
    """Write the first `size` entries through `write`, with signed checkpoints at the sizes named and at the end.

    A text that was erased is not there; every other blob stands before the first entry that names it.

    Raises:
        EntryUnknown: a size that the bundle does not reach.
    """
    wanted = {*sizes, size}
    if min(wanted) < 1 or max(wanted) > size:
        raise EntryUnknown(f"The bundle has checkpoints at 1 to {size} entries, and no others.")
    bundle = BundleWriter(write)
    bundle.header(key, size)
    for start in range(0, size, PAGE):
        stop = min(start + PAGE, size)
        uses: dict[int, list[str]] = {}
        for seq, address in await blobs_used_first(run, start, stop):
            uses.setdefault(seq, []).append(address)
        for stored in await entries(run, start, stop):
            for address in uses.get(stored.seq, ()):
                # It may have been erased since the page was read.
                found = await blob(run, address)
                if found is not None:
                    bundle.blob(found)
            bundle.entry(stored.data)
            if stored.seq + 1 in wanted:
                bundle.checkpoint(await checkpoint_at(stored.seq + 1))
    bundle.close()
