"""Auditing: giving somebody the one file from which everything can be recomputed."""

import errno
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from app.ledger.ledger import Ledger
from app.services.opening import Opened
from app.services.whole_file import whole_file
from app.store.log_reading import entries
from governance.records import Record, read_record

_PAGE: Final = 1_000


async def write_bundle_file(ledger: Ledger, path: Path) -> None:
    """Write the bundle to a file, which appears only when it is whole, or to standard output for `-`.

    Raises:
        OSError: the system refuses; an older file at `path` is as it was.
    """
    if str(path) == "-":
        if sys.stdout is None:
            raise OSError(errno.EBADF, "It is closed", "standard output")
        await ledger.write_bundle(sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    with whole_file(path) as file:
        await ledger.write_bundle(file)


async def records_since(parts: Opened, start: int) -> AsyncIterator[Record]:
    """The log's records from a position on, read page by page."""
    while start < parts.ledger.size:
        for stored in await entries(parts.engine.run_querystring, start, start + _PAGE):
            yield read_record(stored.data)
            start += 1
