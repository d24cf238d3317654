"""A mapping that can be laid over another: writes stay on top until they are merged, or are dropped with the overlay."""

from collections.abc import Callable, Iterator
from typing import Final, Generic, TypeVar, cast

K = TypeVar("K")
V = TypeVar("V")


class _Gone:
    """Marks, in an overlay, a key that is removed from what lies below."""


_GONE: Final = _Gone()


class Table(Generic[K, V]):
    """Values by key, in the order of first insertion. Values are frozen; a change puts a new one in place of the old."""

    __slots__ = ("_below", "_own", "get")

    get: Callable[[K], V | None]
    """The value of a key, or None. A table of its own asks its dict directly: a fold does little else than look up."""

    def __init__(self, below: "Table[K, V] | None" = None) -> None:
        """Lay an empty table over `below`, or start one of its own."""
        self._below = below
        self._own: dict[K, V | _Gone] = {}
        self.get = cast("Callable[[K], V | None]", self._own.get) if below is None else self._look_up

    def _look_up(self, key: K) -> V | None:
        value = self._own.get(key)
        if value is None:
            return None if self._below is None else self._below.get(key)
        return None if value is _GONE else cast("V", value)

    def put(self, key: K, value: V) -> None:
        """Set the value of a key."""
        self._own[key] = value

    def remove(self, key: K) -> None:
        """Take a key out, if it is there."""
        if self._below is None:
            self._own.pop(key, None)
        else:
            self._own[key] = _GONE

    def __contains__(self, key: K) -> bool:
        return self.get(key) is not None

    def items(self) -> Iterator[tuple[K, V]]:
        """Keys and values, what lies below first."""
        if self._below is None:
            return iter(cast("dict[K, V]", self._own).items())
        return self._laid_over(self._below)

    def _laid_over(self, below: "Table[K, V]") -> Iterator[tuple[K, V]]:
        for key, value in below.items():
            over = self._own.get(key)
            if over is None:
                yield key, value
            elif over is not _GONE:
                yield key, cast("V", over)
        for key, over in self._own.items():
            if over is not _GONE and below.get(key) is None:
                yield key, cast("V", over)

    def values(self) -> Iterator[V]:
        """Values, in the order of `items`."""
        if self._below is None:
            return iter(cast("dict[K, V]", self._own).values())
        return (value for _, value in self.items())

    def __len__(self) -> int:
        return sum(1 for _ in self.items())

    def merge(self) -> None:
        """Write everything into the table below; this overlay is empty afterwards."""
        if self._below is not None:
            for key, value in self._own.items():
                if value is _GONE:
                    self._below.remove(key)
                else:
                    self._below.put(key, cast("V", value))
            self._own.clear()
