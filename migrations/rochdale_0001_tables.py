"""The log, what is kept with it, and the projections.

Written out, so that this stays what it was whatever becomes of the table classes. `BYTES` and `BIGINT` are put into the
engine's own words: in SQLite a whole number must be an INTEGER for a primary key to be the row's own number.
"""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "0001"
VERSION = "1.38.0"
DESCRIPTION = "the log and its projections"

_WORDS: Final = {"sqlite": {"BYTES": "BLOB", "BIGINT": "INTEGER"}, "postgres": {"BYTES": "BYTEA", "BIGINT": "BIGINT"}}
_TABLES: Final = (
    """CREATE TABLE "log_head" (
        "id" BIGINT PRIMARY KEY NOT NULL,
        "size" BIGINT NOT NULL,
        "root" BYTES NOT NULL,
        "at" TEXT NOT NULL
    )""",
    """CREATE TABLE "log_entry" (
        "seq" BIGINT PRIMARY KEY NOT NULL,
        "bytes" BYTES NOT NULL,
        "type" TEXT NOT NULL,
        "at" TEXT NOT NULL,
        "batch_end" BIGINT NOT NULL
    )""",
    """CREATE TABLE "tree_node" (
        "position" BIGINT PRIMARY KEY NOT NULL,
        "hash" BYTES NOT NULL
    )""",
    """CREATE TABLE "blob" (
        "address" TEXT PRIMARY KEY NOT NULL,
        "bytes" BYTES NOT NULL,
        "kind" TEXT NOT NULL,
        "first_use" BIGINT NOT NULL
    )""",
    """CREATE TABLE "idempotency_key" (
        "seq" BIGINT PRIMARY KEY NOT NULL,
        "principal" TEXT NOT NULL,
        "operation" TEXT NOT NULL,
        "key" TEXT NOT NULL,
        "fingerprint" TEXT NOT NULL,
        "created" TEXT NOT NULL,
        UNIQUE ("principal", "operation", "key")
    )""",
    """CREATE TABLE "federation" (
        "id" BIGINT PRIMARY KEY NOT NULL,
        "origin" TEXT NOT NULL,
        "key" TEXT NOT NULL,
        "name" TEXT NOT NULL,
        "founded" BIGINT NOT NULL,
        "founding" TEXT NOT NULL,
        "ratified_by" TEXT,
        "charter_version" BIGINT NOT NULL,
        "provisions_version" BIGINT NOT NULL,
        "provisions" TEXT NOT NULL
    )""",
    """CREATE TABLE "coop" (
        "id" TEXT PRIMARY KEY NOT NULL,
        "number" BIGINT NOT NULL,
        "name" TEXT NOT NULL,
        "country" TEXT NOT NULL,
        "category" TEXT NOT NULL,
        "status" TEXT NOT NULL,
        "since" TEXT NOT NULL,
        "member_since" TEXT NOT NULL,
        "good_standing" BIGINT NOT NULL,
        "services" TEXT NOT NULL,
        "seq" BIGINT NOT NULL
    )""",
    """CREATE TABLE "coop_fact" (
        "id" TEXT PRIMARY KEY NOT NULL,
        "coop" TEXT NOT NULL,
        "fact" TEXT NOT NULL,
        "position" BIGINT NOT NULL,
        "number" TEXT NOT NULL,
        "declared" TEXT NOT NULL,
        "counts_from" TEXT NOT NULL,
        "contested_by" TEXT
    )""",
    """CREATE TABLE "mandate" (
        "id" TEXT PRIMARY KEY NOT NULL,
        "role" TEXT NOT NULL,
        "coop" TEXT,
        "office" TEXT,
        "starts" TEXT NOT NULL,
        "ends" TEXT
    )""",
    """CREATE TABLE "office" (
        "id" TEXT PRIMARY KEY NOT NULL,
        "title" TEXT NOT NULL,
        "powers" TEXT NOT NULL,
        "seats" BIGINT NOT NULL,
        "term" TEXT
    )""",
    """CREATE TABLE "charter_article" (
        "id" TEXT PRIMARY KEY NOT NULL,
        "version" BIGINT NOT NULL,
        "position" BIGINT NOT NULL,
        "article" TEXT NOT NULL,
        "heading" TEXT NOT NULL,
        "section" TEXT,
        "text" TEXT NOT NULL,
        "base" TEXT NOT NULL
    )""",
    """CREATE TABLE "rule" (
        "id" TEXT PRIMARY KEY NOT NULL,
        "matter" TEXT NOT NULL,
        "version" BIGINT NOT NULL,
        "rule" TEXT NOT NULL,
        "since" TEXT NOT NULL,
        "until" TEXT
    )""",
    """CREATE TABLE "proposal" (
        "id" TEXT PRIMARY KEY NOT NULL,
        "number" BIGINT NOT NULL,
        "kind" TEXT NOT NULL,
        "matters" TEXT NOT NULL,
        "stage" TEXT NOT NULL,
        "effect" TEXT NOT NULL,
        "text" TEXT NOT NULL,
        "language" TEXT NOT NULL,
        "concerned" TEXT,
        "lead" TEXT,
        "office" TEXT,
        "sponsors" TEXT NOT NULL,
        "seconders" TEXT NOT NULL,
        "amendments" TEXT NOT NULL,
        "submitted" TEXT NOT NULL,
        "notice_from" TEXT,
        "poll" TEXT,
        "purpose" TEXT NOT NULL,
        "call" BIGINT NOT NULL,
        "next_step" TEXT,
        "next_due" TEXT,
        "enact_at" TEXT,
        "provisional_until" TEXT,
        "lapse_reason" TEXT,
        "resolution" BIGINT,
        "seq" BIGINT NOT NULL
    )""",
    """CREATE TABLE "poll" (
        "id" TEXT PRIMARY KEY NOT NULL,
        "proposal" TEXT NOT NULL,
        "purpose" TEXT NOT NULL,
        "amendment" TEXT,
        "call" BIGINT NOT NULL,
        "text" TEXT NOT NULL,
        "rule" TEXT NOT NULL,
        "rolls" TEXT NOT NULL,
        "heads" BIGINT NOT NULL,
        "opened" TEXT NOT NULL,
        "closes" TEXT NOT NULL,
        "extended" BIGINT NOT NULL,
        "status" TEXT NOT NULL,
        "counts" TEXT,
        "changed" TEXT,
        "closed" TEXT
    )""",
    """CREATE TABLE "ballot" (
        "seq" BIGINT PRIMARY KEY NOT NULL,
        "poll" TEXT NOT NULL,
        "coop" TEXT NOT NULL,
        "choice" TEXT NOT NULL,
        "reason" TEXT,
        "replaces" BIGINT,
        "replaced_by" BIGINT,
        "actor" TEXT NOT NULL,
        "at" TEXT NOT NULL
    )""",
    """CREATE TABLE "resolution" (
        "number" BIGINT PRIMARY KEY NOT NULL,
        "proposal" TEXT NOT NULL,
        "since" TEXT NOT NULL,
        "review" TEXT,
        "superseded_by" TEXT
    )""",
    """CREATE TABLE "contact" (
        "mandate" TEXT PRIMARY KEY NOT NULL,
        "address" TEXT NOT NULL
    )""",
)
_INDEXES: Final = (
    'CREATE INDEX "blob_first_use" ON "blob" ("first_use")',
    'CREATE INDEX "idempotency_key_created" ON "idempotency_key" ("created")',
    'CREATE INDEX "coop_number" ON "coop" ("number")',
    'CREATE INDEX "coop_status" ON "coop" ("status")',
    'CREATE INDEX "coop_fact_coop" ON "coop_fact" ("coop")',
    'CREATE INDEX "mandate_coop" ON "mandate" ("coop")',
    'CREATE INDEX "mandate_office" ON "mandate" ("office")',
    'CREATE INDEX "charter_article_version" ON "charter_article" ("version")',
    'CREATE INDEX "rule_matter" ON "rule" ("matter")',
    'CREATE INDEX "proposal_number" ON "proposal" ("number")',
    'CREATE INDEX "proposal_kind" ON "proposal" ("kind")',
    'CREATE INDEX "proposal_stage" ON "proposal" ("stage")',
    'CREATE INDEX "poll_proposal" ON "poll" ("proposal")',
    'CREATE INDEX "poll_closes" ON "poll" ("closes")',
    'CREATE INDEX "poll_status" ON "poll" ("status")',
    'CREATE INDEX "ballot_coop" ON "ballot" ("coop")',
    'CREATE INDEX "resolution_proposal" ON "resolution" ("proposal")',
    # A tripwire behind the rules: a coop has one ballot in force in a vote.
    'CREATE UNIQUE INDEX "ballot_in_force" ON "ballot" ("poll", "coop") WHERE "replaced_by" IS NULL',
)
_NAMES: Final = (
    "log_head",
    "log_entry",
    "tree_node",
    "blob",
    "idempotency_key",
    "federation",
    "coop",
    "coop_fact",
    "mandate",
    "office",
    "charter_article",
    "rule",
    "proposal",
    "poll",
    "ballot",
    "resolution",
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
