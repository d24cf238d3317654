"""Reading the log and what is kept with it, through a reader or within the writer's transaction."""

from collections.abc import Awaitable, Callable, Collection, Iterable
from typing import Any, Final

from piccolo.querystring import QueryString

from app.store.tree import positions
from governance.instants import Instant
from governance.value import Value

Run = Callable[[QueryString], Awaitable[Any]]
"""Runs a query and gives its rows as dicts: an engine's `run_querystring`, or a writer's `run`."""
_MANY: Final = 500


class Head(Value):
    """How long the log is, its root, and when its last entry was admitted."""

    size: int
    root: bytes
    at: Instant


class Stored(Value):
    """An entry as it is stored. Its receipt is on the checkpoint of `batch_end`."""

    seq: int
    data: bytes
    batch_end: int


class Answered(Value):
    """A request that was answered with the entry `seq`."""

    seq: int
    fingerprint: str


async def head(run: Run) -> Head | None:
    """The head row, or None in a database in which no log was begun."""
    rows = await run(QueryString('SELECT "size", "root", "at" FROM "log_head" WHERE "id" = 1'))
    return Head(size=rows[0]["size"], root=rows[0]["root"], at=rows[0]["at"]) if rows else None


async def entries(run: Run, start: int, stop: int) -> list[Stored]:
    """The entries from `start` up to, not including, `stop`."""
    rows = await run(
        QueryString(
            'SELECT "seq", "bytes", "batch_end" FROM "log_entry" WHERE "seq" >= {} AND "seq" < {} ORDER BY "seq"',
            start,
            stop,
        )
    )
    return [Stored(seq=row["seq"], data=row["bytes"], batch_end=row["batch_end"]) for row in rows]


async def nodes(run: Run, wanted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """The hashes of complete subtrees, by level and index; one that is not stored is left out."""
    where = positions(wanted)
    found: dict[tuple[int, int], bytes] = {}
    for some in _parts(where):
        rows = await run(
            QueryString(f'SELECT "position", "hash" FROM "tree_node" WHERE "position" IN {_list(some)}', *some)  # noqa: S608 - only places
        )
        found |= {where[row["position"]]: row["hash"] for row in rows}
    return found


async def kinds_of(run: Run, addresses: Collection[str]) -> dict[str, str]:
    """The kind of each of these blobs that is stored."""
    found: dict[str, str] = {}
    for some in _parts(addresses):
        rows = await run(QueryString(f'SELECT "address", "kind" FROM "blob" WHERE "address" IN {_list(some)}', *some))  # noqa: S608 - only places
        found |= {row["address"]: row["kind"] for row in rows}
    return found


async def blob(run: Run, address: str) -> bytes | None:
    """A blob's bytes, or None where it is not stored."""
    rows = await run(QueryString('SELECT "bytes" FROM "blob" WHERE "address" = {}', address))
    return rows[0]["bytes"] if rows else None


async def blobs_used_first(run: Run, start: int, stop: int) -> list[tuple[int, str]]:
    """The addresses of the blobs that an entry in this range was the first to name, with its position, in that order."""
    rows = await run(
        QueryString(
            'SELECT "first_use", "address" FROM "blob" WHERE "first_use" >= {} AND "first_use" < {} '
            'ORDER BY "first_use", "address"',
            start,
            stop,
        )
    )
    return [(row["first_use"], row["address"]) for row in rows]


async def answered(run: Run, asked: Collection[tuple[str, str, str]]) -> dict[tuple[str, str, str], Answered]:
    """What was answered under these keys: principal, operation and key."""
    found: dict[tuple[str, str, str], Answered] = {}
    for some in _parts(asked):
        places = ", ".join(["({}, {}, {})"] * len(some))
        rows = await run(
            QueryString(
                'SELECT "principal", "operation", "key", "fingerprint", "seq" FROM "idempotency_key" '  # noqa: S608 - only places
                f'WHERE ("principal", "operation", "key") IN (VALUES {places})',
                *(part for one in some for part in one),
            )
        )
        for row in rows:
            place = (row["principal"], row["operation"], row["key"])
            found[place] = Answered(seq=row["seq"], fingerprint=row["fingerprint"])
    return found


def _parts(things: Collection[Any] | dict[Any, Any]) -> list[list[Any]]:
    listed = list(things)
    return [listed[start : start + _MANY] for start in range(0, len(listed), _MANY)]


def _list(things: Collection[Any]) -> str:
    return f"({', '.join(['{}'] * len(things))})"
