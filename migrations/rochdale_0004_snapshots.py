"""What is kept beside the log so that a start is quick, and so that a newer version knows which tables it has to fill.

Written out, so that this stays what it was whatever becomes of the table classes, as in 0001.
"""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "0004"
VERSION = "1.38.0"
DESCRIPTION = "snapshots, and the version of the projections"

_WORDS: Final = {"sqlite": {"BYTES": "BLOB", "BIGINT": "INTEGER"}, "postgres": {"BYTES": "BYTEA", "BIGINT": "BIGINT"}}
_TABLES: Final = (
    """CREATE TABLE "projected" (
        "id" BIGINT PRIMARY KEY NOT NULL,
        "version" BIGINT NOT NULL
    )""",
    """CREATE TABLE "snapshot" (
        "code" TEXT PRIMARY KEY NOT NULL,
        "size" BIGINT NOT NULL,
        "root" BYTES NOT NULL,
        "state" BYTES NOT NULL,
        "vouched" BYTES NOT NULL
    )""",
)
_NAMES: Final = ("projected", "snapshot")


async def forwards() -> MigrationManager:
    """Make the tables."""
    manager = MigrationManager(migration_id=ID, app_name="rochdale", description=DESCRIPTION)
    manager.add_raw(_make)
    manager.add_raw_backwards(_drop)
    return manager


async def _make() -> None:
    for statement in _TABLES:
        await _run(statement)


async def _drop() -> None:
    for name in reversed(_NAMES):
        await _run(f'DROP TABLE "{name}"')


async def _run(statement: str) -> None:
    engine = engine_finder()
    if engine is None:
        raise RuntimeError("Piccolo has no engine")
    for word, own in _WORDS[engine.engine_type].items():
        statement = statement.replace(f" {word}", f" {own}")
    await engine.run_ddl(statement)
