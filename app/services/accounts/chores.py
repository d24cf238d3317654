"""What goes on beside the requests: inviting whoever waits for it, and sweeping out what has expired."""

import asyncio
import logging
from datetime import timedelta
from typing import Final

from app.services.accounts.accounts import Accounts
from app.services.accounts.inviting import invite_waiting
from app.services.accounts.sweeping import sweep
from governance.instants import Instant, later

_SWEEP: Final = timedelta(hours=1)
_log: Final = logging.getLogger(__name__)


async def run_chores(accounts: Accounts, every: float = 30.0) -> None:
    """Look for ever, every so many seconds, on any number of nodes. Stop it by cancelling."""
    swept: Instant | None = None
    while True:
        try:
            await invite_waiting(accounts)
            if swept is None or later(swept, _SWEEP) <= accounts.clock():
                await sweep(accounts)
                swept = accounts.clock()
        except Exception:  # noqa: BLE001 - the database may be away for a while; the next round does it
            _log.exception("invitations could not be made, or what has expired not swept out")
        await asyncio.sleep(every)
