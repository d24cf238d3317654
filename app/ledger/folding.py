"""Folding the log of the database into the federation and the tree's right edge."""

from collections.abc import Callable
from typing import Final

from app.ledger.errors import LogDamaged, LogDifferent, LogShorter
from app.security.signed import LastSigned
from app.store.log_reading import Head, Run, Stored, entries
from governance.errors import FormatError, RochdaleError
from governance.federation import Federation
from governance.log.merkle import Frontier, leaf_hash
from governance.records import Record, RecordUnknown, read_record

PAGE: Final = 1_000
"""Entries read at once: a reading transaction ends with each page."""


class Fold:
    """The federation at some length of the log, with the tree's right edge there."""

    __slots__ = ("_root", "began", "federation", "frontier")

    def __init__(self, federation: Federation | None = None, frontier: Frontier | None = None) -> None:
        """Start before the first entry, or from a snapshot; `began` is at which size."""
        self.federation = federation or Federation()
        self.frontier = frontier or Frontier()
        self.began = self.frontier.size
        self._root: bytes | None = None

    @property
    def size(self) -> int:
        """How many entries are folded in."""
        return self.frontier.size

    @property
    def root(self) -> bytes:
        """The tree's root."""
        if self._root is None:
            self._root = self.frontier.root()
        return self._root

    def advance(self, frontier: Frontier) -> None:
        """Move on to a longer edge; the federation has been moved on already."""
        self.frontier = frontier
        self._root = None

    def add(self, stored: Stored) -> Record:
        """Fold one more entry in.

        Raises:
            RecordUnknown: a newer version wrote it.
            LogDamaged: it is not the next, or no record, or contradicts those before it.
        """
        try:
            record = read_record(stored.data)
            self.federation.apply(record)
        except RecordUnknown:
            raise
        except (RochdaleError, FormatError, LookupError, ValueError) as error:
            raise LogDamaged(
                f"Entry {stored.seq} of the log in the database cannot follow those before it: {error}. Restore the database."
            ) from error
        self.frontier.append(leaf_hash(stored.data))
        self._root = None
        return record


async def refold(
    run: Run, head: Head, last: LastSigned, seen: Callable[[Record], None] | None = None, *, begun: Fold | None = None
) -> Fold:
    """Fold the log up to its head, and compare it with what was signed last, telling `seen` of each record.

    It goes on from where `begun` is, or starts before the first entry.

    Raises:
        LogShorter: more was signed than there is.
        LogDifferent: something else was signed.
        LogDamaged, RecordUnknown: as `Fold.add`; or entries are missing, or the head names another root.
    """
    fold = begun or Fold()
    if head.size < last.size:
        raise LogShorter(
            f"{last.size} entries were signed and the database has {head.size}: it is an older copy. Restore the newest one. "
            "If it is lost, restore a backup with --continue-as, and the log goes on in the open under another origin."
        )
    while fold.size < head.size:
        await fold_page(fold, run, head.size, last=last, seen=seen)
    check_head(fold, head)
    return fold


async def fold_page(
    fold: Fold,
    run: Run,
    stop: int,
    *,
    last: LastSigned | None = None,
    seen: Callable[[Record], None] | None = None,
) -> None:
    """Fold the next page of entries in, up to `stop`, telling `seen` of each record; refuses as `refold` does."""
    page = await entries(run, fold.size, min(fold.size + PAGE, stop))
    if not page:
        raise LogDamaged(f"Entry {fold.size} of the log is missing in the database. Restore it.")
    for stored in page:
        record = fold.add(stored)
        if seen is not None:
            seen(record)
        if last is not None and fold.size == last.size and fold.root != last.root:
            raise LogDifferent(
                f"The first {last.size} entries are not those that were signed. Somebody altered or exchanged the database; "
                "restore the right one."
            )


def check_head(fold: Fold, head: Head) -> None:
    """Refuse a fold that is not what the head row says.

    Raises:
        LogDamaged: another size or root.
    """
    if fold.size != head.size or fold.root != head.root:
        raise LogDamaged(
            f"The head of the log says {head.size} entries under another root than the entries have. Restore the database."
        )
