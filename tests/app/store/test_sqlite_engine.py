import asyncio
import fcntl
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.settings import SQLiteDatabase
from app.store.engines import engine_for
from app.store.migrating import migrate
from app.store.sqlite_engine import KeptSQLiteEngine
from app.store.sqlite_writer import SQLiteWriter
from app.store.tables import Resolution
from app.store.writing import WriterNotBuilt, writer_for

pytestmark = pytest.mark.anyio


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[KeptSQLiteEngine]:
    engine = KeptSQLiteEngine(tmp_path / "test.sqlite")
    await migrate(engine)
    yield engine
    await engine.close()


def resolution(number: int) -> Resolution:
    return Resolution(number=number, proposal="p1", since="t")


async def test_a_database_file_is_readable_by_its_owner_only(engine: KeptSQLiteEngine) -> None:
    assert stat.S_IMODE(engine.file.stat().st_mode) == 0o600


async def test_commits_are_durable_and_reading_does_not_wait_for_writing(engine: KeptSQLiteEngine) -> None:
    async with engine.reader() as connection:
        assert await connection.execute("PRAGMA journal_mode") == [{"journal_mode": "wal"}]
        assert await connection.execute("PRAGMA synchronous") == [{"synchronous": 2}]
        assert await connection.execute("PRAGMA foreign_keys") == [{"foreign_keys": 1}]
    async with engine.transaction():
        await Resolution.insert(resolution(1))
        reader = asyncio.create_task(_count(engine))
        assert await reader == 0
    assert await _count(engine) == 1


async def _count(engine: KeptSQLiteEngine) -> object:
    async with engine.reader() as connection:
        return (await connection.execute("SELECT COUNT(*) AS n FROM resolution"))[0]["n"]


async def test_a_reader_cannot_write(engine: KeptSQLiteEngine) -> None:
    async with engine.reader() as connection:
        with pytest.raises(Exception, match="readonly"):
            await connection.execute("DELETE FROM resolution")


async def test_readers_are_kept_and_never_shared(engine: KeptSQLiteEngine) -> None:
    small = KeptSQLiteEngine(engine.file, readers=2)
    used, most, present = set(), 0, 0

    async def read() -> None:
        nonlocal most, present
        async with small.reader() as connection:
            present += 1
            most = max(most, present)
            used.add(id(connection))
            await connection.execute("SELECT 1")
            present -= 1

    await asyncio.gather(*(read() for _ in range(20)))
    assert len(used) == most == 2
    await small.close()


async def test_a_transaction_is_undone_by_an_exception_and_frees_its_writer(engine: KeptSQLiteEngine) -> None:
    async def failing() -> None:
        async with engine.transaction():
            await Resolution.insert(resolution(1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await failing()
    assert await Resolution.count() == 0
    await Resolution.insert(resolution(2))
    assert await Resolution.count() == 1


async def test_transactions_at_once_take_turns(engine: KeptSQLiteEngine) -> None:
    async def add() -> None:
        async with engine.transaction():
            present = await Resolution.count()
            await asyncio.sleep(0)
            await Resolution.insert(resolution(present + 1))

    await asyncio.gather(*(add() for _ in range(10)))
    assert await Resolution.count() == 10


async def test_a_transaction_within_another_is_part_of_it(engine: KeptSQLiteEngine) -> None:
    async def failing() -> None:
        async with engine.transaction():
            async with engine.transaction():
                await Resolution.insert(resolution(1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await failing()
    assert await Resolution.count() == 0


async def test_a_cursor_that_stays_open_is_refused(engine: KeptSQLiteEngine) -> None:
    with pytest.raises(NotImplementedError):
        await engine.batch(Resolution.select())


async def test_writers_of_one_file_queue_on_its_lock(engine: KeptSQLiteEngine) -> None:
    first, second = SQLiteWriter(engine.file), SQLiteWriter(engine.file)
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


async def test_a_writer_waits_for_the_lock_file_and_not_for_the_busy_handler(engine: KeptSQLiteEngine) -> None:
    writer = SQLiteWriter(engine.file)
    await writer.open()
    with engine.file.with_name(f"{engine.file.name}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        waiting = asyncio.create_task(writer.begin())
        done, _ = await asyncio.wait([waiting], timeout=0.05)
        assert not done
    await asyncio.wait_for(waiting, 5)
    await writer.rollback()
    await writer.close()


async def test_only_sqlite_has_a_writer_so_far(engine: KeptSQLiteEngine) -> None:
    assert isinstance(writer_for(engine), SQLiteWriter)

    class Other:
        engine_type = "cockroach"

    with pytest.raises(WriterNotBuilt):
        writer_for(Other())  # type: ignore[arg-type]  # on purpose


def test_an_engine_opens_nothing_before_it_is_asked(tmp_path: Path) -> None:
    engine_for(SQLiteDatabase(path=tmp_path / "none.sqlite"))
    assert not list(tmp_path.iterdir())


async def test_another_process_that_closes_the_file_takes_nothing_away_that_is_committed_after(
    engine: KeptSQLiteEngine,
) -> None:
    other = "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM t').fetchone()[0])"

    def counted() -> int:
        return int(subprocess.run([sys.executable, "-c", other, engine.file], check=True, capture_output=True).stdout)

    writer = await engine.take_writer()
    await writer.execute("CREATE TABLE t (x)")
    async with engine.reader() as first, engine.reader() as second:
        # The later a connection was opened, the more locks there were that opening it could have freed.
        for reader in (first, second):
            await reader.execute("SELECT * FROM t")
    assert counted() == 0
    await writer.execute("INSERT INTO t VALUES (1)")
    assert counted() == 1
    engine.give_writer_back()
