from pathlib import Path

import pytest

from bench import growing

pytestmark = pytest.mark.anyio


async def test_a_log_grows_to_the_sizes_wanted_and_opens(tmp_path: Path) -> None:
    costs = await growing.grow(tmp_path, (1_000, 3_000), 2)
    assert [size for size, _, _ in costs] == [1_000, 3_000]
    assert all(taken > 0 < worked for _, taken, worked in costs)
    size, _ = await growing.open_once(tmp_path, snapshot=False)
    assert size >= 3_000 + 2 * growing.TOGETHER
