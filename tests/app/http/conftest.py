import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.app.http.served_log import Served, served
from tests.app.http.site import Founded, Site, found, site_on
from tests.app.ledger.small_federation import MovedClock
from tests.app.store.databases import KINDS, empty


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Served]:
    """A small federation that is served."""
    async with served(tmp_path, MovedClock()) as site:
        yield site


@pytest.fixture(scope="session", params=KINDS)
def founded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Founded]:
    """A federation that was founded once; every test takes a copy of it."""
    place = tmp_path_factory.mktemp(f"founded-{request.param}")
    with empty(request.param, place) as database:
        asyncio.run(found(place, database))
        yield Founded(place, database)


@pytest.fixture
async def voting(founded: Founded, tmp_path: Path) -> AsyncIterator[Site]:
    """The small federation with people who sign in, on either engine."""
    with founded.copy(tmp_path) as database:
        async with site_on(tmp_path, database) as site:
            yield site
