"""Piccolo's SQLite engine, with connections that stay open.

The stock engine opens a connection for each query, and one connection shared by coroutines loses acknowledged writes. Here
readers come from a small pool, each used by one coroutine at a time; everything else that writes (accounts, migrations) has
one writer behind a lock. The ledger's own writer is not this engine's business (`sqlite_writer`).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, Self, cast

from piccolo.engine.sqlite import SQLiteEngine, SQLiteTransaction, TransactionType
from piccolo.table import Table

from app.store.sqlite_connection import Connection

_READERS: Final = 4
_READING: Final = ("SELECT", "EXPLAIN", "PRAGMA TABLE_INFO")


class KeptSQLiteEngine(SQLiteEngine):
    """A SQLite engine for one event loop. Nothing is opened before the first query, so that a fork is safe before it."""

    def __init__(self, path: Path, readers: int = _READERS) -> None:
        """Name the file; `readers` is how many connections read at the same time."""
        super().__init__(path=str(path))
        self._idle: list[Connection] = []
        self._turn = asyncio.Semaphore(readers)
        self._writing = asyncio.Lock()
        self._writer: Connection | None = None

    @property
    def file(self) -> Path:
        """The database file."""
        return Path(str(self.path))

    @asynccontextmanager
    async def reader(self) -> AsyncIterator[Connection]:
        """A reading connection for one coroutine, until it leaves the block."""
        async with self._turn:
            connection = self._idle.pop() if self._idle else await Connection(self.file, writes=False).open()
            try:
                yield connection
            finally:
                self._idle.append(connection)

    async def take_writer(self) -> Connection:
        """The writing connection, once nobody else has it; `give_writer_back` frees it."""
        await self._writing.acquire()
        if self._writer is None:
            try:
                self._writer = await Connection(self.file, writes=True).open()
            except BaseException:
                self._writing.release()
                raise
        return self._writer

    def give_writer_back(self) -> None:
        """Let the next one write."""
        self._writing.release()

    async def close(self) -> None:
        """Close every connection; nothing may be running."""
        while self._idle:
            await self._idle.pop().close()
        if self._writer is not None:
            await self._writer.close()
            self._writer = None

    async def start_connection_pool(self) -> None:
        """Nothing: connections open when they are first needed."""

    async def close_connection_pool(self) -> None:
        """Close every connection."""
        await self.close()

    def transaction(
        self,
        transaction_type: TransactionType = TransactionType.immediate,
        allow_nested: bool = True,  # noqa: FBT001, FBT002 - Piccolo's own signature
    ) -> "KeptTransaction":
        """A transaction on the writing connection. It is immediate, whatever is asked for: one that begins by reading fails."""
        del transaction_type
        return KeptTransaction(engine=self, transaction_type=TransactionType.immediate, allow_nested=allow_nested)

    async def get_connection(self) -> Any:  # noqa: ANN401 - Piccolo expects an aiosqlite connection; ours answers to what it calls
        """The writing connection, for a transaction."""
        return await self.take_writer()

    async def batch(self, *_: Any, **__: Any) -> Any:  # noqa: ANN401 - never returns
        """Refused: a cursor that stays open is a long read transaction. Read page by page."""
        raise NotImplementedError("Read page by page.")

    async def _run_in_new_connection(
        self,
        query: str,
        args: list[Any] | None = None,
        query_type: str = "generic",
        table: type[Table] | None = None,
    ) -> list[dict[str, Any]]:
        del query_type, table
        if query.lstrip().upper().startswith(_READING):
            async with self.reader() as connection:
                return await connection.execute(query, args or ())
        writer = await self.take_writer()
        try:
            return await writer.execute(query, args or ())
        finally:
            self.give_writer_back()

    async def _run_in_existing_connection(
        self,
        connection: Connection,
        query: str,
        args: list[Any] | None = None,
        query_type: str = "generic",
        table: type[Table] | None = None,
    ) -> list[dict[str, Any]]:
        del query_type, table
        return await connection.execute(query, args or ())


class KeptTransaction(SQLiteTransaction):
    """A transaction that gives its connection back instead of closing it."""

    engine: KeptSQLiteEngine

    async def __aenter__(self) -> Self:
        if self._parent is not None:
            return cast("Self", self._parent)
        self.connection = await self.engine.take_writer()
        try:
            await self.connection.execute("BEGIN IMMEDIATE")
        except BaseException:
            self.engine.give_writer_back()
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(self, exception_type: object, exception: BaseException | None, traceback: object) -> bool:
        if self._parent is not None:
            return exception is None
        try:
            if not self._rolled_back and not self._committed:
                await self.connection.execute("ROLLBACK" if exception is not None else "COMMIT")
        finally:
            self.engine.current_transaction.reset(self.context)
            self.engine.give_writer_back()
        return exception is None
