"""The load: clients that keep their connection and send the next request as soon as the last one is answered.

Written on bare sockets, so that sending costs as little as it can on the machine that the server shares.
"""

import asyncio
import itertools
import secrets
import time
from collections.abc import Callable, Sequence
from typing import Final, cast

import msgspec

from bench.casting.federation import Voter

CREATED: Final = b"HTTP/1.1 201"
_LENGTH: Final = b"content-length: "
_PATIENCE: Final = 30.0


class LoadFailed(Exception):
    """An answer was not the one that was wanted."""


class Client:
    """One voter on one connection. `seq` is the ballot in force, and goes into the next one as what that replaces."""

    __slots__ = ("_after", "_before", "_keys", "_path", "_unique", "seq")

    def __init__(self, voter: Voter, path: str) -> None:
        """Send to `path`, of which the rest is the vote."""
        self.seq: int | None = None
        self._path = path
        self._unique = secrets.token_hex(8)
        self._keys = itertools.count()
        self.signed_in(voter)

    def signed_in(self, voter: Voter) -> None:
        """Prepare what stays the same in each request while the token is good."""
        fixed = {"coop": voter.coop, "choice": "yes", "text": voter.text, "rule": voter.rule}
        self._after = msgspec.json.encode(fixed)[:-1] + b',"replaces":'
        self._before = (
            f"POST {self._path}/{voter.poll}/ballots HTTP/1.1\r\n"
            f"Host: 127.0.0.1\r\nAuthorization: Bearer {voter.token}\r\nRochdale-Mandate: {voter.mandate}\r\n"
            f"Content-Type: application/json\r\nIdempotency-Key: {self._unique}-"
        ).encode()

    def request(self) -> bytes:
        """The next request, under a key that none had before."""
        replaces = b"null" if self.seq is None else b"%d" % self.seq
        length = len(self._after) + len(replaces) + 1
        return b"%b%012d\r\nContent-Length: %d\r\n\r\n%b%b}" % (
            self._before,
            next(self._keys),
            length,
            self._after,
            replaces,
        )


class Load:
    """What a number of clients did in some time: every answer's body, and how many seconds each was waited for."""

    def __init__(self, seconds: float) -> None:
        """Begin to count."""
        self.bodies: list[bytes] = []
        self.until = time.perf_counter() + seconds
        self.waits: list[float] = []
        self.failed: str | None = None
        self.done = asyncio.Event()
        self.running = 0

    def ended(self, failed: str | None = None) -> None:
        """One client has stopped."""
        self.failed = self.failed or failed
        self.running -= 1
        if not self.running:
            self.done.set()


class _Connection(asyncio.Protocol):
    """Sends a client's requests one after the other."""

    def __init__(self, client: Client, load: Load) -> None:
        self._client = client
        self._load = load
        self._data = b""
        self._sent = 0.0
        self._transport: asyncio.Transport
        self._over = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._load.running += 1
        self._send()

    def data_received(self, data: bytes) -> None:
        data = self._data + data if self._data else data
        split = data.find(b"\r\n\r\n")
        start = -1 if split < 0 else data.find(_LENGTH, 0, split)
        if split >= 0 and start < 0:
            start = data[:split].lower().find(_LENGTH)
        if start < 0:
            self._data = data
            return
        end = data.find(b"\r\n", start)
        if len(data) < split + 4 + int(data[start + len(_LENGTH) : end]):
            self._data = data
            return
        self._data = b""
        self._answered(data[: len(CREATED)], data[split + 4 :])

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._over:
            self._over = True
            self._load.ended(f"the connection was lost: {exc}")

    def _send(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(self._client.request())

    def _answered(self, status: bytes, body: bytes) -> None:
        load, now = self._load, time.perf_counter()
        load.waits.append(now - self._sent)
        wrong = None if status == CREATED else f"{status!r}: {body[:500]!r}"
        if wrong is None:
            load.bodies.append(body)
            # `{"seq":123,"entry":…`: read where it stands, because whoever parsed all of it would slow the server down.
            self._client.seq = int(body[7 : body.index(b",")])
        if wrong is not None or now >= load.until:
            self._over = True
            self._transport.close()
            load.ended(wrong)
            return
        self._send()


async def run(port: int, clients: Sequence[Client], seconds: float) -> tuple[float, Load]:
    """Let clients send for some seconds, and give requests a second, with what was answered.

    Raises:
        LoadFailed: with the first answer that was not a 201.
    """
    loop = asyncio.get_running_loop()
    load = Load(seconds)
    began = time.perf_counter()
    load.until = began + seconds
    for client in clients:
        await loop.create_connection(_made(client, load), "127.0.0.1", port)
    await asyncio.wait_for(load.done.wait(), seconds + _PATIENCE)
    taken = time.perf_counter() - began
    if load.failed is not None:
        raise LoadFailed(load.failed)
    return len(load.bodies) / taken, load


def _made(client: Client, load: Load) -> Callable[[], _Connection]:
    return lambda: _Connection(client, load)
