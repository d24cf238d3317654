"""One SQLite connection and the one thread that ever touches it."""

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, TypeVar

T = TypeVar("T")
_PATIENCE: Final = 10.0
"""Seconds to wait for another writer of the same file."""
_PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # a commit is on disk when it returns
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # an erased text leaves no bytes in free pages
)


class Connection:
    """A connection that stays open. What is asked of it happens one after the other, on its own thread.

    A caller that is cancelled leaves its statement running to its end; the next one waits behind it.
    """

    def __init__(self, path: Path, *, writes: bool) -> None:
        """Name the file; `open` opens it."""
        self._path = path
        self._writes = writes
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite")
        self._connection: sqlite3.Connection | None = None

    async def open(self) -> "Connection":
        """Open the file, readable by its owner only where it is new."""
        await self.run_on(self._open)
        return self

    async def execute(self, sql: str, args: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Run one statement and fetch all its rows."""
        return await self.run(lambda connection: fetch(connection, sql, args))

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do some work on the connection's thread: several statements for one way there and back."""
        return await self.run_on(lambda: work(self._opened()))

    async def run_on(self, work: Callable[[], T]) -> T:
        """Do anything on the connection's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def close(self) -> None:
        """Close the connection after what is still running, and end its thread. A second time nothing happens."""
        if self._connection is not None:
            await self.run_on(self._close)
        self._thread.shutdown(wait=False)

    def _open(self) -> None:
        with contextlib.suppress(FileExistsError):
            # SQLite itself would make a new file readable by everybody. One that is there is never opened beside SQLite: to
            # close it would free all locks that this process has on it, and then whoever else closes it last takes the
            # journal away under our connections (https://www.sqlite.org/howtocorrupt.html, §2.2).
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        connection = sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None, check_same_thread=True)
        try:
            for pragma in _PRAGMAS:
                connection.execute(pragma).fetchall()
            if not self._writes:
                connection.execute("PRAGMA query_only = ON").fetchall()
        except sqlite3.Error:
            connection.close()
            raise
        self._connection = connection

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            raise RuntimeError("the connection is not open")
        return self._connection

    def _close(self) -> None:
        self._opened().close()
        self._connection = None


def fetch(connection: sqlite3.Connection, sql: str, args: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """Run one statement and fetch all its rows, by column."""
    cursor = connection.execute(sql, args)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
