import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from piccolo.querystring import QueryString

from app.settings import Database, PostgresDatabase
from app.store.engines import engine_for
from app.store.migrating import migrate
from app.store.postgres_connection import connect
from app.store.postgres_engine import KeptPostgresEngine
from app.store.postgres_writer import PostgresWriter
from app.store.reaching import DatabaseUnreachable
from app.store.tables import Resolution
from app.store.writing import writer_for
from tests.app.store.databases import connected, empty

pytestmark = pytest.mark.anyio


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with empty("postgres", tmp_path) as made:
        yield made


@pytest.fixture
async def engine(database: PostgresDatabase) -> AsyncIterator[KeptPostgresEngine]:
    engine = KeptPostgresEngine(database.url, connections=2)
    await engine.start_connection_pool()
    await migrate(engine)
    yield engine
    await engine.close_connection_pool()


def resolution(number: int) -> Resolution:
    return Resolution(number=number, proposal="p1", since="t")


async def kill_others(engine: KeptPostgresEngine) -> None:
    connection = await connected(engine.url.rpartition("/")[2])
    await connection.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()


@pytest.mark.parametrize(
    ("setting", "value"),
    [("synchronous_commit", "on"), ("transaction_isolation", "read committed"), ("lock_timeout", "20s")],
)
async def test_no_default_of_the_database_takes_away_what_is_promised(
    engine: KeptPostgresEngine, setting: str, value: str
) -> None:
    name = engine.url.rpartition("/")[2]
    await engine.run_ddl(f"ALTER DATABASE {name} SET synchronous_commit = off")
    await engine.run_ddl(f"ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'")
    connection = await connect(engine.url)
    await connection.execute("RESET ALL")
    assert await connection.fetchval(f"SHOW {setting}") == value
    await connection.close()


def test_an_engine_opens_nothing_before_it_is_asked() -> None:
    engine_for(PostgresDatabase(url=nobody()))


async def test_a_pool_is_started_once_and_closed_as_often_as_one_likes(engine: KeptPostgresEngine) -> None:
    pool = engine.pool
    await engine.start_connection_pool()
    assert engine.pool is pool
    await engine.close_connection_pool()
    await engine.close_connection_pool()
    assert engine.pool is None


async def test_a_question_is_asked_again_when_its_connection_was_lost(
    engine: KeptPostgresEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch, asked = engine._fetch, []

    async def lost_once(query: str, args: object) -> object:
        asked.append(query)
        if len(asked) == 1:
            raise DatabaseUnreachable("It was lost.")
        return await fetch(query, args)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(engine, "_fetch", lost_once)
    assert await Resolution.count() == 0
    assert len(asked) == 2
    asked.clear()
    with pytest.raises(DatabaseUnreachable):
        await Resolution.insert(resolution(1))
    assert len(asked) == 1


async def test_a_connection_that_is_lost_under_a_question_is_told_as_such(engine: KeptPostgresEngine) -> None:
    sleeping = asyncio.ensure_future(engine.run_querystring(QueryString("/* once */ SELECT pg_sleep(60)")))
    looking = await connected(engine.url.rpartition("/")[2])
    active = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()"
    while not await looking.fetchval(active):  # noqa: ASYNC110 - the server tells it no other way
        await asyncio.sleep(0.01)
    await looking.close()
    await kill_others(engine)
    with pytest.raises(DatabaseUnreachable):
        await sleeping
    assert await Resolution.count() == 0


async def test_a_transaction_whose_connection_is_lost_gives_its_place_back(engine: KeptPostgresEngine) -> None:
    async def losing() -> None:
        async with engine.transaction():
            await Resolution.insert(resolution(1))
            await kill_others(engine)
            await Resolution.insert(resolution(2))

    for _ in range(3):
        with pytest.raises(DatabaseUnreachable):
            await losing()
    assert engine.current_transaction.get() is None
    assert await asyncio.gather(*(Resolution.count() for _ in range(4))) == [0] * 4


@pytest.mark.parametrize(("where", "step"), [(asyncpg.Connection, "reset"), (asyncpg.transaction.Transaction, "start")])
async def test_a_connection_that_is_lost_around_a_transaction_does_not_change_what_became_of_it(
    engine: KeptPostgresEngine, monkeypatch: pytest.MonkeyPatch, where: type, step: str
) -> None:
    original = getattr(where, step)

    async def after_a_kill(*args: Any, **more: Any) -> None:
        await kill_others(engine)
        await original(*args, **more)

    async def insert(number: int) -> None:
        async with engine.transaction():
            await Resolution.insert(resolution(number))

    with monkeypatch.context() as patched:
        patched.setattr(where, step, after_a_kill)
        with pytest.raises(DatabaseUnreachable) if step == "start" else nullcontext():
            await insert(1)
    await insert(2)
    assert await Resolution.count() == (1 if step == "start" else 2)


async def test_a_transaction_is_undone_by_an_exception_and_one_within_another_is_part_of_it(
    engine: KeptPostgresEngine,
) -> None:
    async def failing() -> None:
        async with engine.transaction():
            async with engine.transaction():
                await Resolution.insert(resolution(1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await failing()
    assert await Resolution.count() == 0
    async with engine.transaction():
        await Resolution.insert(resolution(2))
    assert await Resolution.count() == 1


def nobody() -> str:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return f"postgresql://me:secret@127.0.0.1:{bound.getsockname()[1]}/there"


@pytest.mark.parametrize("suffix", ["", "?sslmode=perhaps", "?target_session_attrs=secret"])
async def test_who_does_not_answer_is_named_without_the_password(suffix: str) -> None:
    engine = engine_for(PostgresDatabase(url=nobody() + suffix))
    with pytest.raises(DatabaseUnreachable) as refused:
        await engine.start_connection_pool()  # type: ignore[no-untyped-call]  # Piccolo does not type it
    assert "secret" not in refused.value.detail
    assert ("127.0.0.1" in refused.value.detail) == (not suffix)


async def test_a_database_that_there_is_not_is_named(engine: KeptPostgresEngine) -> None:
    with pytest.raises(DatabaseUnreachable, match='database "nowhere" does not exist'):
        await connect(f"{engine.url.rpartition('/')[0]}/nowhere")


async def test_writers_of_one_database_queue_on_its_head_row_and_before_there_is_one(
    engine: KeptPostgresEngine,
) -> None:
    for begun in (False, True):
        if begun:
            await engine.run_ddl("INSERT INTO log_head (id, size, root, at) VALUES (1, 0, '', '')")
        first, second = writer_for(engine), writer_for(engine)
        assert isinstance(first, PostgresWriter)
        await first.open()
        await second.open()
        await first.begin()
        waiting = asyncio.create_task(second.begin())
        done, _ = await asyncio.wait([waiting], timeout=0.05)
        assert not done
        await first.commit()
        await asyncio.wait_for(waiting, 5)
        await second.rollback()
        await first.close()
        await second.close()


async def test_who_waits_too_long_for_the_lock_is_told_so_and_can_try_again(engine: KeptPostgresEngine) -> None:
    await engine.run_ddl("INSERT INTO log_head (id, size, root, at) VALUES (1, 0, '', '')")
    first, second = writer_for(engine), writer_for(engine)
    await first.begin()
    await second.open()
    await second._connection.execute("SET lock_timeout = '50ms'")  # type: ignore[attr-defined]  # PostgreSQL's has one
    with pytest.raises(DatabaseUnreachable, match="holds the log"):
        await second.begin()
    await first.rollback()
    await second.begin()
    await second.rollback()
    await first.close()
    await second.close()
