"""The ledger's own writing connection to SQLite: one per process, used by the ledger's writer and nobody else.

What differs between engines is only here: how the append lock is taken and how statements run. Processes on one file queue
on a file lock beside it, which wakes the next at once; SQLite's own busy handler polls, and lets one wait for a second.
"""

import fcntl
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from piccolo.querystring import QueryString

from app.store.changes import Cell, Changes
from app.store.sqlite_connection import Connection
from governance.instants import Instant


class SQLiteWriter:
    """Transactions under the append lock, one at a time."""

    engine_type = "sqlite"

    def __init__(self, path: Path) -> None:
        """Name the database file; `open` opens it."""
        self._connection = Connection(path, writes=True)
        self._lock_path = path.with_name(path.name + ".lock")
        self._lock: int | None = None

    async def open(self) -> None:
        """Open the connection."""
        await self._connection.open()

    async def begin(self) -> None:
        """Take the append lock and begin: nobody else appends to the log until `commit` or `rollback`."""
        await self._connection.run(self._begin)

    async def run(self, query: QueryString) -> list[dict[str, Any]]:
        """Read within the transaction."""
        sql, args = query.compile_string(engine_type=self.engine_type)
        return await self._connection.execute(sql, args)

    async def execute(self, sql: str) -> None:
        """Run one statement without arguments within the transaction."""
        await self._connection.execute(sql)

    async def write(self, changes: Changes) -> None:
        """Write the changes of a batch."""
        statements = changes.statements()
        await self._connection.run(lambda connection: _write(connection, statements))

    async def commit(self) -> None:
        """Commit durably, and free the lock. After an exception the outcome is unknown until the log is read."""
        await self._connection.run(self._commit)

    async def rollback(self) -> None:
        """Undo what is not committed, if anything is, and free the lock."""
        await self._connection.run(self._rollback)

    async def now(self) -> Instant | None:
        """None: the file has no clock of its own."""
        return None

    async def truncate_journal(self) -> None:
        """Write the journal back into the file and empty it, so that erased bytes do not survive in it."""
        await self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        """Close the connection; an open transaction is undone."""
        await self._connection.close()
        self._free()

    def _begin(self, connection: sqlite3.Connection) -> None:
        self._lock = os.open(self._lock_path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            connection.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._free()
            raise

    def _commit(self, connection: sqlite3.Connection) -> None:
        connection.execute("COMMIT")
        self._free()

    def _rollback(self, connection: sqlite3.Connection) -> None:
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        finally:
            self._free()

    def _free(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _write(connection: sqlite3.Connection, statements: Sequence[tuple[str, Sequence[tuple[Cell, ...]]]]) -> None:
    for sql, rows in statements:
        connection.executemany(sql.replace("{}", "?"), rows)
