"""Ballots as they were cast. All votes here are open: it is seen how each coop voted, and why if it said so."""

from typing import Final

from app.services.reading.paging import Conditions, Paging, Sorting, read_page
from app.services.reading.polls import poll_row
from app.services.reading.texts import TextView, texts_of
from app.services.serving import Service
from app.store.moment import at_one_moment
from governance.counting.tally import Choice
from governance.ids import CoopId, MandateId
from governance.instants import Instant
from governance.value import Value

_SORTING: Final = Sorting(name="ballots", keys=('"seq"',), numbers=(True,))


class BallotView(Value):
    """A coop's ballot at its position `seq` in the log. It is in force unless it was `replaced_by` a later one."""

    seq: int
    coop: CoopId
    choice: Choice
    reason: TextView | None
    replaces: int | None
    replaced_by: int | None
    actor: MandateId
    at: Instant


class BallotsPage(Value):
    """A page of ballots in the order of the log. `next` is the cursor of the page after it, or null on the last one."""

    items: tuple[BallotView, ...]
    next: str | None


async def list_ballots(service: Service, poll: str, *, replaced: bool, paging: Paging) -> BallotsPage:
    """The ballots of a vote that are in force, or all that were cast.

    Raises:
        PollUnknown: there is no such vote.
        CursorInvalid: as `read_page`.
    """
    where = Conditions()
    where.add('"poll" = {}', poll)
    if not replaced:
        where.add('"replaced_by" IS NULL')
    async with at_one_moment(service.engine) as run:
        await poll_row(run, poll)
        page = await read_page(
            run,
            columns='"seq", "coop", "choice", "reason", "replaces", "replaced_by", "actor", "at"',
            source='"ballot"',
            where=where,
            sorting=_SORTING,
            paging=paging,
        )
        reasons = await texts_of(run, [row["reason"] for row in page.items])
    items = tuple(BallotView(**{**row, "reason": reasons.get(row["reason"])}) for row in page.items)
    return BallotsPage(items=items, next=page.next)
