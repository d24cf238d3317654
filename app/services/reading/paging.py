"""Lists that are read page by page: filters, sorting and cursors, all done by the database.

A cursor holds the sort key of the last row that was seen, so that pages stay stable while rows are added before them.
"""

import base64
import binascii
from typing import Any, Final, Generic, TypeVar

from piccolo.querystring import QueryString

from app.store.log_reading import Run
from governance.canonical import decoder_for, encode
from governance.errors import FormatError, Refusal
from governance.value import Value

LARGEST_PAGE: Final = 200
USUAL_PAGE: Final = 50
_VERSION: Final = 1
_LARGEST: Final = 2**53
_LONGEST: Final = 2_000
T = TypeVar("T")


class CursorInvalid(Refusal):
    """This cursor is not one that this list gave."""

    code = "cursor_invalid"


class Paging(Value):
    """Which page is wanted: how many, and what comes after which cursor."""

    limit: int = USUAL_PAGE
    cursor: str | None = None


class Page(Value, Generic[T]):
    """A page of a list. `next` is the cursor of the page after it, or None on the last one."""

    items: tuple[T, ...]
    next: str | None


class Sorting(Value):
    """How a list is sorted: its name, and the SQL of the keys, of which the last one is unique. `numbers`: which are numbers."""

    name: str
    keys: tuple[str, ...]
    numbers: tuple[bool, ...]
    descending: bool = False


class Conditions:
    """SQL conditions that must all hold, with their arguments in order."""

    def __init__(self) -> None:
        """Start with none."""
        self._all: list[str] = []
        self.args: list[Any] = []

    def add(self, sql: str, *args: object) -> None:
        """One more, with `{}` for each argument."""
        self._all.append(sql)
        self.args += args

    def add_equal(self, **columns: object) -> None:
        """That columns, by name, have these values; what is None is not asked."""
        for name, value in columns.items():
            if value is not None:
                self.add(f'"{name}" = {{}}', value)

    @property
    def sql(self) -> str:
        """The WHERE clause, or nothing."""
        return f"WHERE {' AND '.join(self._all)}" if self._all else ""


class _Cursor(Value, array_like=True):
    version: int
    sorting: str
    keys: tuple[str | int, ...]


_read_cursor: Final = decoder_for(_Cursor)


async def read_page(
    run: Run, *, columns: str, source: str, where: Conditions, sorting: Sorting, paging: Paging
) -> Page[dict[str, Any]]:
    """The rows of a page. One more is read, to know whether there is a next page.

    Raises:
        CursorInvalid: the cursor is made up, or of another list or sorting.
    """
    if paging.cursor is not None:
        places = ", ".join("{}" for _ in sorting.keys)
        compared = f"({', '.join(sorting.keys)}) {'<' if sorting.descending else '>'} ({places})"
        where.add(compared, *_after(paging.cursor, sorting))
    keys = ", ".join(f'{key} AS "key_{number}"' for number, key in enumerate(sorting.keys))
    order = ", ".join(f"{key}{' DESC' if sorting.descending else ''}" for key in sorting.keys)
    sql = f"SELECT {columns}, {keys} FROM {source} {where.sql} ORDER BY {order} LIMIT {paging.limit + 1}"  # noqa: S608 - only our words and places
    rows = [dict(row) for row in await run(QueryString(sql, *where.args))]
    shown = rows[: paging.limit]
    last = [shown[-1][f"key_{number}"] for number in range(len(sorting.keys))] if len(rows) > len(shown) else None
    for row in shown:
        for number in range(len(sorting.keys)):
            del row[f"key_{number}"]
    return Page(items=tuple(shown), next=None if last is None else _cursor(sorting, tuple(last)))


def _cursor(sorting: Sorting, keys: tuple[str | int, ...]) -> str:
    data = encode(_Cursor(version=_VERSION, sorting=sorting.name, keys=keys))
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _after(cursor: str, sorting: Sorting) -> tuple[str | int, ...]:
    try:
        if len(cursor) > _LONGEST:
            raise ValueError("too long")  # noqa: TRY301 - all that is wrong is said in one place
        data = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        found = _read_cursor(data)
        if _cursor(sorting, found.keys) != cursor or [isinstance(key, int) for key in found.keys] != list(
            sorting.numbers
        ):
            raise ValueError("of another list")  # noqa: TRY301 - as above
    except (binascii.Error, ValueError, FormatError):
        raise CursorInvalid(
            "The cursor is not one that this list gave in this order. Begin again without, and follow `next` as it is."
        ) from None
    return found.keys
