"""Applications of coops that want to be members, and drafts: rows until they become proposals. Written out, like the first."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "0006"
VERSION = "1.38.0"
DESCRIPTION = "applications and drafts"

_TABLES: Final = (
    """CREATE TABLE "application" (
        "id" TEXT PRIMARY KEY NOT NULL,
        "hash" TEXT NOT NULL UNIQUE,
        "created" TEXT NOT NULL,
        "status" TEXT NOT NULL,
        "coop" TEXT NOT NULL,
        "text" TEXT NOT NULL,
        "language" TEXT NOT NULL,
        "person" TEXT,
        "email" TEXT,
        "proposal" TEXT,
        "closed" TEXT
    )""",
    """CREATE TABLE "draft" (
        "id" TEXT PRIMARY KEY NOT NULL,
        "coop" TEXT NOT NULL,
        "account" TEXT NOT NULL,
        "created" TEXT NOT NULL,
        "changed" TEXT NOT NULL,
        "revision" TEXT NOT NULL,
        "content" TEXT NOT NULL
    )""",
)
_INDEXES: Final = (
    'CREATE INDEX "application_created" ON "application" ("created")',
    'CREATE INDEX "application_proposal" ON "application" ("proposal")',
    'CREATE INDEX "draft_coop" ON "draft" ("coop")',
    'CREATE INDEX "draft_account" ON "draft" ("account")',
)
_NAMES: Final = ("application", "draft")


async def forwards() -> MigrationManager:
    """Make the tables and their indexes."""
    manager = MigrationManager(migration_id=ID, app_name="rochdale", description=DESCRIPTION)
    manager.add_raw(_make)
    manager.add_raw_backwards(_drop)
    return manager


async def _make() -> None:
    for statement in (*_TABLES, *_INDEXES):
        await _run(statement)


async def _drop() -> None:
    for name in reversed(_NAMES):
        await _run(f'DROP TABLE "{name}"')


async def _run(statement: str) -> None:
    engine = engine_finder()
    if engine is None:
        raise RuntimeError("Piccolo has no engine")
    await engine.run_ddl(statement)
