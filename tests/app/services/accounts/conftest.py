from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from app.settings import Database
from tests.app.services.accounts.people import People, people_on
from tests.app.store.databases import KINDS, empty


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with empty(request.param, tmp_path) as made:
        yield made


@pytest.fixture
async def people(database: Database, tmp_path: Path) -> AsyncIterator[People]:
    async with people_on(database, tmp_path) as made:
        yield made
