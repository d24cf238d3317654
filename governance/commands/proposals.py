"""Commands in the life of a proposal."""

from typing import Literal

from governance.effect import Effect
from governance.ids import AmendmentId, HashText, ProposalId
from governance.value import Value


class Submit(Value):
    """Bring a proposal. `text` is the hash of its text, `language` the BCP 47 tag of the language that binds."""

    effect: Effect
    text: HashText
    language: str = "en"


class Support(Value):
    """Join a proposal as a sponsor, or second it."""

    proposal: ProposalId
    role: Literal["sponsor", "seconder"]


class DemandVote(Value):
    """Demand that a proposal is voted on although it lacks sponsors or seconders."""

    proposal: ProposalId


class SuggestAmendment(Value):
    """Suggest another text, and another effect of the same kind where `effect` is given."""

    proposal: ProposalId
    text: HashText
    effect: Effect | None = None


class AcceptAmendment(Value):
    """As the leading sponsor: make an amendment one's own."""

    amendment: AmendmentId


class PutAmendment(Value):
    """Demand a vote on an amendment that another coop suggested."""

    amendment: AmendmentId


class Withdraw(Value):
    """As the leading sponsor: take a proposal back."""

    proposal: ProposalId


class Lift(Value):
    """Take a routine matter to the ordinary rule."""

    proposal: ProposalId


class Answer(Value):
    """As the coop concerned: answer a proposal."""

    proposal: ProposalId
    text: HashText


class Comment(Value):
    """Comment on a proposal, or reply to the comment at a log position."""

    proposal: ProposalId
    text: HashText
    reply_to: int | None = None


class Challenge(Value):
    """Challenge a carried decision in its waiting period."""

    proposal: ProposalId
    reason: HashText | None = None
