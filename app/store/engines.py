"""Which database this process works on: the one place where an engine is made, and where Piccolo learns of it."""

import os
import sqlite3
from collections.abc import Iterable
from typing import Any, Final

from piccolo.apps.migrations.tables import Migration
from piccolo.engine.base import Engine
from piccolo.table import Table

from app.settings import Database, PostgresDatabase, SQLiteDatabase, settings_from_environment
from app.store.sqlite_engine import KeptSQLiteEngine

CONF: Final = "app.store.piccolo_conf"
AnyEngine = Engine[Any]
_bound: list[AnyEngine] = []


def engine_for(database: Database) -> AnyEngine:
    """A new engine for a database. It opens nothing yet; close it with its `close_connection_pool`."""
    match database:
        case SQLiteDatabase(path=path):
            return KeptSQLiteEngine(path)
        case PostgresDatabase(url=url):
            # Imported here: whoever uses SQLite does not wait for PostgreSQL's driver to load.
            from app.store.postgres_engine import KeptPostgresEngine  # noqa: PLC0415

            return KeptPostgresEngine(url)


def troubles_of(database: Database) -> tuple[type[Exception], ...]:
    """What its driver raises when a database refuses."""
    match database:
        case SQLiteDatabase():
            return (sqlite3.Error,)
        case PostgresDatabase():
            import asyncpg  # noqa: PLC0415 - as above

            return (asyncpg.PostgresError, asyncpg.InterfaceError)


def bind(engine: AnyEngine, tables: Iterable[type[Table]]) -> None:
    """Let Piccolo's queries on these tables, and its migrations, go to this engine from now on."""
    os.environ["PICCOLO_CONF"] = CONF
    _bound[:] = [engine]
    each: list[type[Table]] = [*tables, Migration]
    for table in each:
        table._meta.db = engine  # noqa: SLF001 - Piccolo's documented way to set a table's engine


def bound() -> AnyEngine:
    """The engine bound last, or else the one that the environment's settings name (for Piccolo's own command)."""
    if not _bound:
        _bound.append(engine_for(settings_from_environment().database))
    return _bound[0]
