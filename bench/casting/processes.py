"""The servers that are measured, each in a process of its own, on a database of its own."""

import asyncio
import atexit
import base64
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

import asyncpg
import msgspec

from app.services.serving import serving
from app.settings import Settings, parse_database
from bench.casting.federation import COOPS, Voter, prepare, settings_of, sign_in, voters
from governance.ids import PollId
from tests.app.store.postgres_server import OwnServer

THREADS: Final = {"sqlite": 1, "postgres": 4}
"""With how many threads the Django service does best: on SQLite, writers only wait for each other."""
_DJANGO: Final = "bench.peers.drf.served"
_PATIENCE: Final = 30.0
_TICKS: Final = os.sysconf("SC_CLK_TCK")


class Server:
    """A server that runs: where it listens, who can vote in it, and the processor time that it took."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        """Take a process that was started."""
        self.process = process
        self.port = port

    async def listening(self) -> None:
        """Return once it takes connections."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            await asyncio.sleep(0.05)
        raise SystemExit(f"a server did not start: {self.process.args!r}")

    def processor_seconds(self) -> float:
        """The processor time of all its processes."""
        return sum(_ticks(pid) for pid in _tree(self.process.pid)) / _TICKS

    def stop(self) -> None:
        """Let it finish and end."""
        self.process.terminate()
        self.process.wait(_PATIENCE)


class Ours(Server):
    """Rochdale, with one route more that does nothing."""

    settings: Settings
    poll: PollId

    async def voters(self) -> list[Voter]:
        """Everybody who can vote, with tokens that are new."""
        async with serving(self.settings) as service:
            return await voters(service, self.poll)


class Theirs(Server):
    """The Django service."""

    people: list[Voter]


@asynccontextmanager
async def ours(kind: str, place: Path, *, people: int, workers: int = 1, coops: int = COOPS) -> AsyncIterator[Ours]:
    """Our server, until the block is left."""
    async with database(kind, place / "federation.sqlite") as url:
        settings = settings_of(place, parse_database(url))
        poll = await prepare(settings, coops)
        await sign_in(settings, people)
        port = _free_port()
        with _running("-m", "bench.casting", str(place), url, str(port), str(workers), log=place / "log") as run:
            server = Ours(run, port)
            server.settings, server.poll = settings, poll
            await server.listening()
            yield server


@asynccontextmanager
async def theirs(kind: str, place: Path, *, coops: int = COOPS) -> AsyncIterator[Theirs]:
    """The Django service, until the block is left."""
    async with database(kind, place / "django.sqlite") as url:
        key = base64.b64encode(secrets.token_bytes(32)).decode()
        known = {**os.environ, "BENCH_DATABASE": url, "BENCH_KEY": key}
        people = await asyncio.to_thread(_seed, known, coops)
        port = _free_port()
        asked = (
            f"--interface wsgi --workers 1 --blocking-threads {THREADS[kind]} --no-ws --log-level error --port {port}"
        )
        with _running(
            "-m", "granian", *asked.split(), f"{_DJANGO}:application", log=place / "django.log", env=known
        ) as run:
            server = Theirs(run, port)
            server.people = people
            await server.listening()
            yield server


@asynccontextmanager
async def database(kind: str, path: Path) -> AsyncIterator[str]:
    """The URL of a new database whose commits are durable, until the block is left."""
    if kind == "sqlite":
        yield str(path)
        return
    name = f"bench_{secrets.token_hex(6)}"
    await _on_server(f"CREATE DATABASE {name}")
    try:
        yield f"{postgres()}/{name}"
    finally:
        await _on_server(f"DROP DATABASE {name} WITH (FORCE)")


@cache
def postgres() -> str:
    """The URL of a PostgreSQL server that waits for the disk: that of `BENCH_POSTGRES`, or one of our own."""
    named = os.environ.get("BENCH_POSTGRES", "")
    if named:
        return named
    place = Path(tempfile.mkdtemp(prefix="rochdale-bench-postgres-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    server = OwnServer(place)
    server.start()
    atexit.register(server.stop)
    return server.url


@contextmanager
def folder() -> Iterator[Path]:
    """A place of its own, until the block is left."""
    with tempfile.TemporaryDirectory(prefix="rochdale-bench-") as made:
        yield Path(made)


@contextmanager
def _running(*asked: str, log: Path, env: dict[str, str] | None = None) -> "Iterator[subprocess.Popen[bytes]]":
    with log.open("wb") as said:
        run = subprocess.Popen([sys.executable, *asked], stdout=said, stderr=said, env=env)  # noqa: S603 - our own
        try:
            yield run
        finally:
            run.terminate()
            run.wait(_PATIENCE)


def _seed(known: dict[str, str], coops: int) -> list[Voter]:
    asked = [sys.executable, "-m", _DJANGO, str(coops)]
    made = subprocess.run(asked, check=True, capture_output=True, env=known)  # noqa: S603 - a module of our own
    return msgspec.json.decode(made.stdout, type=list[Voter])


async def _on_server(statement: str) -> None:
    server = await _connected()
    try:
        await server.execute(statement)
    finally:
        await server.close()


async def _connected() -> Any:  # noqa: ANN401 - asyncpg is untyped
    """A connection, once a server that has just started takes it."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return await asyncpg.connect(f"{postgres()}/postgres")
        except (OSError, asyncpg.CannotConnectNowError):
            if time.monotonic() > until:
                raise
            await asyncio.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def _tree(root: int) -> set[int]:
    parents = {int(one.name): _stat(int(one.name)) for one in Path("/proc").iterdir() if one.name.isdigit()}
    found, size = {root}, 0
    while size != len(found):
        size = len(found)
        found |= {pid for pid, stat in parents.items() if stat and int(stat[1]) in found}
    return found


def _ticks(pid: int) -> int:
    stat = _stat(pid)
    return int(stat[11]) + int(stat[12]) if stat else 0


def _stat(pid: int) -> list[str]:
    """What the kernel says of a process after its name: state, parent, …, and its times in user and system mode."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
