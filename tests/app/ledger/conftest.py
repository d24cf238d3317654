from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.app.ledger.small_federation import MovedClock, Running


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
async def running(tmp_path: Path, clock: MovedClock) -> AsyncIterator[Running]:
    """A founded federation in a ledger that takes commands."""
    async with Running(tmp_path, clock) as running:
        await running.found()
        yield running
