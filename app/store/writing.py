"""Which writer a database has. PostgreSQL's comes with the service; until then it is refused by name."""

from app.store.engines import AnyEngine
from app.store.sqlite_engine import KeptSQLiteEngine
from app.store.sqlite_writer import SQLiteWriter
from governance.errors import RochdaleError

Writer = SQLiteWriter
"""The ledger's writer: `begin`, `run`, `write`, `commit`, `rollback`."""


class WriterNotBuilt(RochdaleError):
    """The ledger cannot write to this kind of database yet."""

    code = "writer_not_built"


def writer_for(engine: AnyEngine) -> Writer:
    """A new writer for an engine's database.

    Raises:
        WriterNotBuilt: for anything but SQLite.
    """
    if isinstance(engine, KeptSQLiteEngine):
        return SQLiteWriter(engine.file)
    raise WriterNotBuilt(f"The ledger writes to SQLite only so far, not to {engine.engine_type}. Use a SQLite file.")
