"""A proposal on its way from submission to a decision in force."""

from datetime import timedelta
from fractions import Fraction
from typing import Final, Literal

from governance.effect import Effect
from governance.errors import Refusal
from governance.ids import AmendmentId, CoopId, OfficeId, PollId, ProposalId, TextHash
from governance.instants import Instant
from governance.poll import PinnedRule, Purpose
from governance.value import Value

Stage = Literal[
    "deliberation",  # gathers support, is discussed and amended; then its notice runs
    "voting",  # a poll is open
    "between_polls",  # a further call, a confirmation, or a new poll after a voided one is to open
    "waiting",  # carried, and open to challenge until it takes effect
    "in_force",
    "rejected",
    "withdrawn",
    "lapsed",
    "superseded",
]
OPEN_STAGES: Final = frozenset[Stage]({"deliberation", "voting", "between_polls", "waiting"})
AmendmentStatus = Literal["suggested", "put", "voting", "accepted", "dropped"]
LapseReason = Literal[
    "no_support", "no_electorate", "conflict", "lock_out", "impossible", "redacted", "text_invalid", "not_ratified"
]


class ProposalUnknown(Refusal):
    """There is no such proposal."""

    code = "proposal_unknown"


class WrongStage(Refusal):
    """The proposal is not at the stage at which this can be done."""

    code = "wrong_stage"


class NotSponsor(Refusal):
    """Only the coop that leads the proposal can do this."""

    code = "not_sponsor"


class AlreadyDone(Refusal):
    """Your coop has already done this."""

    code = "already_done"


class NotEntitled(Refusal):
    """Your coop has no vote in this matter, and so no part in bringing it."""

    code = "not_entitled"


class EffectInvalid(Refusal):
    """What this proposal would do cannot be done."""

    code = "effect_invalid"


class AmendmentUnknown(Refusal):
    """There is no such open amendment."""

    code = "amendment_unknown"


class AmendmentTextOutdated(Refusal):
    """The proposal's text has changed since this amendment was written."""

    code = "amendment_text_outdated"


class TooManyOpen(Refusal):
    """Your coop leads as many open proposals as one coop can."""

    code = "too_many_open"


class NotLiftable(Refusal):
    """This matter is already decided by the ordinary rule."""

    code = "not_liftable"


class Amendment(Value):
    """A change to a proposal's text, written `on` what that was then, and to its effect where `effect` is given."""

    id: AmendmentId
    coop: CoopId
    on: TextHash
    text: TextHash
    effect: Effect | None
    status: AmendmentStatus = "suggested"


class Needs(Value):
    """The support that the rule at submission asks for, and the notice it gives. Pinned: a later rule changes neither."""

    sponsors: int
    seconders: int
    notice: timedelta
    requisition: Fraction | None


class Proposal(Value):
    """A proposal's whole state.

    `lead` is the coop that brought it, or None where an `office` did. Without support it lapses at `support_until`.
    `notice_from` is when the notice began: support complete, text in its last form. `polls` counts the polls opened, `call`
    the calls of the present round. `pinned` are the rules since the first call, `heads` the coops entitled in the last
    poll, the base of a challenge. `confirmed` says that a confirmation has been carried, `enact_at` when the waiting period
    ends, `provisional_until` when a provisional decision lapses.
    """

    id: ProposalId
    effect: Effect
    text: TextHash
    language: str
    needs: Needs
    submitted: Instant
    support_until: Instant
    lead: CoopId | None = None
    office: OfficeId | None = None
    stage: Stage = "deliberation"
    sponsors: tuple[CoopId, ...] = ()
    seconders: tuple[CoopId, ...] = ()
    demanded_by: tuple[CoopId, ...] = ()
    challengers: tuple[CoopId, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    notice_from: Instant | None = None
    polls: int = 0
    poll: PollId | None = None
    call: int = 0
    purpose: Purpose = "decision"
    pinned: tuple[PinnedRule, ...] = ()
    heads: int = 0
    confirmed: bool = False
    voided: bool = False
    lapsed: LapseReason | None = None
    enact_at: Instant | None = None
    provisional_until: Instant | None = None
    number: int | None = None


def supported(proposal: Proposal) -> bool:
    """Whether the proposal has the sponsors and seconders that its rule asks for."""
    return len(proposal.sponsors) >= proposal.needs.sponsors and len(proposal.seconders) >= proposal.needs.seconders
