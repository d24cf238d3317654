from typing import Any

import pytest
from piccolo.querystring import QueryString

from app.store.log_reading import kinds_of, mandates_of_sessions

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("count", "asked"), [(0, []), (1, [1]), (2, [2]), (3, [4]), (65, [128]), (600, [512, 128])])
async def test_few_different_statements_are_asked_however_many_things_are_looked_up(
    count: int, asked: list[int]
) -> None:
    places: list[int] = []

    async def run(query: QueryString) -> list[dict[str, Any]]:
        _, args = query.compile_string()
        places.append(len(args))
        return [{"address": arg, "kind": "text", "id": arg, "mandate": None} for arg in args]

    names = [f"n{number}" for number in range(count)]
    assert set(await kinds_of(run, names)) == set(names)
    assert places == asked
    places.clear()
    assert set(await mandates_of_sessions(run, names)) == set(names)
    assert places == asked
