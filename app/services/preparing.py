"""What a server does once before its processes start: the database is brought to this version, and the federation opened."""

import secrets

from app.clock import Clock, now
from app.ledger.batch import Randomness
from app.security.token_keys import create_first
from app.services.opening import engine_at, opened, refuse_lost
from app.settings import Settings, SQLiteDatabase
from app.store.migrating import migrate, untouched


async def prepare(
    settings: Settings, *, clock: Clock = now, randomness: Randomness = secrets.token_bytes
) -> tuple[str, ...]:
    """Run the migrations that have not run, see that the federation can be served, and close everything again.

    Several nodes can do this at once. The migrations that ran are named.

    Raises:
        RochdaleError: as `opened` refuses; where there is no federation, nothing is made.
    """
    await refuse_lost(settings)
    ran: tuple[str, ...] = ()
    if not isinstance(settings.database, SQLiteDatabase) or settings.database.path.exists():
        async with engine_at(settings.database) as engine:
            if not await untouched(engine):
                ran = await migrate(engine)
    async with opened(settings, clock=clock):
        # Here, and not only where it serves: of several processes that begin at once each would make one.
        create_first(settings.keys_dir, now=clock(), seed=randomness(32))
    return ran
