"""The federation while it is served: what is open, and what goes on by itself beside the requests."""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from app.clock import Clock, now
from app.ledger.batch import Randomness
from app.ledger.ledger import Ledger
from app.security.passwords import PARAMETERS, Parameters
from app.security.signer import Signer
from app.security.token_keys import create_first
from app.services.accounts.accounts import Accounts
from app.services.opening import opened
from app.services.published import Published
from app.settings import Settings
from app.store.engines import AnyEngine

_log: Final = logging.getLogger(__name__)


class Service:
    """What every use case works with: the ledger to write to the log, the engine to read tables, the clock, randomness."""

    __slots__ = ("accounts", "clock", "engine", "ledger", "published", "randomness", "settings", "signer")

    def __init__(
        self,
        *,
        ledger: Ledger,
        engine: AnyEngine,
        signer: Signer,
        accounts: Accounts,
        settings: Settings,
        clock: Clock,
        randomness: Randomness,
    ) -> None:
        """Hold the parts together."""
        self.accounts = accounts
        self.ledger = ledger
        self.published = Published(ledger, engine.run_querystring)
        self.engine = engine
        self.signer = signer
        self.settings = settings
        self.clock = clock
        self.randomness = randomness


@asynccontextmanager
async def serving(
    settings: Settings,
    *,
    clock: Clock = now,
    randomness: Randomness = secrets.token_bytes,
    passwords: Parameters = PARAMETERS,
) -> AsyncIterator[Service]:
    """A federation that is served until the block is left: its time-based steps are taken as they fall due.

    `passwords` is what hashing one costs.

    Raises:
        RochdaleError: as `opened` refuses.
    """
    async with opened(settings, clock=clock) as parts:
        create_first(settings.keys_dir, now=clock(), seed=randomness(32))
        accounts = Accounts(
            parts.engine,
            settings.keys_dir,
            issuer=parts.signer.verifier_key.name,
            clock=clock,
            randomness=randomness,
            parameters=passwords,
        )
        service = Service(
            accounts=accounts,
            ledger=parts.ledger,
            engine=parts.engine,
            signer=parts.signer,
            settings=settings,
            clock=clock,
            randomness=randomness,
        )
        timer = asyncio.create_task(parts.ledger.run_timer(), name="timer")
        try:
            yield service
        finally:
            timer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await timer
            accounts.close()
