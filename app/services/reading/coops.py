"""The register of coops, at present or as it stood at any instant."""

from typing import Any, Final, Literal

import msgspec
from piccolo.querystring import QueryString

from app.services.reading.numbers import NumberView, numbers_of
from app.services.reading.paging import Conditions, Paging, Sorting, read_page
from app.services.reading.restorations import RestorationView, restorations
from app.services.reading.when import asked_instant
from app.services.serving import Service
from app.store.log_reading import Run
from app.store.moment import at_one_moment
from app.store.searching import folded, like
from governance.ids import CoopId
from governance.instants import Instant
from governance.register import CoopUnknown, Status
from governance.value import Value

Order = Literal["number", "name", "country", "-since"]
_NUMBER: Final = 'CAST(SUBSTR("c"."coop", 2) AS BIGINT)'
_SORTINGS: Final[dict[Order, Sorting]] = {
    "number": Sorting(name="coops/number", keys=(_NUMBER,), numbers=(True,)),
    "name": Sorting(name="coops/name", keys=('"n"."folded"', _NUMBER), numbers=(False, True)),
    "country": Sorting(name="coops/country", keys=('"c"."country"', _NUMBER), numbers=(False, True)),
    "-since": Sorting(name="coops/-since", keys=('"c"."since"', _NUMBER), numbers=(False, True), descending=True),
}
_COLUMNS: Final = ", ".join(
    f'"c"."{name}" AS "{name}"'
    for name in (
        "coop",
        "seq",
        "at",
        "name",
        "country",
        "category",
        "status",
        "since",
        "member_since",
        "good_standing",
        "services",
    )
)
_SOURCE: Final = '"coop_change" AS "c" JOIN "coop_name" AS "n" ON "n"."id" = "c"."id"'
_read_services: Final = msgspec.json.Decoder(tuple[str, ...]).decode


class Sought(Value):
    """What is sought in the register: each given condition must hold. `name` is a part of the name, in any spelling."""

    status: Status | None = None
    category: str | None = None
    country: str | None = None
    service: str | None = None
    name: str | None = None
    at: str | None = None


class CoopLine(Value):
    """A coop as the register has it. `since` is when its status began; `seq` the entry, and `at` when, that said so last."""

    id: CoopId
    name: str
    country: str
    category: str
    status: Status
    since: Instant
    member_since: Instant
    good_standing: bool
    services: tuple[str, ...]
    seq: int
    at: Instant


class CoopsPage(Value):
    """A page of the register. `next` is the cursor of the page after it, or null on the last one."""

    items: tuple[CoopLine, ...]
    next: str | None


class CoopView(Value):
    """A coop with its numbers, and with the restoration of a steward where one is under way."""

    coop: CoopLine
    numbers: tuple[NumberView, ...]
    restoration: RestorationView | None = None


class CoopHistory(Value):
    """What the register said of a coop, oldest first: each holds from its `at` until that of the next."""

    items: tuple[CoopLine, ...]


async def list_coops(service: Service, sought: Sought, order: Order, paging: Paging) -> CoopsPage:
    """The coops of the register, or those that fit.

    Raises:
        CursorInvalid: as `read_page`.
        NotAnInstant: `at` is no instant or day.
    """
    where = _standing(None if sought.at is None else asked_instant(sought.at))
    for column in ("status", "category", "country"):
        if (wanted := getattr(sought, column)) is not None:
            where.add(f'"c"."{column}" = {{}}', wanted)
    if sought.service is not None:
        where.add('"c"."id" IN (SELECT "change" FROM "coop_service" WHERE "service" = {})', sought.service)
    if sought.name is not None:
        where.add('"n"."folded" LIKE {} ESCAPE \'!\'', like(folded(sought.name)))
    async with at_one_moment(service.engine) as run:
        page = await read_page(
            run, columns=_COLUMNS, source=_SOURCE, where=where, sorting=_SORTINGS[order], paging=paging
        )
    return CoopsPage(items=tuple(map(_line, page.items)), next=page.next)


async def read_coop(service: Service, coop: str, at: str | None = None) -> CoopView:
    """A coop, at present or as it stood at an instant. What was declared then and did not count yet is not known any more.

    Raises:
        CoopUnknown: there is none, or there was none yet.
        NotAnInstant: `at` is no instant or day.
    """
    asked = None if at is None else asked_instant(at)
    where = _standing(asked)
    where.add('"c"."coop" = {}', coop)
    async with at_one_moment(service.engine) as run:
        rows = await run(QueryString(f"SELECT {_COLUMNS} FROM {_SOURCE} {where.sql}", *where.args))  # noqa: S608 - only our words
        if not rows:
            raise CoopUnknown(f"The register has no coop {coop[:40]!r}{'' if at is None else ' at that time'}.")
        numbers = await numbers_of(run, coop, asked or service.clock(), present=asked is None)
        restoring = await restorations(run, coop) if asked is None else ()
    return CoopView(coop=_line(rows[0]), numbers=numbers, restoration=restoring[0] if restoring else None)


async def read_history(service: Service, coop: str) -> CoopHistory:
    """What the register said of a coop, from the beginning.

    Raises:
        CoopUnknown: there is none.
    """
    async with at_one_moment(service.engine) as run:
        rows = await run(
            QueryString(f'SELECT {_COLUMNS} FROM "coop_change" AS "c" WHERE "c"."coop" = {{}} ORDER BY "c"."seq"', coop)  # noqa: S608 - only our words
        )
    if not rows:
        raise CoopUnknown(f"The register has no coop {coop[:40]!r}.")
    return CoopHistory(items=tuple(map(_line, rows)))


async def require_coop(run: Run, coop: str) -> None:
    """Refuse an id that the register does not have.

    Raises:
        CoopUnknown: as it says.
    """
    if not await run(QueryString('SELECT 1 AS "one" FROM "coop" WHERE "id" = {}', coop)):
        raise CoopUnknown(f"The register has no coop {coop[:40]!r}.")


def _standing(at: Instant | None) -> Conditions:
    """What the register says last of each coop, up to an instant."""
    where = Conditions()
    until = ""
    args: tuple[Instant, ...] = ()
    if at is not None:
        where.add('"c"."at" <= {}', at)
        until, args = ' AND "l"."at" <= {}', (at,)
    where.add(
        'NOT EXISTS (SELECT 1 FROM "coop_change" AS "l" '  # noqa: S608 - only our words
        f'WHERE "l"."coop" = "c"."coop" AND "l"."seq" > "c"."seq"{until})',
        *args,
    )
    return where


def _line(row: dict[str, Any]) -> CoopLine:
    return CoopLine(
        id=row["coop"],
        name=row["name"],
        country=row["country"],
        category=row["category"],
        status=row["status"],
        since=row["since"],
        member_since=row["member_since"],
        good_standing=bool(row["good_standing"]),
        services=_read_services(row["services"]),
        seq=row["seq"],
        at=row["at"],
    )
