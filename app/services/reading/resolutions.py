"""The resolutions, numbered, those in force and those that were superseded."""

from typing import Final

from app.services.reading.paging import Conditions, Paging, Sorting, read_page
from app.services.reading.texts import titles_of
from app.services.reading.when import asked_instant
from app.services.serving import Service
from app.store.moment import at_one_moment
from governance.ids import HashText, ProposalId
from governance.instants import Day, Instant, day_of
from governance.value import Value

_SORTING: Final = Sorting(name="resolutions/-number", keys=('"r"."number"',), numbers=(True,), descending=True)


class Sought(Value):
    """Which resolutions are sought: each given condition must hold. `review_before` finds those with a review date by then."""

    in_force: bool = True
    review_before: str | None = None


class ResolutionView(Value):
    """A resolution, in force `since` it took effect until it is `superseded_by` another. On its `review` day it comes back."""

    number: int
    proposal: ProposalId
    title: str | None
    text: HashText
    since: Instant
    review: Day | None
    superseded_by: ProposalId | None


class ResolutionsPage(Value):
    """A page of resolutions, newest first. `next` is the cursor of the page after it, or null on the last one."""

    items: tuple[ResolutionView, ...]
    next: str | None


async def list_resolutions(service: Service, sought: Sought, paging: Paging) -> ResolutionsPage:
    """The resolutions that fit, newest first.

    Raises:
        CursorInvalid: as `read_page`.
        NotAnInstant: `review_before` is no instant or day.
    """
    where = Conditions()
    where.add(f'"r"."superseded_by" IS {"" if sought.in_force else "NOT "}NULL')
    if sought.review_before is not None:
        where.add('"r"."review" <= {}', day_of(asked_instant(sought.review_before)))
    async with at_one_moment(service.engine) as run:
        page = await read_page(
            run,
            columns='"r"."number" AS "number", "r"."proposal" AS "proposal", "r"."since" AS "since", '
            '"r"."review" AS "review", "r"."superseded_by" AS "superseded_by", "p"."text" AS "text"',
            source='"resolution" AS "r" JOIN "proposal" AS "p" ON "p"."id" = "r"."proposal"',
            where=where,
            sorting=_SORTING,
            paging=paging,
        )
        titles = await titles_of(run, [row["text"] for row in page.items])
    items = tuple(ResolutionView(**row, title=titles.get(row["text"])) for row in page.items)
    return ResolutionsPage(items=items, next=page.next)
