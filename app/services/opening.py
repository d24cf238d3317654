"""Opening a federation where it is kept: its key, its database, its ledger. The one place in which these are put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.clock import Clock, now
from app.ledger.ledger import Ledger
from app.security.signer import Signer, load_signer
from app.settings import Settings, SQLiteDatabase
from app.store.engines import AnyEngine, bind, engine_for
from app.store.tables import TABLES
from governance.errors import RochdaleError


class FederationMissing(RochdaleError):
    """There is no federation here yet."""

    code = "federation_missing"


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
        RochdaleError: what `load_signer` and `Ledger.open` refuse.
    """
    database = settings.database
    if isinstance(database, SQLiteDatabase) and not database.path.exists():
        raise FederationMissing(f"There is no federation at {database.path}. Found one with `rochdale found FOLDER`.")
    async with ledger_at(settings, load_signer(settings.keys_dir, settings.signed_dir), clock=clock) as parts:
        if not parts.ledger.size:
            raise FederationMissing(
                "The database is ready, but no federation was founded in it. Use `rochdale found FOLDER`."
            )
        await parts.ledger.tick()
        yield parts


@asynccontextmanager
async def ledger_at(settings: Settings, signer: Signer, *, clock: Clock = now) -> AsyncIterator[Opened]:
    """A ledger on a migrated database, empty or not, until the block is left."""
    engine = engine_for(settings.database)
    bind(engine, TABLES)
    try:
        ledger = await Ledger.open(engine, signer, clock=clock)
        try:
            yield Opened(ledger, engine, signer)
        finally:
            await ledger.close()
    finally:
        await engine.close_connection_pool()  # type: ignore[no-untyped-call]  # Piccolo leaves it untyped
