"""Opening a federation where it is kept: its key, its database, its ledger. The one place in which these are put together."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from app.clock import Clock, now
from app.ledger.ledger import Ledger
from app.security.signer import Signer, load_signer
from app.settings import Database, Settings, SQLiteDatabase
from app.store.engines import AnyEngine, bind, engine_for
from app.store.tables import TABLES
from app.store.writing import WriterNotBuilt
from governance.errors import RochdaleError


class FederationMissing(RochdaleError):
    """There is no federation here yet."""

    code = "federation_missing"


class DatabaseMissing(RochdaleError):
    """The database of this key's log is missing."""

    code = "database_missing"


class DatabaseUnusable(RochdaleError):
    """The database cannot be used."""

    code = "database_unusable"


class Opened:
    """A federation that is open: its ledger, the engine for reading its tables, and its signer."""

    __slots__ = ("engine", "ledger", "signer")

    def __init__(self, ledger: Ledger, engine: AnyEngine, signer: Signer) -> None:
        """Hold the parts together."""
        self.ledger = ledger
        self.engine = engine
        self.signer = signer


@asynccontextmanager
async def opened(settings: Settings, *, clock: Clock = now) -> AsyncIterator[Opened]:
    """An open federation, until the block is left; what fell due while everything was down happens first.

    Raises:
        FederationMissing: none was founded here.
        DatabaseMissing: one was, and its database is gone.
        RochdaleError: what `load_signer`, `ledger_at` and `Ledger.open` refuse.
    """
    path = file_of(settings.database)
    refuse_lost(settings)
    if not path.exists():
        raise FederationMissing(f"There is no federation at {path}. Found one with `rochdale found FOLDER`.")
    async with ledger_at(settings, load_signer(settings.keys_dir, settings.signed_dir), clock=clock) as parts:
        if not parts.ledger.size:
            raise FederationMissing(
                "The database is ready, but no federation was founded in it. Use `rochdale found FOLDER`."
            )
        await parts.ledger.tick()
        yield parts


@asynccontextmanager
async def ledger_at(settings: Settings, signer: Signer, *, clock: Clock = now) -> AsyncIterator[Opened]:
    """A ledger on a migrated database, empty or not, until the block is left.

    Raises:
        DatabaseUnusable: SQLite cannot work with the file.
        RochdaleError: what `Ledger.open` refuses.
    """
    async with engine_at(settings.database) as engine:
        ledger = await Ledger.open(engine, signer, clock=clock)
        try:
            yield Opened(ledger, engine, signer)
        finally:
            await ledger.close()


@asynccontextmanager
async def engine_at(database: Database) -> AsyncIterator[AnyEngine]:
    """An engine, bound, until the block is left; refuses as `file_of` does, and SQLite's trouble as DatabaseUnusable."""
    path = file_of(database)
    engine = engine_for(database)
    bind(engine, TABLES)
    with _refusing(path):
        try:
            yield engine
        finally:
            await engine.close_connection_pool()  # type: ignore[no-untyped-call]  # Piccolo leaves it untyped


def file_of(database: Database) -> Path:
    """The database's file.

    Raises:
        WriterNotBuilt: it is no file but a server, which the ledger cannot write to yet.
    """
    if isinstance(database, SQLiteDatabase):
        return database.path
    raise WriterNotBuilt("The ledger writes to SQLite only so far, not to PostgreSQL. Use a SQLite file.")


def refuse_lost(settings: Settings) -> None:
    """Refuse where a log was signed whose database is not there: what is missing is to be restored, not founded again.

    Raises:
        DatabaseMissing: as it says.
    """
    path = file_of(settings.database)
    if path.exists():
        return
    try:
        signed = load_signer(settings.keys_dir, settings.signed_dir).last().size
    except RochdaleError:
        # Without a key, or without its memory, there is nothing that could have been lost.
        return
    if signed:
        raise DatabaseMissing(
            f"The key in {settings.keys_dir} has signed a log of {signed} entries, and there is no database at {path}. "
            "Restore it, or correct the path."
        )


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise DatabaseUnusable(f"SQLite cannot use {path}: {error}. Is it the right file, and can it grow?") from error
