"""What is said about a proposal."""

from typing import Final

from app.services.reading.paging import Conditions, Paging, Sorting, read_page
from app.services.reading.proposals import require_proposal
from app.services.reading.texts import TextView, texts_of
from app.services.serving import Service
from app.store.moment import at_one_moment
from governance.ids import CoopId, MandateId
from governance.instants import Instant
from governance.value import Value

_SORTING: Final = Sorting(name="comments", keys=('"seq"',), numbers=(True,))


class CommentView(Value):
    """A comment, known by the entry `seq`; `reply_to` is the comment that it answers. Its text is null where it was redacted."""

    seq: int
    coop: CoopId
    actor: MandateId
    at: Instant
    reply_to: int | None
    text: TextView


class CommentsPage(Value):
    """A page of comments, oldest first. `next` is the cursor of the page after it, or null on the last one."""

    items: tuple[CommentView, ...]
    next: str | None


async def list_comments(service: Service, proposal: str, paging: Paging) -> CommentsPage:
    """The comments on a proposal, oldest first: a reply comes after what it answers.

    Raises:
        ProposalUnknown: there is no such proposal.
        CursorInvalid: as `read_page`.
    """
    where = Conditions()
    where.add('"proposal" = {}', proposal)
    async with at_one_moment(service.engine) as run:
        await require_proposal(run, proposal)
        page = await read_page(
            run,
            columns='"seq", "coop", "actor", "text", "reply_to", "at"',
            source='"comment"',
            where=where,
            sorting=_SORTING,
            paging=paging,
        )
        texts = await texts_of(run, [row["text"] for row in page.items])
    items = tuple(
        CommentView(
            seq=row["seq"],
            coop=row["coop"],
            actor=row["actor"],
            at=row["at"],
            reply_to=row["reply_to"],
            text=texts[row["text"]],
        )
        for row in page.items
    )
    return CommentsPage(items=items, next=page.next)
