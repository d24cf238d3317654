import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from piccolo.querystring import QueryString
from piccolo.table import Table

import migrations
from app.settings import PostgresDatabase
from app.store.engines import CONF, AnyEngine, bound, engine_for
from app.store.migrating import migrate, pending
from app.store.sqlite_engine import KeptSQLiteEngine
from app.store.tables import TABLES, Blob, LogHead
from tests.app.store.postgres_server import missing, server_url

pytestmark = pytest.mark.anyio
EVERY = tuple(sorted(path.stem.split("_")[1] for path in Path(migrations.__file__).parent.glob("rochdale_*.py")))
BY_HAND = {"ballot_in_force"}
"""Indexes that Piccolo's table classes cannot say."""


@asynccontextmanager
async def sqlite(place: Path, name: str) -> AsyncIterator[AnyEngine]:
    engine = KeptSQLiteEngine(place / f"{name}.sqlite")
    yield engine
    await engine.close()


@asynccontextmanager
async def postgres(_: Path, name: str) -> AsyncIterator[AnyEngine]:
    """A database of its own, which is dropped afterwards."""
    asyncpg = pytest.importorskip("asyncpg")
    url = server_url()
    server = await _connected(asyncpg, url)
    database = f"rochdale_test_{name}_{os.getpid()}"
    await server.execute(f"CREATE DATABASE {database}")
    engine = engine_for(PostgresDatabase(url=f"{url}/{database}"))
    await engine.start_connection_pool()  # type: ignore[no-untyped-call]  # Piccolo does not type it
    try:
        yield engine
    finally:
        await engine.close_connection_pool()  # type: ignore[no-untyped-call]  # as above
        await server.execute(f"DROP DATABASE {database} WITH (FORCE)")
        await server.close()


async def _connected(asyncpg: Any, url: str) -> Any:
    """A connection, once a server that has just started takes it."""
    for _ in range(100):
        try:
            return await asyncpg.connect(f"{url}/postgres", timeout=3)
        except (OSError, asyncpg.CannotConnectNowError):
            await asyncio.sleep(0.1)
    return missing(f"nothing answers at {url}")


DATABASES = pytest.mark.parametrize("database", [sqlite, postgres])


async def shape(engine: AnyEngine) -> dict[str, tuple[object, ...]]:
    """Every table with its columns, primary key, unique constraints and indexes, as the database itself says."""
    return await (_sqlite_shape(engine) if engine.engine_type == "sqlite" else _postgres_shape(engine))


async def _sqlite_shape(engine: AnyEngine) -> dict[str, tuple[object, ...]]:
    found: dict[str, tuple[object, ...]] = {}
    for table in TABLES:
        name = table._meta.tablename
        columns = await engine.run_querystring(
            QueryString('SELECT name, type, "notnull", pk FROM pragma_table_info({}) ORDER BY cid', name)
        )
        indexes = await engine.run_querystring(
            QueryString(
                'SELECT l.name, l."unique", l.origin, (SELECT group_concat(name) FROM '
                "(SELECT name FROM pragma_index_info(l.name) ORDER BY seqno)) AS columns "
                "FROM pragma_index_list({}) AS l",
                name,
            )
        )
        found[name] = _shape(columns, indexes)
    return found


async def _postgres_shape(engine: AnyEngine) -> dict[str, tuple[object, ...]]:
    found: dict[str, tuple[object, ...]] = {}
    for table in TABLES:
        name = table._meta.tablename
        columns = await engine.run_querystring(
            QueryString(
                "SELECT column_name, data_type, is_nullable, ordinal_position FROM information_schema.columns "
                "WHERE table_name = {} ORDER BY ordinal_position",
                name,
            )
        )
        indexes = await engine.run_querystring(
            QueryString(
                "SELECT indexname AS name, substring(indexdef from ' USING .*') AS columns, "
                "indexdef LIKE 'CREATE UNIQUE%' AS uniq FROM pg_indexes WHERE tablename = {}",
                name,
            )
        )
        found[name] = _shape(columns, indexes)
    return found


def _shape(columns: list[dict[str, Any]], indexes: list[dict[str, Any]]) -> tuple[object, ...]:
    # How an index is called does not matter, except to know those that were added by hand.
    kept = [tuple(v for k, v in row.items() if k != "name") for row in indexes if row["name"] not in BY_HAND]
    return (tuple(tuple(row.values()) for row in columns), tuple(sorted(map(str, kept))))


async def engine_made(engine: AnyEngine, table: type[Table]) -> None:
    """Make a table as its class says. Piccolo adds constraints by ALTER TABLE, which SQLite does not know."""
    create, *_ = table.create_table().ddl
    constraints = "".join(f", {constraint.ddl}" for constraint in table._meta.constraints)
    await engine.run_ddl(f"{create.removesuffix(')')}{constraints})")


@DATABASES
async def test_migrating_from_nothing_gives_what_the_table_classes_say(tmp_path: Path, database: Any) -> None:
    async with database(tmp_path, "migrated") as migrated, database(tmp_path, "made") as made:
        await migrate(migrated)
        by_migration = await shape(migrated)
        await migrate(made)
        for table in reversed(TABLES):
            await table.alter().drop_table()
        for table in TABLES:
            await engine_made(made, table)
            for column in table._meta.columns:
                if column._meta.index:
                    await table.create_index([column], if_not_exists=True)
        assert by_migration == await shape(made)


@DATABASES
async def test_migrating_again_does_nothing(tmp_path: Path, database: Any) -> None:
    async with database(tmp_path, "again") as engine:
        assert await pending(engine) == EVERY
        assert await migrate(engine) == EVERY
        assert await migrate(engine) == ()
        assert await pending(engine) == ()


@DATABASES
async def test_bytes_and_numbers_come_back_as_they_were(tmp_path: Path, database: Any) -> None:
    async with database(tmp_path, "values") as engine:
        await migrate(engine)
        await LogHead.insert(LogHead(id=1, size=2**53 - 1, root=bytes(range(32)), at="t"))
        assert await LogHead.select() == [{"id": 1, "size": 2**53 - 1, "root": bytes(range(32)), "at": "t"}]


@DATABASES
async def test_a_coop_cannot_have_two_ballots_in_force(tmp_path: Path, database: Any) -> None:
    async with database(tmp_path, "ballots") as engine:
        await migrate(engine)
        insert = "INSERT INTO ballot (seq, poll, coop, choice, actor, at) VALUES ({}, 'p1.v1', 'c1', 'yes', 'm', 't')"
        await engine.run_querystring(QueryString(insert, 1))
        with pytest.raises(Exception, match=r"(?i)unique"):
            await engine.run_querystring(QueryString(insert, 2))


async def test_migrating_prints_nothing_and_leaves_no_file_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    async with sqlite(tmp_path, "quiet") as engine:
        await migrate(engine)
        await Blob.count()
    assert capsys.readouterr() == ("", "")
    assert not list((tmp_path / "here").iterdir())


async def test_piccolo_finds_the_engine_that_was_bound(tmp_path: Path) -> None:
    async with sqlite(tmp_path, "bound") as engine:
        await migrate(engine)
        assert os.environ["PICCOLO_CONF"] == CONF
        assert bound() is engine
