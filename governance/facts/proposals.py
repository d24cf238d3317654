"""The facts of a proposal's life, from submission to enactment."""

from typing import Literal

from governance.charter import ArticleContent
from governance.effect import Effect
from governance.ids import AmendmentId, CoopId, HashText, Matter, OfficeId, ProposalId
from governance.instants import Instant
from governance.proposal import LapseReason
from governance.value import Value


class ProposalSubmitted(Value):
    """A coop, or an office with the power to decide urgently, brings a proposal."""

    proposal: ProposalId
    effect: Effect
    text: HashText
    language: str
    coop: CoopId | None
    office: OfficeId | None


class ProposalSupported(Value):
    """A coop joins as a sponsor or seconds."""

    proposal: ProposalId
    coop: CoopId
    role: Literal["sponsor", "seconder"]


class VoteDemanded(Value):
    """A coop demands that the proposal is voted on, sponsors and seconders or not. `met`: enough coops have done so now."""

    proposal: ProposalId
    coop: CoopId
    met: bool


class AmendmentSuggested(Value):
    """A coop suggests another text, and another effect where `effect` is given."""

    amendment: AmendmentId
    proposal: ProposalId
    coop: CoopId
    text: HashText
    effect: Effect | None


class AmendmentAccepted(Value):
    """The leading sponsor makes an amendment its own."""

    amendment: AmendmentId
    proposal: ProposalId


class AmendmentPut(Value):
    """Another coop than the one suggesting it demands that an amendment is voted on."""

    amendment: AmendmentId
    proposal: ProposalId
    coop: CoopId


class ProposalWithdrawn(Value):
    """The leading sponsor takes the proposal back."""

    proposal: ProposalId


class ProposalLifted(Value):
    """A coop takes a routine matter to the ordinary rule of its kind."""

    proposal: ProposalId
    coop: CoopId
    matter: Matter


class ProposalAnswered(Value):
    """The coop concerned answers; its answer stands beside the proposal."""

    proposal: ProposalId
    coop: CoopId
    text: HashText


class CommentPosted(Value):
    """A coop comments, or replies to the comment at a log position."""

    proposal: ProposalId
    coop: CoopId
    text: HashText
    reply_to: int | None


class DecisionChallenged(Value):
    """A coop challenges a carried decision in its waiting period. `met`: enough coops have done so now."""

    proposal: ProposalId
    coop: CoopId
    reason: HashText | None
    met: bool


class ProposalLapsed(Value):
    """A proposal ends without effect, for a reason that nobody voted on."""

    proposal: ProposalId
    reason: LapseReason
    due: Instant


class RevealedText(Value):
    """A text of the charter with the salt of its hash: from now on a permanent part of the log."""

    salt: str
    content: ArticleContent


class ResolutionInForce(Value, tag_field="result", tag="resolution"):
    """A numbered resolution is in force."""

    number: int


class FoundingRatified(Value, tag_field="result", tag="ratified"):
    """The coops have made the founding their own."""


class CoopAdmitted(Value, tag_field="result", tag="admitted"):
    """The applicant is a member, under this id."""

    coop: CoopId


class RegisterChanged(Value, tag_field="result", tag="register"):
    """The register says of the coop what was decided."""

    coop: CoopId


class CharterAmended(Value, tag_field="result", tag="charter"):
    """The charter has a new version; these are its new texts, in the order of the operations."""

    version: int
    texts: tuple[RevealedText, ...]


class RuleVersion(Value):
    """A matter and the version of the rule that now holds there, or None where it was struck."""

    matter: Matter
    version: int | None


class RulesChanged(Value, tag_field="result", tag="rules"):
    """The rulebook has new versions of these rules."""

    rules: tuple[RuleVersion, ...]


Result = ResolutionInForce | FoundingRatified | CoopAdmitted | RegisterChanged | CharterAmended | RulesChanged


class ProposalEnacted(Value):
    """What was carried takes effect."""

    proposal: ProposalId
    result: Result
    due: Instant


class ReviewDue(Value):
    """The review date of a resolution has come."""

    proposal: ProposalId
    due: Instant
