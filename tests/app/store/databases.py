"""Databases of a test's own, on either engine: empty, or a copy of another."""

import asyncio
import itertools
import os
import shutil
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import asyncpg
import pytest

from app.settings import Database, PostgresDatabase, SQLiteDatabase
from tests.app.store.postgres_server import missing, server_url

KINDS: Final = ("sqlite", "postgres")
_numbers = itertools.count()


@contextmanager
def empty(kind: str, place: Path) -> Iterator[Database]:
    """A new database without any table, until the block is left."""
    number = next(_numbers)
    if kind == "sqlite":
        yield SQLiteDatabase(path=place / (f"federation-{number}.sqlite" if number else "federation.sqlite"))
        return
    with _postgres("template0") as made:
        yield made


@contextmanager
def copied(database: Database, place: Path) -> Iterator[Database]:
    """A copy of a database that nobody has open, until the block is left."""
    if isinstance(database, SQLiteDatabase):
        copy = place / "copy.sqlite"
        shutil.copy(database.path, copy)
        yield SQLiteDatabase(path=copy)
        return
    with _postgres(database.url.rpartition("/")[2]) as made:
        yield made


@contextmanager
def _postgres(template: str) -> Iterator[PostgresDatabase]:
    name = f"rochdale_test_{os.getpid()}_{next(_numbers)}"
    _wait(_on_server(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))
    try:
        yield PostgresDatabase(url=f"{server_url()}/{name}")
    finally:
        _wait(_on_server(f"DROP DATABASE {name} WITH (FORCE)"))


def url_of(database: Database) -> str:
    """How a process of its own is told where the database is."""
    return str(database.path) if isinstance(database, SQLiteDatabase) else database.url


def _wait(work: Coroutine[Any, Any, None]) -> None:
    """Do it in a loop of its own, which a thread needs where one is running."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, work).result()


async def _on_server(statement: str) -> None:
    server = await connected()
    try:
        await server.execute(statement)
    finally:
        await server.close()


async def connected(database: str = "postgres") -> Any:
    """A connection, once a server that has just started takes it."""
    for _ in range(100):
        try:
            return await asyncpg.connect(f"{server_url()}/{database}", timeout=3)
        except (OSError, asyncpg.CannotConnectNowError):
            await asyncio.sleep(0.1)
    return missing(f"nothing answers at {server_url()}")


DATABASES = pytest.mark.parametrize("database", KINDS, indirect=True)
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ON_POSTGRES = pytest.mark.parametrize("database", ["postgres"], indirect=True)
