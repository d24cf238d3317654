"""What reading needs beside the first projections: what happened to proposals, comments, versions, and what is searched by.

Projections: in a database that has a log already, they are made from it. Written out, like the first.
"""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "0005"
VERSION = "1.38.0"
DESCRIPTION = "what reading needs"

_WORDS: Final = {"sqlite": {"BIGINT": "INTEGER"}, "postgres": {"BIGINT": "BIGINT"}}
_TABLES: Final = (
    """CREATE TABLE "charter_version" (
        "version" BIGINT PRIMARY KEY NOT NULL,
        "since" TEXT NOT NULL,
        "seq" BIGINT NOT NULL,
        "proposal" TEXT
    )""",
    """CREATE TABLE "provisions_version" (
        "version" BIGINT PRIMARY KEY NOT NULL,
        "since" TEXT NOT NULL,
        "seq" BIGINT NOT NULL,
        "proposal" TEXT,
        "provisions" TEXT NOT NULL
    )""",
    """CREATE TABLE "coop_name" (
        "id" TEXT PRIMARY KEY NOT NULL,
        "folded" TEXT NOT NULL
    )""",
    """CREATE TABLE "coop_service" (
        "id" TEXT PRIMARY KEY NOT NULL,
        "change" TEXT NOT NULL,
        "service" TEXT NOT NULL
    )""",
    """CREATE TABLE "restoration" (
        "coop" TEXT PRIMARY KEY NOT NULL,
        "attested" TEXT NOT NULL,
        "steward" TEXT,
        "due" TEXT
    )""",
    """CREATE TABLE "proposal_course" (
        "proposal" TEXT PRIMARY KEY NOT NULL,
        "sponsors" BIGINT NOT NULL,
        "seconders" BIGINT NOT NULL,
        "requisition" TEXT,
        "notice" TEXT NOT NULL,
        "support_until" TEXT NOT NULL,
        "demanded_by" TEXT NOT NULL,
        "challengers" TEXT NOT NULL,
        "heads" BIGINT NOT NULL,
        "confirmed" BIGINT NOT NULL,
        "voided" BIGINT NOT NULL,
        "step" TEXT,
        "due" TEXT
    )""",
    """CREATE TABLE "proposal_matter" (
        "id" TEXT PRIMARY KEY NOT NULL,
        "proposal" TEXT NOT NULL,
        "matter" TEXT NOT NULL
    )""",
    """CREATE TABLE "proposal_event" (
        "seq" BIGINT PRIMARY KEY NOT NULL,
        "proposal" TEXT NOT NULL,
        "type" TEXT NOT NULL,
        "at" TEXT NOT NULL,
        "actor" TEXT NOT NULL,
        "coop" TEXT,
        "office" TEXT,
        "poll" TEXT,
        "amendment" TEXT,
        "text" TEXT,
        "detail" TEXT,
        "closes" TEXT,
        "due" TEXT
    )""",
    """CREATE TABLE "comment" (
        "seq" BIGINT PRIMARY KEY NOT NULL,
        "proposal" TEXT NOT NULL,
        "coop" TEXT NOT NULL,
        "actor" TEXT NOT NULL,
        "text" TEXT NOT NULL,
        "reply_to" BIGINT,
        "at" TEXT NOT NULL
    )""",
    """CREATE TABLE "redaction" (
        "text" TEXT PRIMARY KEY NOT NULL,
        "seq" BIGINT NOT NULL,
        "office" TEXT NOT NULL,
        "reason" TEXT NOT NULL,
        "at" TEXT NOT NULL
    )""",
)
_INDEXES: Final = (
    'CREATE INDEX "charter_version_since" ON "charter_version" ("since")',
    'CREATE INDEX "provisions_version_since" ON "provisions_version" ("since")',
    'CREATE INDEX "coop_name_folded" ON "coop_name" ("folded")',
    'CREATE INDEX "coop_service_change" ON "coop_service" ("change")',
    'CREATE INDEX "coop_service_service" ON "coop_service" ("service")',
    'CREATE INDEX "proposal_course_due" ON "proposal_course" ("due")',
    'CREATE INDEX "proposal_matter_proposal" ON "proposal_matter" ("proposal")',
    'CREATE INDEX "proposal_matter_matter" ON "proposal_matter" ("matter")',
    'CREATE INDEX "proposal_event_proposal" ON "proposal_event" ("proposal")',
    'CREATE INDEX "proposal_event_poll" ON "proposal_event" ("poll")',
    'CREATE INDEX "comment_proposal" ON "comment" ("proposal")',
    # On tables that were there before.
    'CREATE INDEX "proposal_concerned" ON "proposal" ("concerned")',
    'CREATE INDEX "proposal_lead" ON "proposal" ("lead")',
    'CREATE INDEX "proposal_seq" ON "proposal" ("seq")',
    'CREATE INDEX "poll_opened" ON "poll" ("opened")',
    'CREATE INDEX "ballot_poll" ON "ballot" ("poll")',
)
_OLD: Final = ("proposal_concerned", "proposal_lead", "proposal_seq", "poll_opened", "ballot_poll")
_NAMES: Final = (
    "charter_version",
    "provisions_version",
    "coop_name",
    "coop_service",
    "restoration",
    "proposal_course",
    "proposal_matter",
    "proposal_event",
    "comment",
    "redaction",
)


async def forwards() -> MigrationManager:
    """Make the tables and the indexes."""
    manager = MigrationManager(migration_id=ID, app_name="rochdale", description=DESCRIPTION)
    manager.add_raw(_make)
    manager.add_raw_backwards(_drop)
    return manager


async def _make() -> None:
    for statement in (*_TABLES, *_INDEXES):
        await _run(statement)


async def _drop() -> None:
    for name in _OLD:
        await _run(f'DROP INDEX "{name}"')
    for name in reversed(_NAMES):
        await _run(f'DROP TABLE "{name}"')


async def _run(statement: str) -> None:
    engine = engine_finder()
    if engine is None:
        raise RuntimeError("Piccolo has no engine")
    for word, own in _WORDS[engine.engine_type].items():
        statement = statement.replace(f" {word}", f" {own}")
    await engine.run_ddl(statement)
