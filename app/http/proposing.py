"""Proposals: bringing them, and what coops do with them."""

from typing import Annotated, Final, Literal

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler
from msgspec import Meta

from app.http.person import BEARER
from app.http.recorded import Recorded, recorded
from app.http.strict_body import StrictBody
from app.http.wire import Reason, Said, Text
from app.services import proposing as use
from app.services.asking import Asking
from governance.ids import AmendmentId, ProposalId
from governance.value import Value

_TAGS: Final = ["proposals"]
_ONE: Final = "/api/v1/proposals/{proposal:str}"
_AMENDMENT: Final = "/api/v1/amendments/{amendment:str}"


class ProposalRecorded(Recorded, frozen=True, kw_only=True):
    """A proposal stands in the log, under this id."""

    proposal: ProposalId


class AmendmentRecorded(Recorded, frozen=True, kw_only=True):
    """An amendment stands in the log, under this id."""

    amendment: AmendmentId


class Joining(Value):
    """As what a coop joins a proposal."""

    role: Literal["sponsor", "seconder"]


class Remark(Value):
    """A comment, or a reply to the comment at a position of the log."""

    text: Text
    reply_to: Annotated[int, Meta(ge=0, lt=2**53)] | None = None


@post("/api/v1/proposals", tags=_TAGS, operation_id="submitProposal", security=BEARER, dto=StrictBody, return_dto=None)
async def submit_proposal(data: JSONBody[use.Motion], asking: NamedDependency[Asking]) -> ProposalRecorded:
    """Bring a proposal.

    As the delegate of a coop that is entitled in the matter; urgent decisions as an office that has the power. It is deliberated
    on, found sponsors for and voted on as the rules on its matter say.
    """
    proposal, answer = await use.propose(asking, data)
    said = recorded(answer)
    return ProposalRecorded(proposal=proposal, seq=said.seq, entry=said.entry, receipt=said.receipt)


@post(f"{_ONE}/support", tags=_TAGS, operation_id="supportProposal", security=BEARER, dto=StrictBody, return_dto=None)
async def support(proposal: FromPath[str], data: JSONBody[Joining], asking: NamedDependency[Asking]) -> Recorded:
    """Join a proposal as a sponsor, or second it."""
    return recorded(await use.support(asking, ProposalId(proposal), data.role))


@post(f"{_ONE}/demands", tags=_TAGS, operation_id="demandVote", security=BEARER)
async def demand_vote(proposal: FromPath[str], asking: NamedDependency[Asking]) -> Recorded:
    """Demand a vote on a proposal that lacks support. The share of coops that suffices is in the rule."""
    return recorded(await use.demand_vote(asking, ProposalId(proposal)))


@post(f"{_ONE}/withdrawal", tags=_TAGS, operation_id="withdrawProposal", security=BEARER)
async def withdraw(proposal: FromPath[str], asking: NamedDependency[Asking]) -> Recorded:
    """Take a proposal back, as whoever leads it."""
    return recorded(await use.withdraw(asking, ProposalId(proposal)))


@post(f"{_ONE}/lift", tags=_TAGS, operation_id="liftProposal", security=BEARER)
async def lift(proposal: FromPath[str], asking: NamedDependency[Asking]) -> Recorded:
    """Take a routine matter to the ordinary rule. Any one coop can."""
    return recorded(await use.lift(asking, ProposalId(proposal)))


@post(f"{_ONE}/answer", tags=_TAGS, operation_id="answerProposal", security=BEARER, dto=StrictBody, return_dto=None)
async def answer(proposal: FromPath[str], data: JSONBody[Said], asking: NamedDependency[Asking]) -> Recorded:
    """Answer a proposal, as the coop that it concerns. The answer stands beside it."""
    return recorded(await use.answer(asking, ProposalId(proposal), data.text))


@post(f"{_ONE}/comments", tags=_TAGS, operation_id="commentProposal", security=BEARER, dto=StrictBody, return_dto=None)
async def comment(proposal: FromPath[str], data: JSONBody[Remark], asking: NamedDependency[Asking]) -> Recorded:
    """Comment on a proposal, or reply to a comment."""
    return recorded(await use.comment(asking, ProposalId(proposal), data.text, data.reply_to))


@post(
    f"{_ONE}/challenges", tags=_TAGS, operation_id="challengeDecision", security=BEARER, dto=StrictBody, return_dto=None
)
async def challenge(proposal: FromPath[str], data: JSONBody[Reason], asking: NamedDependency[Asking]) -> Recorded:
    """Challenge a carried decision in its waiting period. Enough challenges lead to a confirming vote."""
    return recorded(await use.challenge(asking, ProposalId(proposal), data.reason))


@post(
    f"{_ONE}/amendments", tags=_TAGS, operation_id="suggestAmendment", security=BEARER, dto=StrictBody, return_dto=None
)
async def suggest(
    proposal: FromPath[str], data: JSONBody[use.Change], asking: NamedDependency[Asking]
) -> AmendmentRecorded:
    """Suggest an amendment. The leading sponsor can take it over, and another coop can demand a vote on it."""
    amendment, answer = await use.suggest(asking, ProposalId(proposal), data)
    said = recorded(answer)
    return AmendmentRecorded(amendment=amendment, seq=said.seq, entry=said.entry, receipt=said.receipt)


@post(f"{_AMENDMENT}/acceptance", tags=_TAGS, operation_id="acceptAmendment", security=BEARER)
async def accept_amendment(amendment: FromPath[str], asking: NamedDependency[Asking]) -> Recorded:
    """Take over an amendment, as whoever leads the proposal."""
    return recorded(await use.accept_amendment(asking, AmendmentId(amendment)))


@post(f"{_AMENDMENT}/vote", tags=_TAGS, operation_id="putAmendment", security=BEARER)
async def put_amendment(amendment: FromPath[str], asking: NamedDependency[Asking]) -> Recorded:
    """Demand a vote on an amendment that another coop suggested."""
    return recorded(await use.put_amendment(asking, AmendmentId(amendment)))


PROPOSING: Final[tuple[ControllerRouterHandler, ...]] = (
    submit_proposal,
    support,
    demand_vote,
    withdraw,
    lift,
    answer,
    comment,
    challenge,
    suggest,
    accept_amendment,
    put_amendment,
)
