"""Asking for some rows by their keys, as many at once as a statement takes arguments."""

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

T = TypeVar("T")
_MANY: Final = 500


def in_parts(keys: Sequence[T]) -> Iterator[tuple[str, Sequence[T]]]:
    """The keys in parts, each with the places for it in a list `IN (…)`."""
    for start in range(0, len(keys), _MANY):
        some = keys[start : start + _MANY]
        yield ", ".join("{}" for _ in some), some
