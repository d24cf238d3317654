"""What the register said of each coop, and from when.

A projection: where there is a log already, it is filled when the projections are next made again. Written out, like the first.
"""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "0003"
VERSION = "1.38.0"
DESCRIPTION = "the register's history"

_WORDS: Final = {"sqlite": {"BIGINT": "INTEGER"}, "postgres": {"BIGINT": "BIGINT"}}
_TABLE: Final = """CREATE TABLE "coop_change" (
    "id" TEXT PRIMARY KEY NOT NULL,
    "coop" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "at" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "country" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "since" TEXT NOT NULL,
    "member_since" TEXT NOT NULL,
    "good_standing" BIGINT NOT NULL,
    "services" TEXT NOT NULL
)"""
_INDEX: Final = 'CREATE INDEX "coop_change_coop" ON "coop_change" ("coop")'


async def forwards() -> MigrationManager:
    """Make the table and its index."""
    manager = MigrationManager(migration_id=ID, app_name="rochdale", description=DESCRIPTION)
    manager.add_raw(_make)
    manager.add_raw_backwards(_drop)
    return manager


async def _make() -> None:
    await _run(_TABLE)
    await _run(_INDEX)


async def _drop() -> None:
    await _run('DROP TABLE "coop_change"')


async def _run(statement: str) -> None:
    engine = engine_finder()
    if engine is None:
        raise RuntimeError("Piccolo has no engine")
    for word, own in _WORDS[engine.engine_type].items():
        statement = statement.replace(f" {word}", f" {own}")
    await engine.run_ddl(statement)
