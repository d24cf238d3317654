"""Piccolo's PostgreSQL engine, with a pool that is started and closed, and transactions that give their connection back."""

from collections.abc import Sequence
from typing import Any, Final, Self, cast

import asyncpg
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction

from app.store.postgres_connection import PATIENCE, connect, is_lost
from app.store.reaching import DatabaseUnreachable

_CONNECTIONS: Final = 10


class KeptPostgresEngine(PostgresEngine):
    """A PostgreSQL engine for one event loop. Nothing is opened before `start_connection_pool`, so that a fork is safe before it.

    Without a pool each query has a connection of its own, which suits Piccolo's command line and nothing else.
    """

    def __init__(self, url: str, connections: int = _CONNECTIONS) -> None:
        """Name the database; `connections` is how many there are at most, beside the ledger's own."""
        super().__init__(config={"dsn": url})
        self._connections = connections

    @property
    def url(self) -> str:
        """Where the database is. It can hold a password: never show it."""
        return str(self.config["dsn"])

    async def check_version(self) -> None:
        """Nothing: Piccolo would connect in the constructor, and hold up the event loop meanwhile."""

    async def start_connection_pool(self, **kwargs: Any) -> None:  # noqa: ANN401 - Piccolo's own signature
        """Connect. A second time nothing happens.

        Raises:
            DatabaseUnreachable: nothing answers there, or it refuses.
        """
        if self.pool is None:
            given = {"min_size": 1, "max_size": self._connections, "command_timeout": PATIENCE, **kwargs}
            self.pool = await asyncpg.create_pool(self.url, connect=connect, **given)

    async def close_connection_pool(self) -> None:
        """Close every connection, once nothing is running any more. Without a pool nothing happens."""
        pool, self.pool = self.pool, None
        if pool is not None:
            await pool.close()

    async def get_new_connection(self) -> Any:  # noqa: ANN401 - asyncpg is untyped
        """A connection beside the pool, which whoever asks for it closes."""
        return await connect(self.url)

    def transaction(self, allow_nested: bool = True) -> "KeptPostgresTransaction":  # noqa: FBT001, FBT002 - Piccolo's own signature
        """A transaction on a connection of the pool."""
        return KeptPostgresTransaction(engine=self, allow_nested=allow_nested)

    async def _run_in_pool(self, query: str, args: Sequence[Any] | None = None) -> Any:  # noqa: ANN401 - asyncpg's records
        try:
            return await self._fetch(query, args or ())
        except DatabaseUnreachable:
            # The server may only have been restarted, and a question can be asked twice.
            if not query.lstrip().upper().startswith("SELECT"):
                raise
        return await self._fetch(query, args or ())

    async def _fetch(self, query: str, args: Sequence[Any]) -> Any:  # noqa: ANN401 - as above
        if self.pool is None:
            raise RuntimeError("the pool is not started")
        try:
            async with self.pool.acquire() as connection:
                return await connection.fetch(query, *args)
        except Exception as error:
            if not is_lost(error):
                raise
            raise DatabaseUnreachable("The connection to PostgreSQL was lost. Try again.") from error


class KeptPostgresTransaction(PostgresTransaction):
    """A transaction that gives its connection back even when that was lost."""

    engine: KeptPostgresEngine

    async def __aenter__(self) -> Self:
        if self._parent is not None:
            return cast("Self", self._parent)
        pool = self.engine.pool
        self.connection = await (self.engine.get_new_connection() if pool is None else pool.acquire())
        try:
            self.transaction = self.connection.transaction()
            await self.transaction.start()
        except BaseException as error:
            await self._give_back()
            if isinstance(error, Exception) and is_lost(error):
                raise DatabaseUnreachable("The connection to PostgreSQL was lost. Try again.") from error
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(self, exception_type: object, exception: BaseException | None, traceback: object) -> bool:
        if self._parent is not None:
            return exception is None
        try:
            if not self._rolled_back and not self._committed:
                await (self.transaction.commit() if exception is None else self.transaction.rollback())
        except Exception as error:
            if not is_lost(error):
                raise
            raise DatabaseUnreachable("The connection to PostgreSQL was lost under way. Try again.") from error
        finally:
            self.engine.current_transaction.reset(self.context)
            await self._give_back()
        return exception is None

    async def _give_back(self) -> None:
        pool = self.engine.pool
        try:
            await (self.connection.close() if pool is None else pool.release(self.connection))
        except Exception as error:
            # What was committed is; the pool has another connection in place of one that was lost by now.
            if not is_lost(error):
                raise
