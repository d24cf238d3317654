"""Accounts of people: what is needed to know them, to write to them, and to let them be forgotten.

Written out, like the first.
"""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "0002"
VERSION = "1.38.0"
DESCRIPTION = "accounts"

_WORDS: Final = {"sqlite": {"BIGINT": "INTEGER"}, "postgres": {"BIGINT": "BIGINT"}}
_TABLES: Final = (
    """CREATE TABLE "account" (
        "id" TEXT PRIMARY KEY NOT NULL,
        "email" TEXT NOT NULL UNIQUE,
        "password" TEXT NOT NULL,
        "name" TEXT NOT NULL,
        "language" TEXT NOT NULL,
        "time_zone" TEXT NOT NULL,
        "created" TEXT NOT NULL,
        "changed" TEXT NOT NULL
    )""",
    """CREATE TABLE "session" (
        "id" TEXT PRIMARY KEY NOT NULL,
        "account" TEXT NOT NULL,
        "device" TEXT NOT NULL,
        "created" TEXT NOT NULL,
        "last_seen" TEXT NOT NULL,
        "expires" TEXT NOT NULL,
        "ended" TEXT
    )""",
    """CREATE TABLE "refresh_token" (
        "hash" TEXT PRIMARY KEY NOT NULL,
        "session" TEXT NOT NULL,
        "generation" BIGINT NOT NULL,
        "created" TEXT NOT NULL,
        "expires" TEXT NOT NULL,
        "used" TEXT
    )""",
    """CREATE TABLE "invitation" (
        "mandate" TEXT PRIMARY KEY NOT NULL,
        "hash" TEXT NOT NULL UNIQUE,
        "email" TEXT,
        "created" TEXT NOT NULL,
        "expires" TEXT NOT NULL,
        "used" TEXT,
        "times" BIGINT NOT NULL
    )""",
    """CREATE TABLE "holding" (
        "mandate" TEXT PRIMARY KEY NOT NULL,
        "account" TEXT NOT NULL,
        "since" TEXT NOT NULL
    )""",
    """CREATE TABLE "password_reset" (
        "account" TEXT PRIMARY KEY NOT NULL,
        "hash" TEXT NOT NULL UNIQUE,
        "created" TEXT NOT NULL,
        "expires" TEXT NOT NULL
    )""",
    """CREATE TABLE "outbox" (
        "id" TEXT PRIMARY KEY NOT NULL,
        "kind" TEXT NOT NULL,
        "account" TEXT,
        "email" TEXT,
        "language" TEXT,
        "body" TEXT,
        "created" TEXT NOT NULL,
        "expires" TEXT NOT NULL,
        "due" TEXT NOT NULL,
        "lease" TEXT,
        "attempts" BIGINT NOT NULL,
        "sent" TEXT,
        "failed" TEXT
    )""",
    """CREATE TABLE "throttle" (
        "bucket" TEXT PRIMARY KEY NOT NULL,
        "until" TEXT NOT NULL
    )""",
    """CREATE TABLE "known_network" (
        "id" TEXT PRIMARY KEY NOT NULL,
        "account" TEXT NOT NULL,
        "seen" TEXT NOT NULL
    )""",
)
_INDEXES: Final = (
    'CREATE INDEX "session_account" ON "session" ("account")',
    'CREATE INDEX "session_expires" ON "session" ("expires")',
    'CREATE INDEX "refresh_token_session" ON "refresh_token" ("session")',
    'CREATE INDEX "refresh_token_expires" ON "refresh_token" ("expires")',
    'CREATE INDEX "invitation_email" ON "invitation" ("email")',
    'CREATE INDEX "holding_account" ON "holding" ("account")',
    'CREATE INDEX "outbox_account" ON "outbox" ("account")',
    'CREATE INDEX "outbox_email" ON "outbox" ("email")',
    'CREATE INDEX "outbox_due" ON "outbox" ("due")',
    'CREATE INDEX "throttle_until" ON "throttle" ("until")',
    'CREATE INDEX "known_network_account" ON "known_network" ("account")',
    'CREATE INDEX "known_network_seen" ON "known_network" ("seen")',
)
_NAMES: Final = (
    "account",
    "session",
    "refresh_token",
    "invitation",
    "holding",
    "password_reset",
    "outbox",
    "throttle",
    "known_network",
)


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
    for word, own in _WORDS[engine.engine_type].items():
        statement = statement.replace(f" {word}", f" {own}")
    await engine.run_ddl(statement)
