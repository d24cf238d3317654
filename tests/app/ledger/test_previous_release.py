"""A database of an earlier release comes up right once it is migrated, and one of a later release is left alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager

from app.ledger.errors import DatabaseNotMigrated, LedgerUnready
from app.ledger.projecting import PROJECTED
from app.store.engines import AnyEngine, bind, engine_for
from app.store.piccolo_app import APP_CONFIG
from app.store.tables import LOG, PROJECTIONS, TABLES
from governance.ids import PollId
from tests.app.ledger.small_federation import COOPS, Running
from tests.app.store.databases import empty

pytestmark = pytest.mark.anyio


async def first_release(engine: AnyEngine) -> None:
    """The tables of the first release, as its own migration makes them."""
    bind(engine, TABLES)
    manager = ForwardsMigrationManager(app_name=APP_CONFIG.app_name, migration_id="0001")
    await manager.create_migration_table()
    assert (await manager.run_migrations(APP_CONFIG)).success


@pytest.fixture
async def previous(running: Running, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Running]:
    """A database that has the log of a federation in the tables of the first release, and nothing in those that show it."""
    await running.cast(await running.propose(), COOPS[0])
    await running.ledger.close()
    rows = {table: await table.select() for table in LOG}
    with empty(request.node.callspec.params["database"], tmp_path) as older:
        engine = engine_for(older)
        await engine.start_connection_pool()  # type: ignore[no-untyped-call]  # Piccolo does not type it
        await first_release(engine)
        for table, stored in rows.items():
            if stored:
                await table.insert(*(table(**row) for row in stored))
        await engine.close_connection_pool()  # type: ignore[no-untyped-call]  # as above
        yield Running(running.place, running.clock, database=older)


async def test_a_database_of_the_first_release_shows_everything_once_it_is_migrated(previous: Running) -> None:
    async with previous as running:
        assert await running.rows("SELECT version FROM projected") == [{"version": PROJECTED}]
        assert len(await running.rows("SELECT id FROM coop_change")) == len(COOPS)
        await running.cast(PollId("p1.v1"), COOPS[1])
        compared = await running.ledger.rebuild()
        assert [table.table for table in compared] == [table._meta.tablename for table in PROJECTIONS]
        assert all(table.differ == 0 for table in compared)
        assert {table.table: table.after for table in compared}["ballot"] == 2


async def test_projections_of_another_version_are_made_again_at_the_start_and_others_are_left(running: Running) -> None:
    await running.change("UPDATE coop SET name = 'Mine'")
    await running.ledger.close()
    async with running.again() as again:
        assert await again.rows("SELECT DISTINCT name FROM coop") == [{"name": "Mine"}]
    await running.change("UPDATE projected SET version = ?", PROJECTED - 1)
    async with running.again() as again:
        assert len(await again.rows("SELECT DISTINCT name FROM coop")) == len(COOPS)
        assert await again.rows("SELECT version FROM projected") == [{"version": PROJECTED}]


async def test_what_a_later_release_has_taken_over_is_left_alone(running: Running) -> None:
    poll = await running.propose()
    await running.change("UPDATE projected SET version = ?", PROJECTED + 1)
    with pytest.raises(LedgerUnready):
        await running.cast(poll, COOPS[0])
    with pytest.raises(DatabaseNotMigrated):
        async with running.again():
            pass
