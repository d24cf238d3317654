"""Bringing a database to the tables of this version."""

import asyncio
import contextlib
import fcntl
import io
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager
from piccolo.apps.migrations.tables import Migration
from piccolo.querystring import QueryString

from app.store.engines import AnyEngine, bind
from app.store.piccolo_app import APP_CONFIG
from app.store.sqlite_engine import KeptSQLiteEngine
from app.store.tables import TABLES
from governance.errors import RochdaleError

_APP: Final = APP_CONFIG.app_name
_LOCK: Final = "SELECT pg_advisory_xact_lock(7811887442)"
"""Any number that nobody else uses."""


class MigrationFailed(RochdaleError):
    """The database could not be brought to this version."""

    code = "migration_failed"


async def migrate(engine: AnyEngine) -> tuple[str, ...]:
    """Run the migrations that have not run on a database, in order, and name them. The engine is bound.

    All of them or, if the process is killed, none. Of several processes that begin at once one does it and the others wait.

    Raises:
        MigrationFailed: Piccolo could not run one.
    """
    bind(engine, TABLES)
    async with _alone(engine):
        return await _migrate()


async def _migrate() -> tuple[str, ...]:
    path = list(sys.path)
    # Piccolo reports on standard output, which belongs to the command line, and leaves the folder in the import path.
    with contextlib.redirect_stdout(io.StringIO()) as said:
        try:
            manager = ForwardsMigrationManager(app_name=_APP)
            await manager.create_migration_table()
            before = set(await Migration.get_migrations_which_ran(app_name=_APP))
            result = await manager.run_migrations(APP_CONFIG)
        finally:
            sys.path[:] = path
    if not result.success:
        raise MigrationFailed(f"The migrations stopped: {result.message}. Piccolo said: {said.getvalue()[-500:]}")
    return tuple(sorted(set(await Migration.get_migrations_which_ran(app_name=_APP)) - before))


@asynccontextmanager
async def _alone(engine: AnyEngine) -> AsyncIterator[None]:
    """A transaction that no other process migrates beside."""
    if not isinstance(engine, KeptSQLiteEngine):
        async with engine.transaction():
            await engine.run_querystring(QueryString(_LOCK))
            yield
        return
    # The ledgers' own lock: SQLite's busy handler polls, and gives up.
    with engine.file.with_name(engine.file.name + ".lock").open("a") as file:
        await asyncio.to_thread(fcntl.flock, file, fcntl.LOCK_EX)
        async with engine.transaction():
            yield


async def untouched(engine: AnyEngine) -> bool:
    """Whether no migration ever ran on a database. The engine is bound."""
    bind(engine, TABLES)
    return not await Migration.table_exists().run() or not await Migration.get_migrations_which_ran(app_name=_APP)


async def pending(engine: AnyEngine) -> tuple[str, ...]:
    """The migrations that have not run on a database; all of them where there is none yet. The engine is bound."""
    bind(engine, TABLES)
    path = list(sys.path)
    manager = ForwardsMigrationManager(app_name=_APP)
    try:
        known = set(manager.get_migration_modules(APP_CONFIG.resolved_migrations_folder_path))
    finally:
        sys.path[:] = path
    if not await Migration.table_exists().run():
        return tuple(sorted(known))
    return tuple(sorted(known - set(await Migration.get_migrations_which_ran(app_name=_APP))))
