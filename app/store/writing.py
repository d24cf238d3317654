"""What the ledger writes through, and which writer a database has."""

from typing import Any, Protocol

from piccolo.querystring import QueryString

from app.store.changes import Changes
from app.store.engines import AnyEngine
from app.store.sqlite_engine import KeptSQLiteEngine
from app.store.sqlite_writer import SQLiteWriter
from governance.errors import RochdaleError
from governance.instants import Instant


class WriterNotBuilt(RochdaleError):
    """The ledger cannot write to this kind of database."""

    code = "writer_not_built"


class Writer(Protocol):
    """Transactions under the append lock, one at a time, on a connection of its own."""

    async def open(self) -> None:
        """Connect."""

    async def begin(self) -> None:
        """Take the append lock and begin: nobody else appends until `commit` or `rollback`. If it fails, nothing is begun."""

    async def run(self, query: QueryString) -> list[dict[str, Any]]:
        """Read within the transaction."""

    async def execute(self, sql: str) -> None:
        """Run one statement without arguments within the transaction."""

    async def write(self, changes: Changes) -> None:
        """Write the changes of a batch."""

    async def commit(self) -> None:
        """Commit durably, and free the lock. After an exception the outcome is unknown until the log is read under the lock."""

    async def rollback(self) -> None:
        """Undo what is not committed, if anything is, and free the lock. It never fails because a connection was lost."""

    async def now(self) -> Instant | None:
        """The database's own clock, or None where it has only the host's."""

    async def truncate_journal(self) -> None:
        """Let erased bytes not survive in the journal, where the engine can."""

    async def close(self) -> None:
        """Close the connection; an open transaction is undone."""


def writer_for(engine: AnyEngine) -> Writer:
    """A new writer for an engine's database.

    Raises:
        WriterNotBuilt: for an engine that is none of ours.
    """
    if isinstance(engine, KeptSQLiteEngine):
        return SQLiteWriter(engine.file)
    if engine.engine_type == "postgres":
        # Imported here: whoever uses SQLite does not wait for PostgreSQL's driver to load.
        from app.store.postgres_engine import KeptPostgresEngine  # noqa: PLC0415
        from app.store.postgres_writer import PostgresWriter  # noqa: PLC0415

        if isinstance(engine, KeptPostgresEngine):
            return PostgresWriter(engine.url)
    raise WriterNotBuilt(f"The ledger writes to SQLite and PostgreSQL, not to {engine.engine_type}. Use one of them.")
