"""The frozen vectors of the log's formats, as parameters of tests."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from governance.errors import RochdaleError

Vector = dict[str, Any]
_ROOM = Path(__file__).parents[2] / "vectors" / "log"


def load(name: str) -> Vector:
    content: Vector = json.loads((_ROOM / f"{name}.json").read_text(encoding="utf-8"))
    return content


def vectors(name: str) -> pytest.MarkDecorator:
    """Call the test with each vector of a file, under its description."""
    found = load(name)["vectors"]
    return pytest.mark.parametrize("vector", found, ids=[vector["description"] for vector in found])


def data_of(vector: Vector) -> bytes:
    """The input, which stands as text where it is text and as hex where it is not."""
    if "hex" in vector:
        return bytes.fromhex(vector["hex"])
    return str(vector["text"]).encode()


def refusal_of(call: Callable[[], object]) -> str | None:
    """The code with which something was refused, or none."""
    try:
        call()
    except RochdaleError as error:
        refused = error
    else:
        return None
    assert refused.detail.endswith((".", "?")), "a refusal is told in sentences"
    return refused.code
