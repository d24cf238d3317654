"""The server: granian, with the limits that fit this service, and an end that says why."""

import errno
import multiprocessing
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from tempfile import TemporaryDirectory
from typing import Any, Final

from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer
from litestar import Litestar

from app.main import STOPS, application
from app.refusing import INTERRUPTED
from app.settings import Settings
from governance.errors import RochdaleError

GRACE: Final = 25
"""Seconds in which running requests are finished when the server stops; then what still runs is killed."""
_BACKLOG: Final = 1_024
_AT_ONCE: Final = 256
"""Requests that one process works on at once; more wait unread."""
_HEADER_BYTES: Final = 32_768
_HEADER_MILLISECONDS: Final = 10_000
_COUNTS: Final = "PROMETHEUS_MULTIPROC_DIR"
_LOGGING: Final[dict[str, Any]] = {
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s server: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "stream": "ext://sys.stderr"}},
    "loggers": {"_granian": {"handlers": ["console"], "propagate": False}},
}


class PortTaken(RochdaleError):
    """Another program listens at this port."""

    code = "port_taken"


class AddressUnusable(RochdaleError):
    """The service cannot listen at this address."""

    code = "address_unusable"


def serve(settings: Settings, load: Callable[[Settings], Litestar] = application) -> int:
    """Serve until a signal comes, and give the exit status: 0, or what a process that could not serve refused with.

    `load` makes the application in each process. SIGTERM and SIGINT let running requests be finished; a second one ends
    everything at once.

    Raises:
        PortTaken, AddressUnusable: it cannot listen there.
    """
    address = address_of(settings)
    multiprocessing.set_start_method("spawn", force=True)
    server = _Server(
        "rochdale",
        address=address,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        websockets=False,
        backlog=_BACKLOG,
        backpressure=_AT_ONCE,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADER_MILLISECONDS, max_buffer_size=_HEADER_BYTES),
        log_level=LogLevels.error,
        log_dictconfig=_LOGGING,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE,
        process_name="rochdale",
    )
    for sent, status in STOPS.items():
        signal.signal(sent, partial(server.stop, status))
    with _counting_together(settings):
        try:
            server.serve(target_loader=partial(load, settings), wrap_loader=False)
        except SystemExit as end:
            return server.status or (0 if server.asked else int(end.code or 0))
    return server.status


@contextmanager
def _counting_together(settings: Settings) -> Iterator[None]:
    """Where the metrics of several processes are asked for, give what each counts a place to be added up from."""
    if settings.metrics_token is None or settings.workers == 1 or _COUNTS in os.environ:
        yield
        return
    with TemporaryDirectory(prefix="rochdale-") as place:
        os.environ[_COUNTS] = place
        yield


def address_of(settings: Settings) -> str:
    """The numeric address to listen at, where nobody listens yet.

    Each process listens for itself, so the system would let a second server share the port with the first, unnoticed.

    Raises:
        PortTaken: somebody listens there.
        AddressUnusable: the address is not this machine's, or the port is reserved.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[
            0
        ]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
    except OSError as error:
        where = f"{settings.host}, port {settings.port}"
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(f"Something listens at {where} already. Stop that, or choose another port.") from None
        raise AddressUnusable(f"Nothing can listen at {where}: {error.strerror}. Choose another one.") from None
    return str(address[0])


class _Server(MPServer):
    """granian's server, which ends with a status of its own, and at once when it is asked twice."""

    status = 0
    asked = False

    def stop(self, status: int, *_: object) -> None:
        """Stop as on a signal, with an exit status."""
        self.status = self.status or status
        super().signal_handler_interrupt()  # type: ignore[no-untyped-call]  # granian leaves it untyped

    def signal_handler_interrupt(self, *args: object, **kwargs: object) -> None:
        """Stop; at once where that was asked for before."""
        if self.asked:
            for worker in self.wrks:
                worker.kill()  # type: ignore[no-untyped-call]  # as above
            os._exit(INTERRUPTED)
        self.asked = True
        super().signal_handler_interrupt(*args, **kwargs)  # type: ignore[no-untyped-call]  # as above

    def _spawn_workers(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - granian's own signature
        with _undisturbed():
            super()._spawn_workers(*args, **kwargs)  # type: ignore[no-untyped-call]  # as above

    def _respawn_workers(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as above
        with _undisturbed():
            super()._respawn_workers(*args, **kwargs)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Begin processes that Ctrl-C does not reach: a terminal sends it to all, and this one stops the others in order."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
