from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from app.settings import Database
from tests.app.ledger.small_federation import MovedClock, Running
from tests.app.store.databases import KINDS, empty


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database: every test that asks for it, or for what needs it, runs on both engines."""
    with empty(request.param, tmp_path) as made:
        yield made


@pytest.fixture
async def running(tmp_path: Path, clock: MovedClock, database: Database) -> AsyncIterator[Running]:
    """A founded federation in a ledger that takes commands."""
    async with Running(tmp_path, clock, database=database) as running:
        await running.found()
        yield running
