"""Reading several tables as they were at one moment, for an answer: on a connection that is there already."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from piccolo.querystring import QueryString

from app.store.engines import AnyEngine
from app.store.log_reading import Run
from app.store.sqlite_connection import Connection
from app.store.sqlite_engine import KeptSQLiteEngine

_NOWHERE: Final = "\N{REPLACEMENT CHARACTER}"
"""What stands for a NUL, which no text of ours has, and which PostgreSQL does not take in a question."""


@asynccontextmanager
async def at_one_moment(engine: AnyEngine) -> AsyncIterator[Run]:
    """What reads from one state of the database, until the block is left: whatever is committed meanwhile is not seen.

    SQLite: a deferred transaction in WAL mode; PostgreSQL: REPEATABLE READ, READ ONLY. Nobody who writes waits for it.
    """
    if isinstance(engine, KeptSQLiteEngine):
        async with engine.reader() as reader:
            try:
                await reader.execute("BEGIN")

                async def read(query: QueryString) -> list[dict[str, Any]]:
                    sql, args = query.compile_string(engine_type="sqlite")
                    return await reader.execute(sql, [_plain(one) for one in args])

                yield read
            finally:
                # Whoever asked may be gone: the connection must not go back with the transaction open all the same.
                await asyncio.shield(_end(reader))
        return
    async with engine.transaction() as transaction:
        await engine.run_ddl("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

        async def ask(query: QueryString) -> list[dict[str, Any]]:
            sql, args = query.compile_string(engine_type=engine.engine_type)
            return [dict(row) for row in await transaction.connection.fetch(sql, *[_plain(one) for one in args])]

        yield ask


async def _end(reader: Connection) -> None:
    await reader.run(lambda connection: connection.rollback())


def _plain(argument: object) -> object:
    return argument.replace("\0", _NOWHERE) if isinstance(argument, str) else argument
