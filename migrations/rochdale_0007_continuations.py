"""That a log went on after a loss, for reading. Written out, like the first."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "0007"
VERSION = "1.38.0"
DESCRIPTION = "logs that go on after a loss"

_WORDS: Final = {"sqlite": {"BIGINT": "INTEGER"}, "postgres": {"BIGINT": "BIGINT"}}
_TABLE: Final = """CREATE TABLE "log_continuation" (
    "seq" BIGINT PRIMARY KEY NOT NULL,
    "at" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "origin_before" TEXT NOT NULL,
    "key_before" TEXT NOT NULL,
    "signed" BIGINT NOT NULL
)"""


async def forwards() -> MigrationManager:
    """Make the table."""
    manager = MigrationManager(migration_id=ID, app_name="rochdale", description=DESCRIPTION)
    manager.add_raw(_make)
    manager.add_raw_backwards(_drop)
    return manager


async def _make() -> None:
    await _run(_TABLE)


async def _drop() -> None:
    await _run('DROP TABLE "log_continuation"')


async def _run(statement: str) -> None:
    engine = engine_finder()
    if engine is None:
        raise RuntimeError("Piccolo has no engine")
    for word, own in _WORDS[engine.engine_type].items():
        statement = statement.replace(f" {word}", f" {own}")
    await engine.run_ddl(statement)
