from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def root() -> Path:
    return ROOT


@pytest.fixture
def read() -> Callable[[str], str]:
    """Reads a document by its path from the repository's root."""
    return lambda path: (ROOT / path).read_text(encoding="utf-8")
