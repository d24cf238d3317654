"""Opening a federation where it is kept: its key, its database, its ledger. The one place in which these are put together."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager

from app.clock import Clock, now
from app.ledger.errors import LogKeyRotated
from app.ledger.ledger import Ledger
from app.security import succession
from app.security.signer import Signer, load_signer
from app.services.holding import Held
from app.settings import Database, Settings, SQLiteDatabase
from app.store.engines import AnyEngine, bind, engine_for, troubles_of
from app.store.migrating import untouched
from app.store.tables import TABLES
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
    await refuse_lost(settings)
    if not await exists(settings.database):
        raise FederationMissing(
            f"There is no federation in {place_of(settings.database)}. Found one with `rochdale found FOLDER`."
        )
    async with AsyncExitStack() as stack:
        parts = await _with_its_key(stack, settings, clock)
        if not parts.ledger.size:
            raise FederationMissing(
                "The database is ready, but no federation was founded in it. Use `rochdale found FOLDER`."
            )
        await parts.ledger.tick()
        yield parts


async def _with_its_key(stack: AsyncExitStack, settings: Settings, clock: Clock) -> Opened:
    """The ledger, under the key that the log names: a rotation that was broken off is brought to its end first."""
    places = settings.keys_dir, settings.signed_dir
    if succession.staged(settings.keys_dir) is not None:
        await asyncio.to_thread(_held, settings, lambda: succession.finish(*places))
    try:
        return await stack.enter_async_context(ledger_at(settings, load_signer(*places), clock=clock))
    except LogKeyRotated as rotated:
        key = rotated.key
    await asyncio.to_thread(_held, settings, lambda: succession.exchange(*places, key))
    return await stack.enter_async_context(ledger_at(settings, load_signer(*places), clock=clock))


def _held(settings: Settings, work: Callable[[], object]) -> None:
    """Do something with the keys while no other process does."""
    with Held(settings.signed_dir):
        work()


@asynccontextmanager
async def ledger_at(settings: Settings, signer: Signer, *, clock: Clock = now) -> AsyncIterator[Opened]:
    """A ledger on a migrated database, empty or not, until the block is left.

    Raises:
        DatabaseUnusable, DatabaseUnreachable: as in `engine_at`.
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
    """An engine, bound and connected, until the block is left.

    Raises:
        DatabaseUnusable: SQLite cannot work with the file, or PostgreSQL refuses what it is asked.
        DatabaseUnreachable: PostgreSQL does not answer, or lets nobody in.
    """
    engine = engine_for(database)
    bind(engine, TABLES)
    with _refusing(database):
        try:
            await engine.start_connection_pool()  # type: ignore[no-untyped-call]  # Piccolo leaves it untyped
            yield engine
        finally:
            await engine.close_connection_pool()  # type: ignore[no-untyped-call]  # as above


def place_of(database: Database) -> str:
    """Where a database is, for people; a password is never shown."""
    return str(database.path) if isinstance(database, SQLiteDatabase) else database.shown


async def exists(database: Database) -> bool:
    """Whether anything of ours was ever made in a database."""
    if isinstance(database, SQLiteDatabase):
        return database.path.exists()
    async with engine_at(database) as engine:
        return not await untouched(engine)


async def refuse_lost(settings: Settings) -> None:
    """Refuse where a log was signed whose database is not there: what is missing is to be restored, not founded again.

    Raises:
        DatabaseMissing: as it says.
        DatabaseUnreachable: whether it is there cannot be seen.
    """
    if await exists(settings.database):
        return
    try:
        signed = load_signer(settings.keys_dir, settings.signed_dir).last().size
    except RochdaleError:
        # Without a key, or without its memory, there is nothing that could have been lost.
        return
    if signed:
        raise DatabaseMissing(
            f"The key in {settings.keys_dir} has signed a log of {signed} entries, and it is not in "
            f"{place_of(settings.database)}. Restore it, or correct the setting."
        )


@contextmanager
def _refusing(database: Database) -> Iterator[None]:
    try:
        yield
    except troubles_of(database) as error:
        if isinstance(database, SQLiteDatabase):
            said = f"SQLite cannot use {database.path}: {error}. Is it the right file, and can it grow?"
        else:
            said = f"PostgreSQL refuses in {database.shown}: {error}. May this role use it, and change its tables?"
        raise DatabaseUnusable(said) from error
