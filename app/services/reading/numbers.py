"""A coop's numbers: what counts, what is pending, from when, and who contests it."""

from fractions import Fraction
from itertools import groupby
from operator import itemgetter
from typing import Any

from piccolo.querystring import QueryString

from app.store.log_reading import Run
from governance.exact import parse_exact
from governance.ids import CoopId
from governance.instants import Instant
from governance.register import Coop, Declaration, counted, pending
from governance.value import Value


class DeclaredView(Value):
    """A number as declared, exact (`12`, `1/2`). It counts from `counts_from`, unless another coop contests it."""

    number: Fraction
    declared: Instant
    counts_from: Instant
    contested_by: CoopId | None


class NumberView(Value):
    """A registered number of a coop: what it `counts` as, what is `pending`, and all that was declared, oldest first.

    A number that waits to count and is declared anew, or settled by a vote, makes way: it is in the log, and not here.
    """

    fact: str
    counts: Fraction | None
    pending: DeclaredView | None
    declared: tuple[DeclaredView, ...]


async def numbers_of(run: Run, coop: str, at: Instant, *, present: bool) -> tuple[NumberView, ...]:
    """The numbers of a coop as they count at an instant; at `present`, also what is pending."""
    rows = await run(
        QueryString(
            'SELECT "fact", "number", "declared", "counts_from", "contested_by" FROM "coop_fact" '
            'WHERE "coop" = {} ORDER BY "fact", "position"',
            coop,
        )
    )
    found = []
    for fact, group in groupby(rows, key=itemgetter("fact")):
        declarations = [one for one in map(_declaration, group) if present or _had_counted(one, at)]
        if declarations:
            found.append(_number(fact, declarations, at))
    return tuple(found)


def _had_counted(one: Declaration, at: Instant) -> bool:
    return one.counts_from <= at and one.contested_by is None


def _number(fact: str, declarations: list[Declaration], at: Instant) -> NumberView:
    # What counts and what is pending is said by the rules themselves, of a coop that has these numbers and nothing else.
    coop = Coop(
        id=CoopId("c0"),
        seq=0,
        at=at,
        name="",
        country="",
        category="",
        status="member",
        since=at,
        member_since=at,
        facts={fact: tuple(declarations)},
    )
    waiting = pending(coop, fact, at)
    return NumberView(
        fact=fact,
        counts=counted(coop, fact, at),
        pending=None if waiting is None else _view(waiting),
        declared=tuple(map(_view, declarations)),
    )


def _declaration(row: dict[str, Any]) -> Declaration:
    return Declaration(
        number=parse_exact(row["number"]),
        at=row["declared"],
        counts_from=row["counts_from"],
        contested_by=row["contested_by"],
    )


def _view(one: Declaration) -> DeclaredView:
    return DeclaredView(number=one.number, declared=one.at, counts_from=one.counts_from, contested_by=one.contested_by)
