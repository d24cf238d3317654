"""Reading several tables as they were at one moment, while others write."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from piccolo.engine.postgres import PostgresEngine
from piccolo.querystring import QueryString
from piccolo.table import Table

from app.store.changes import Cell, columns, key_of, name_of
from app.store.engines import AnyEngine
from app.store.log_reading import Run
from app.store.sqlite_engine import KeptSQLiteEngine

_PAGE: Final = 500


@asynccontextmanager
async def snapshot(engine: AnyEngine) -> AsyncIterator[Run]:
    """What reads from one state of the database, until the block is left. Keep it short: it holds old rows in their place."""
    if isinstance(engine, KeptSQLiteEngine):
        async with engine.reader() as reader:
            await reader.execute("BEGIN")
            try:

                async def read(query: QueryString) -> list[dict[str, Any]]:
                    sql, args = query.compile_string(engine_type="sqlite")
                    return await reader.execute(sql, args)

                yield read
            finally:
                await reader.execute("ROLLBACK")
        return
    if not isinstance(engine, PostgresEngine):
        raise TypeError(f"there is no snapshot of {engine.engine_type}")
    connection = await engine.get_new_connection()
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):

            async def fetch(query: QueryString) -> list[dict[str, Any]]:
                sql, args = query.compile_string(engine_type="postgres")
                return [dict(row) for row in await connection.fetch(sql, *args)]

            yield fetch
    finally:
        await connection.close()


async def rows_of(run: Run, table: type[Table], names: Sequence[str]) -> AsyncIterator[tuple[tuple[Cell, ...], ...]]:
    """All rows of a table in order of their key, page by page, with these columns."""
    key, listed = key_of(table), ", ".join(f'"{name}"' for name in columns(table))
    after: Cell = None
    while True:
        condition, args = (f'WHERE "{key}" > {{}} ', [after]) if after is not None else ("", [])
        rows = await run(
            QueryString(f'SELECT {listed} FROM {name_of(table)} {condition}ORDER BY "{key}" LIMIT {_PAGE}', *args)  # noqa: S608 - names are ours
        )
        if rows:
            yield tuple(tuple(row[name] for name in names) for row in rows)
        if len(rows) < _PAGE:
            return
        after = rows[-1][key]
