"""Proposals and what is said about them."""

from typing import Annotated, Any, Final

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.types import ControllerRouterHandler

from app.http.etags import Tagged
from app.http.pages import LIMIT, Cursor, Limit, paged
from app.services.reading import comments, proposal_lists, proposals
from app.services.reading.comments import CommentsPage
from app.services.reading.paging import Paging
from app.services.reading.proposal_lists import Order, ProposalsPage, Sought
from app.services.reading.proposals import ProposalView
from app.services.serving import Service
from governance.effect import Kind
from governance.proposal import Stage

_LINE: Final = {
    "id": "p7",
    "number": 7,
    "kind": "charter",
    "matters": ["charter.article.care"],
    "stage": "voting",
    "title": "Say what care means",
    "text": "9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab",
    "language": "en",
    "lead": "c4",
    "office": None,
    "concerned": None,
    "submitted": "2026-03-01T12:00:00.000000Z",
    "poll": "p7.v1",
    "step": "close_poll",
    "due": "2026-03-22T12:00:00.000000Z",
    "resolution": None,
    "seq": 412,
}
_COMMENT: Final = {
    "seq": 415,
    "coop": "c9",
    "actor": "m-0123456789abcdef0123456789abcdef",
    "at": "2026-03-02T08:30:00.000000Z",
    "reply_to": None,
    "text": {"hash": _LINE["text"], "text": "What would it change for us?", "redacted": None},
}
Before = Annotated[
    str | None, QueryParameter(description="What falls due by this instant or day: the last instant of it, in UTC.")
]


@get(
    "/api/v1/proposals",
    tags=["proposals"],
    operation_id="listProposals",
    responses={
        200: ResponseSpec(
            ProposalsPage, examples=[Example(value={"items": [_LINE], "next": None})], generate_examples=False
        )
    },
)
async def list_proposals(  # noqa: PLR0913, PLR0917 - one for each parameter of the query
    service: NamedDependency[Service],
    request: Request[Any, Any, Any],
    kind: FromQuery[Kind | None] = None,
    stage: FromQuery[Stage | None] = None,
    is_open: Annotated[
        bool | None, QueryParameter(name="open", description="Only those on their way, or only those that are over.")
    ] = None,
    matter: FromQuery[str | None] = None,
    lead: FromQuery[str | None] = None,
    concerned: FromQuery[str | None] = None,
    due_before: Before = None,
    sort: FromQuery[Order] = "-number",
    cursor: Cursor = None,
    limit: Limit = LIMIT,
) -> Tagged[ProposalsPage]:
    """List proposals.

    `matter` finds what is narrower too: `charter` every change of an article. `lead` is the coop that brought it, `concerned`
    the one that it is about. In the order `due`, only those are listed for which something falls due.
    """
    sought = Sought(
        kind=kind, stage=stage, open=is_open, matter=matter, lead=lead, concerned=concerned, due_before=due_before
    )
    page = await proposal_lists.list_proposals(service, sought, sort, Paging(limit=limit, cursor=cursor))
    return paged(page, request)


@get("/api/v1/proposals/{proposal:str}", tags=["proposals"], operation_id="getProposal")
async def get_proposal(service: NamedDependency[Service], proposal: FromPath[str]) -> Tagged[ProposalView]:
    """Get a proposal.

    With what carrying it does, its text, the answer of the coop concerned, its supporters and amendments, its votes, and what
    happened so far. A text that was redacted is null, and says who had it erased and why.
    """
    return Tagged(await proposals.read_proposal(service, proposal))


@get(
    "/api/v1/proposals/{proposal:str}/comments",
    tags=["proposals"],
    operation_id="listComments",
    responses={
        200: ResponseSpec(
            CommentsPage, examples=[Example(value={"items": [_COMMENT], "next": None})], generate_examples=False
        )
    },
)
async def list_comments(
    service: NamedDependency[Service],
    request: Request[Any, Any, Any],
    proposal: FromPath[str],
    cursor: Cursor = None,
    limit: Limit = LIMIT,
) -> Tagged[CommentsPage]:
    """List the comments on a proposal.

    Oldest first. A reply names the comment that it answers in `reply_to`, and comes after it.
    """
    page = await comments.list_comments(service, proposal, Paging(limit=limit, cursor=cursor))
    return paged(page, request)


PROPOSALS: Final[tuple[ControllerRouterHandler, ...]] = (list_proposals, get_proposal, list_comments)
