"""Votes: what is asked, by which rules, of whom, and what came of it."""

from typing import Annotated, Any, Final

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.types import ControllerRouterHandler

from app.http.etags import Tagged
from app.http.pages import LIMIT, Cursor, Limit, paged
from app.services.reading import ballots, poll_lists, polls
from app.services.reading.ballots import BallotsPage
from app.services.reading.paging import Paging
from app.services.reading.poll_lists import Order, PollsPage, PollStatus, Sought
from app.services.reading.polls import PaperView, PollView, RollsView
from app.services.serving import Service

_TEXT: Final = "9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab"
_LINE: Final = {
    "id": "p7.v1",
    "proposal": "p7",
    "purpose": "decision",
    "amendment": None,
    "call": 1,
    "status": "open",
    "title": "Say what care means",
    "text": _TEXT,
    "heads": 69,
    "opened": "2026-03-15T12:00:00.000000Z",
    "closes": "2026-03-22T12:00:00.000000Z",
    "closed": None,
    "extended": False,
}
_PAPER: Final = {
    "statement": {"origin": "vote.example/log", "poll": "p7.v1", "text": _TEXT, "rule": "charter/3"},
    "coop": "c4",
    "replaces": None,
    "cast": None,
    "choices": ["yes", "no", "abstain"],
    "reason_needed": [],
    "castable": True,
    "closes": "2026-03-22T12:00:00.000000Z",
}
_BALLOT: Final = {
    "seq": 431,
    "coop": "c4",
    "choice": "yes",
    "reason": None,
    "replaces": 420,
    "replaced_by": None,
    "actor": "m-0123456789abcdef0123456789abcdef",
    "at": "2026-03-16T08:30:00.000000Z",
}
Before = Annotated[
    str | None, QueryParameter(description="What closes by this instant or day: the last instant of it, in UTC.")
]


@get(
    "/api/v1/polls",
    tags=["polls"],
    operation_id="listPolls",
    responses={
        200: ResponseSpec(
            PollsPage, examples=[Example(value={"items": [_LINE], "next": None})], generate_examples=False
        )
    },
)
async def list_polls(  # noqa: PLR0913, PLR0917 - one for each parameter of the query
    service: NamedDependency[Service],
    request: Request[Any, Any, Any],
    status: FromQuery[PollStatus | None] = None,
    proposal: FromQuery[str | None] = None,
    closes_before: Before = None,
    sort: FromQuery[Order] = "-opened",
    cursor: Cursor = None,
    limit: Limit = LIMIT,
) -> Tagged[PollsPage]:
    """List votes.

    Those that are open, and those that are over with what came of them.
    """
    sought = Sought(status=status, proposal=proposal, closes_before=closes_before)
    page = await poll_lists.list_polls(service, sought, sort, Paging(limit=limit, cursor=cursor))
    return paged(page, request)


@get("/api/v1/polls/{poll:str}", tags=["polls"], operation_id="getPoll")
async def get_poll(service: NamedDependency[Service], poll: FromPath[str]) -> Tagged[PollView]:
    """Get a vote.

    The question, the rules pinned when it opened with what this call asks for, the turnout, and, once it is closed, the
    outcome with each requirement and what it came to: as data and in words. It also says what of a further call, a late
    extension or an interruption the outcome hangs on.
    """
    return Tagged(await polls.read_poll(service, poll))


@get("/api/v1/polls/{poll:str}/rolls", tags=["polls"], operation_id="getRolls")
async def get_rolls(service: NamedDependency[Service], poll: FromPath[str]) -> Tagged[RollsView]:
    """Get the voter rolls of a vote.

    Frozen when it opened: each coop with the facts that counted and the weight that the rule made of them, exact.
    """
    return Tagged(await polls.read_poll_rolls(service, poll))


@get(
    "/api/v1/polls/{poll:str}/papers/{coop:str}",
    tags=["ballots"],
    operation_id="getBallotPaper",
    responses={200: ResponseSpec(PaperView, examples=[Example(value=_PAPER)], generate_examples=False)},
)
async def get_paper(service: NamedDependency[Service], poll: FromPath[str], coop: FromPath[str]) -> Tagged[PaperView]:
    """Get a coop's ballot paper in an open vote.

    Everything that a ballot statement must say to be cast: only the choice, and the hash of a reason where one is given, are
    to be added. Get it anew when a ballot was refused as superseded.
    """
    return Tagged(await polls.read_paper(service, poll, coop))


@get(
    "/api/v1/polls/{poll:str}/ballots",
    tags=["ballots"],
    operation_id="listBallots",
    responses={
        200: ResponseSpec(
            BallotsPage, examples=[Example(value={"items": [_BALLOT], "next": None})], generate_examples=False
        )
    },
)
async def list_ballots(
    service: NamedDependency[Service],
    request: Request[Any, Any, Any],
    poll: FromPath[str],
    *,
    replaced: Annotated[bool, QueryParameter(description="Also those that were replaced by a later one.")] = False,
    cursor: Cursor = None,
    limit: Limit = LIMIT,
) -> Tagged[BallotsPage]:
    """List the ballots of a vote.

    Those in force, in the order of the log. Votes are open: it is seen how each coop voted, and why if it said so.
    """
    page = await ballots.list_ballots(service, poll, replaced=replaced, paging=Paging(limit=limit, cursor=cursor))
    return paged(page, request)


POLLS: Final[tuple[ControllerRouterHandler, ...]] = (list_polls, get_poll, get_rolls, get_paper, list_ballots)
