from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from app.settings import Database
from tests.app.http.reading.reading_site import Site, reading
from tests.app.ledger.small_federation import MovedClock, Running
from tests.app.store.databases import KINDS, empty


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database: what is read is read on both engines."""
    with empty(request.param, tmp_path) as made:
        yield made


@pytest.fixture
async def site(tmp_path: Path, clock: MovedClock, database: Database) -> AsyncIterator[Site]:
    """A founded federation, and a client that reads it."""
    async with Running(tmp_path, clock, database=database) as running:
        await running.found()
        async with reading(running) as site:
            yield site
