"""Reading the log and what is kept with it, through a reader or within the writer's transaction."""

from collections.abc import Awaitable, Callable, Collection, Iterable
from typing import Any, Final

from piccolo.querystring import QueryString

from app.store.tree import positions
from governance.instants import Instant
from governance.value import Value

Run = Callable[[QueryString], Awaitable[Any]]
"""Runs a query and gives its rows as dicts: an engine's `run_querystring`, or a writer's `run`."""
_MANY: Final = 512


class Head(Value):
    """How long the log is, its root, when its last entry was admitted, and the version of what the tables show of it."""

    size: int
    root: bytes
    at: Instant
    projected: int = 0


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
    rows = await run(
        QueryString(
            'SELECT "size", "root", "at", COALESCE((SELECT "version" FROM "projected" WHERE "id" = 1), 0) AS "projected" '
            'FROM "log_head" WHERE "id" = 1'
        )
    )
    return Head(**dict(rows[0])) if rows else None


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


async def redacted_since(run: Run, start: int) -> bool:
    """Whether a text was erased by an entry from `start` on."""
    query = 'SELECT 1 AS "one" FROM "log_entry" WHERE "seq" >= {} AND "type" = {} LIMIT 1'
    return bool(await run(QueryString(query, start, "text.redacted")))


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


async def mandates_of_sessions(run: Run, named: Collection[str]) -> dict[str, set[str]]:
    """Of the sessions named, those that have not ended, each with the mandates that the person signed in holds."""
    found: dict[str, set[str]] = {}
    for some in _parts(named):
        rows = await run(
            QueryString(
                'SELECT "session"."id" AS "id", "holding"."mandate" AS "mandate" FROM "session" '  # noqa: S608 - only places
                'LEFT JOIN "holding" ON "holding"."account" = "session"."account" '
                f'WHERE "session"."id" IN {_list(some)} AND "session"."ended" IS NULL',
                *some,
            )
        )
        for row in rows:
            held = found.setdefault(row["id"], set())
            if row["mandate"] is not None:
                held.add(row["mandate"])
    return found


def _parts(things: Collection[Any] | dict[Any, Any]) -> list[list[Any]]:
    """Some at a time. The last is said again up to a power of two, so that few different statements have to be prepared."""
    listed = list(things)
    parts = [listed[start : start + _MANY] for start in range(0, len(listed), _MANY)]
    return [part + part[-1:] * ((1 << (len(part) - 1).bit_length()) - len(part)) for part in parts]


def _list(things: Collection[Any]) -> str:
    return f"({', '.join(['{}'] * len(things))})"
