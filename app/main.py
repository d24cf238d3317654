"""The composition root of a process that serves: settings become the application, and how it begins and ends is watched.

Each process is begun anew, not forked: it inherits no connection, no lock and no thread, and opens everything itself.
"""

import asyncio
import gc
import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final, NoReturn

from litestar import Litestar
from msgspec.structs import replace

from app.http.application import create_app
from app.http.routes import ROUTES
from app.http.surroundings.around import rules_of
from app.http.surroundings.json_lines import log_as_json
from app.pages.routes import PAGES, POLICIES
from app.refusing import BROKEN, REFUSED, say_refusal
from app.services.background import in_background
from app.services.serving import Service, serving
from app.settings import Settings
from governance.errors import RochdaleError

STOPS: Final = {signal.SIGUSR1: REFUSED, signal.SIGUSR2: BROKEN}
"""With what a process that cannot serve stops the whole server, and the exit status that this gives."""
_COLLECTED: Final = (10_000, 20, 100)
"""After how many new objects the garbage collector looks through the youngest, and how often through the older."""
_PATIENCE: Final = 60.0
"""Seconds to wait for being stopped."""
_log: Final = logging.getLogger(__name__)


def application(settings: Settings) -> Litestar:
    """The application of one serving process, which stops the whole server where it cannot be made."""
    log_as_json()
    try:
        rules = replace(rules_of(settings), page_policies=POLICIES)
        return create_app(lambda: _opened(settings), routes=(*ROUTES, *PAGES), rules=rules)
    except Exception:  # noqa: BLE001 - begun again, this process would fail for ever
        _log.exception("the application could not be made")
        _give_up(signal.SIGUSR2)


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Service]:
    """What is served. Where it cannot be opened the server stops: begun again, this process would refuse for ever."""
    _stop_with_parent()
    async with AsyncExitStack() as stack:
        try:
            service = await stack.enter_async_context(serving(settings))
            if not settings.demo:
                # The people of a demo are invented: nobody writes to them.
                await stack.enter_async_context(in_background(service))
        except (RochdaleError, OSError) as error:
            say_refusal(error)
            _give_up(signal.SIGUSR1)
        except Exception:  # noqa: BLE001 - likewise
            _log.exception("the federation could not be opened")
            _give_up(signal.SIGUSR2)
        settle()
        yield service


def settle() -> None:
    """Let the garbage collector leave alone what is there once everything is open, and look for new cycles less often.

    It would go through the whole federation again and again, and find nothing: that took a tenth of the time of a ballot.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECTED)


def _stop_with_parent() -> None:
    """End as on a signal when the process that began this one is gone, however it went: nobody would end this one then."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    loop = asyncio.get_running_loop()

    def stop() -> None:
        loop.remove_reader(parent.sentinel)
        os.kill(os.getpid(), signal.SIGTERM)

    loop.add_reader(parent.sentinel, stop)


def _give_up(sent: signal.Signals) -> NoReturn:
    """Let the process that began this one stop them all, and wait for that: one that just ended would be begun again."""
    parent = multiprocessing.parent_process()
    sys.stderr.flush()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if parent is not None and parent.pid is not None:
        os.kill(parent.pid, sent)
        multiprocessing.connection.wait([parent.sentinel], _PATIENCE)
    os._exit(STOPS[sent])
