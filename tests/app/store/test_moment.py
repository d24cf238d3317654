import asyncio
from collections.abc import AsyncIterator, Iterator
from contextvars import Context
from pathlib import Path

import pytest
from piccolo.querystring import QueryString

from app.settings import Database
from app.store.engines import AnyEngine, engine_for
from app.store.migrating import migrate
from app.store.moment import at_one_moment
from tests.app.store.databases import KINDS, empty

pytestmark = pytest.mark.anyio
COUNT = QueryString('SELECT COUNT(*) AS "n" FROM "contact"')
INSERT = "INSERT INTO contact (mandate, address) VALUES ({}, {})"


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with empty(request.param, tmp_path) as made:
        yield made


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[AnyEngine]:
    engine = engine_for(database)
    await engine.start_connection_pool()  # type: ignore[no-untyped-call]  # Piccolo does not type it
    await migrate(engine)
    yield engine
    await engine.close_connection_pool()  # type: ignore[no-untyped-call]  # as above


async def insert(engine: AnyEngine, mandate: str) -> None:
    """Commit a row, as another request does: outside of whatever transaction this task is in."""
    await asyncio.create_task(_insert(engine, mandate), context=Context())


async def _insert(engine: AnyEngine, mandate: str) -> None:
    await engine.run_querystring(QueryString(INSERT, mandate, "someone@coop.example"))


async def test_what_is_committed_meanwhile_is_not_seen(engine: AnyEngine) -> None:
    async with at_one_moment(engine) as run:
        assert await run(COUNT) == [{"n": 0}]
        await insert(engine, "m-1")
        assert await run(COUNT) == [{"n": 0}]
    async with at_one_moment(engine) as run:
        assert await run(COUNT) == [{"n": 1}]


async def test_nothing_can_be_written(engine: AnyEngine) -> None:
    with pytest.raises(Exception, match=r"(?i)read.?only"):
        async with at_one_moment(engine) as run:
            await run(QueryString(INSERT, "m-1", "x"))
    await insert(engine, "m-2")


async def test_whoever_is_gone_leaves_no_transaction_open(engine: AnyEngine) -> None:
    for patience in range(6):
        started = asyncio.Event()

        async def read(started: asyncio.Event = started) -> None:
            started.set()
            async with at_one_moment(engine) as run:
                await run(COUNT)
                await run(COUNT)

        task = asyncio.create_task(read())
        await started.wait()
        for _ in range(patience):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await insert(engine, f"m-{patience}")
        async with at_one_moment(engine) as run:
            assert await run(COUNT) == [{"n": patience + 1}]


async def test_a_nul_finds_nothing(engine: AnyEngine) -> None:
    await insert(engine, "m-1")
    async with at_one_moment(engine) as run:
        assert await run(QueryString('SELECT "address" FROM "contact" WHERE "mandate" = {}', "m-1\0")) == []
