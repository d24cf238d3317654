"""What of the log is published: everything up to the newest checkpoint that this process has signed."""

import asyncio
import contextlib
from typing import Final

from app.ledger.ledger import Ledger
from app.services.redactions import Redactions
from app.store.log_reading import Run, head
from governance.errors import RochdaleError
from governance.log.checkpoint import read_checkpoint
from governance.value import Value

_DOWNLOADS: Final = 4
"""Bundles that one process sends at the same time."""


class Newest(Value):
    """The newest signed checkpoint, and how many entries it covers."""

    size: int
    note: bytes


class Published:
    """Remembers the newest checkpoint, so that asking for it costs nothing while the log does not grow."""

    def __init__(self, ledger: Ledger, read: Run) -> None:
        """Take the ledger that signs, and what reads the committed tables."""
        self.redactions = Redactions(read)
        self.downloads = asyncio.Semaphore(_DOWNLOADS)
        self._ledger = ledger
        self._read = read
        self._newest: Newest | None = None

    async def newest(self) -> Newest:
        """The newest checkpoint; refuses as `Ledger.checkpoint` does."""
        known = self._newest
        if known is None or known.size < self._ledger.size:
            note = await self._ledger.checkpoint()
            known = Newest(size=read_checkpoint(note).size, note=note)
            if self._newest is None or known.size > self._newest.size:
                self._newest = known
        return self._newest or known

    async def reaching(self, size: int) -> Newest:
        """The newest checkpoint; where it does not cover `size`, what another process appended is caught up with first."""
        known = await self.newest()
        if known.size < size:
            present = await head(self._read)
            if present is not None and present.size > known.size:
                # Where the ledger cannot write now, what is known already can still be read.
                with contextlib.suppress(RochdaleError):
                    await self._ledger.tick()
                known = await self.newest()
        return known
