"""The ledger's own writing connection to PostgreSQL: one per process, used by the ledger's writer and nobody else.

What differs between engines is only here: how the append lock is taken and how statements run. The lock is the head row's. A
transaction is READ COMMITTED, so that the statement after the one that waited for the lock sees what was committed meanwhile.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any, Final, TypeVar

import asyncpg
from piccolo.querystring import QueryString

from app.store.changes import Changes
from app.store.postgres_connection import PATIENCE, connect, is_lost
from app.store.reaching import DatabaseUnreachable
from governance.instants import Instant, instant

T = TypeVar("T")
_LOCK: Final = "SELECT 1 FROM log_head WHERE id = 1 FOR UPDATE"
_FIRST: Final = "SELECT pg_advisory_xact_lock(7811887441)"
"""Where there is no head row yet, this number is the lock (any number that nobody else uses)."""
_LONG: Final = 3_600.0


class PostgresWriter:
    """Transactions under the append lock, one at a time. A connection that was lost is made anew by the next `begin`."""

    engine_type = "postgres"

    def __init__(self, url: str) -> None:
        """Name the database; `open` connects."""
        self._url = url
        self._connection: Any = None

    async def open(self) -> None:
        """Connect; refuses as `connect` does."""
        # Statements repeat for as long as the process lives: they are prepared once.
        self._connection = await connect(self._url, max_cached_statement_lifetime=0)

    async def begin(self) -> None:
        """Take the append lock and begin: nobody else appends to the log until `commit` or `rollback`.

        Raises:
            DatabaseUnreachable: it does not answer, or somebody else holds the lock for too long.
        """
        kept = self._connection is not None
        try:
            await self._begin()
        except DatabaseUnreachable:
            if not kept or self._connection is not None:
                raise
            # The connection had been lost while nothing happened on it.
            await self._begin()

    async def run(self, query: QueryString) -> list[dict[str, Any]]:
        """Read within the transaction."""
        sql, args = query.compile_string(engine_type=self.engine_type)
        return [dict(row) for row in await self._do(lambda on: on.fetch(sql, *args, timeout=PATIENCE))]

    async def execute(self, sql: str) -> None:
        """Run one statement without arguments within the transaction."""
        await self._do(lambda on: on.execute(sql, timeout=_LONG))

    async def write(self, changes: Changes) -> None:
        """Write the changes of a batch."""
        statements = changes.statements()

        async def write(on: Any) -> None:  # noqa: ANN401 - asyncpg is untyped
            for sql, rows in statements:
                if len(rows) == 1:
                    await on.execute(_numbered(sql), *rows[0], timeout=PATIENCE)
                else:
                    # All rows go out before the first answer comes back.
                    await on.executemany(_numbered(sql), rows, timeout=PATIENCE)

        await self._do(write)

    async def commit(self) -> None:
        """Commit durably, and free the lock. After an exception the outcome is unknown until the log is read under the lock.

        Raises:
            DatabaseUnreachable: the answer was lost, or did not come.
        """

        async def commit(on: Any) -> str:  # noqa: ANN401 - as above
            committing = asyncio.ensure_future(on.execute("COMMIT"))
            await asyncio.wait([committing], timeout=PATIENCE)
            if not committing.done():
                # To cancel it would end the waiting for a standby and leave what is committed on one machine only.
                on.terminate()
            return str(await committing)

        if (status := await self._do(commit)) != "COMMIT":
            raise RuntimeError(f"the transaction was undone: {status}")

    async def rollback(self) -> None:
        """Undo what is not committed, if anything is, and free the lock."""
        connection = self._connection
        if connection is not None and (connection.is_closed() or connection.is_in_transaction()):
            try:
                await connection.execute("ROLLBACK", timeout=PATIENCE)
            except Exception:  # noqa: BLE001 - the server undoes what a lost connection began
                self._drop()

    async def now(self) -> Instant | None:
        """The database's clock. After `begin` it is read under the lock."""
        return instant(await self._do(lambda on: on.fetchval("SELECT clock_timestamp()", timeout=PATIENCE)))

    async def truncate_journal(self) -> None:
        """Nothing: PostgreSQL overwrites what was deleted in its own time, and keeps its journal as it is set up to."""

    async def close(self) -> None:
        """Close the connection; an open transaction is undone."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                await connection.close(timeout=PATIENCE)
            except Exception:  # noqa: BLE001 - a connection that was lost is closed already
                connection.terminate()

    async def _begin(self) -> None:
        if self._connection is None:
            await self.open()
        try:
            if await self._lock(f"BEGIN ISOLATION LEVEL READ COMMITTED; {_LOCK}") == "SELECT 0":
                await self._lock(_FIRST)
                await self._lock(_LOCK)
        except BaseException:
            await self.rollback()
            raise

    async def _lock(self, sql: str) -> str:
        try:
            return await self._do(lambda on: on.execute(sql, timeout=PATIENCE))
        except asyncpg.LockNotAvailableError as error:
            raise DatabaseUnreachable("Another process holds the log for too long. Try again.") from error

    async def _do(self, work: Callable[[Any], Awaitable[T]]) -> T:
        connection = self._connection
        if connection is None:
            raise DatabaseUnreachable("The connection to PostgreSQL was lost. Try again.")
        try:
            return await work(connection)
        except Exception as error:
            if not is_lost(error):
                raise
            self._drop()
            raise DatabaseUnreachable("The connection to PostgreSQL was lost. Try again.") from error

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None


@cache
def _numbered(sql: str) -> str:
    """A statement's places as PostgreSQL writes them."""
    numbers = itertools.count(1)
    first, *others = sql.split("{}")
    return first + "".join(f"${next(numbers)}{part}" for part in others)
