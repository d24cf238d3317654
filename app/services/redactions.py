"""Which texts were erased, so that whoever asks for one is told so, and does not take it for lost."""

import asyncio
from typing import Final

from piccolo.querystring import QueryString

from app.store.log_reading import Run
from governance.facts.register import TextRedacted
from governance.records import read_record

_PAGE: Final = 10_000


class Redactions:
    """The hashes of erased texts up to some entry. The log is looked through once, page by page, and then only what is new."""

    def __init__(self, read: Run) -> None:
        """Start before the first entry."""
        self._read = read
        self._texts: set[str] = set()
        self._looked = 0
        self._busy = asyncio.Lock()

    async def include(self, text: str, size: int) -> bool:
        """Whether one of the first `size` entries erased the text with this hash."""
        async with self._busy:
            while self._looked < size:
                stop = min(self._looked + _PAGE, size)
                rows = await self._read(
                    QueryString(
                        'SELECT "bytes" FROM "log_entry" WHERE "type" = {} AND "seq" >= {} AND "seq" < {}',
                        "text.redacted",
                        self._looked,
                        stop,
                    )
                )
                for row in rows:
                    body = read_record(row["bytes"]).body
                    if isinstance(body, TextRedacted):
                        self._texts.add(body.text)
                self._looked = stop
            return text in self._texts
