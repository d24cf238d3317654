"""Every record type in every version. A line here is for ever; a changed fact is a new line with the next version."""

from typing import Final

from governance.facts import continuing, founding, polls, proposals, register, rotating
from governance.value import Value

FACTS: Final[dict[tuple[str, int], type[Value]]] = {
    ("log.genesis", 1): founding.LogGenesis,
    ("federation.named", 1): founding.FederationNamed,
    ("charter.article_founded", 1): founding.ArticleFounded,
    ("rule.founded", 1): founding.RuleFounded,
    ("office.founded", 1): founding.OfficeFounded,
    ("coop.founded", 1): founding.CoopFounded,
    ("founding.closed", 1): founding.FoundingClosed,
    ("coop.number_declared", 1): register.NumberDeclared,
    ("coop.number_contested", 1): register.NumberContested,
    ("coop.contest_withdrawn", 1): register.ContestWithdrawn,
    ("coop.services_declared", 1): register.ServicesDeclared,
    ("coop.standing_recorded", 1): register.StandingRecorded,
    ("coop.left", 1): register.CoopLeft,
    ("mandate.given", 1): register.MandateGiven,
    ("mandate.revoked", 1): register.MandateRevoked,
    ("restoration.attested", 1): register.RestorationAttested,
    ("restoration.objected", 1): register.RestorationObjected,
    ("steward.restored", 1): register.StewardRestored,
    ("text.redacted", 1): register.TextRedacted,
    ("proposal.submitted", 1): proposals.ProposalSubmitted,
    ("proposal.supported", 1): proposals.ProposalSupported,
    ("proposal.vote_demanded", 1): proposals.VoteDemanded,
    ("amendment.suggested", 1): proposals.AmendmentSuggested,
    ("amendment.accepted", 1): proposals.AmendmentAccepted,
    ("amendment.put", 1): proposals.AmendmentPut,
    ("proposal.withdrawn", 1): proposals.ProposalWithdrawn,
    ("proposal.lifted", 1): proposals.ProposalLifted,
    ("proposal.answered", 1): proposals.ProposalAnswered,
    ("comment.posted", 1): proposals.CommentPosted,
    ("decision.challenged", 1): proposals.DecisionChallenged,
    ("proposal.lapsed", 1): proposals.ProposalLapsed,
    ("proposal.enacted", 1): proposals.ProposalEnacted,
    ("decision.review_due", 1): proposals.ReviewDue,
    ("poll.opened", 1): polls.PollOpened,
    ("ballot.cast", 1): polls.BallotCast,
    ("poll.extended", 1): polls.PollExtended,
    ("poll.closed", 1): polls.PollClosed,
    ("poll.voided", 1): polls.PollVoided,
    ("log.continued", 1): continuing.LogContinued,
    ("log.key_rotated", 1): rotating.LogKeyRotated,
}

NAMES: Final[dict[type[Value], tuple[str, int]]] = {fact: name for name, fact in FACTS.items()}
"""The type and version that a fact of this class is written as."""
