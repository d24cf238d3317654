"""What goes on by itself while a federation is served: invitations, mail, and sweeping out what is not needed any more.

Every process does all of it. Each piece of work is claimed in the database, so that several do nothing twice.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from app.services.accounts.chores import run_chores
from app.services.applying import forget_old
from app.services.mail.sending import post_for
from app.services.serving import Service

_EVERY: Final = 3_600.0
"""Seconds between two looks at what has become old."""
_log: Final = logging.getLogger(__name__)


@asynccontextmanager
async def in_background(service: Service) -> AsyncIterator[None]:
    """Let it all go on until the block is left; then it ends at once, wherever it is."""
    post = post_for(service.settings, service.engine, service.clock)
    tasks = [
        asyncio.create_task(post.run(), name="post"),
        asyncio.create_task(run_chores(service.accounts), name="chores"),
        asyncio.create_task(_forget_applications(service), name="applications"),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


async def _forget_applications(service: Service) -> None:
    while True:
        try:
            await forget_old(service)
        except Exception:  # noqa: BLE001 - the database may be away for a while; the work waits
            _log.exception("old applications could not be swept out")
        await asyncio.sleep(_EVERY)
