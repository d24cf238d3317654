"""A poll: one vote, with what was pinned when it opened. What is true of a poll never changes after that."""

from datetime import timedelta
from typing import Literal

from governance.electorate import Roll
from governance.errors import Refusal
from governance.ids import AmendmentId, CoopId, Matter, PollId, ProposalId, TextHash
from governance.instants import Instant
from governance.requirement import Requirement
from governance.rule import Rule
from governance.value import Value

Purpose = Literal["decision", "confirmation", "amendment"]


class PollUnknown(Refusal):
    """There is no such vote."""

    code = "poll_unknown"


class PollClosed(Refusal):
    """This vote is over."""

    code = "poll_closed"


class NotOnRoll(Refusal):
    """This coop is not on the voter roll of this vote."""

    code = "not_on_roll"


class StatementMismatch(Refusal):
    """The ballot was filled in for something else than what is being voted on."""

    code = "statement_mismatch"


class ChoiceNotOffered(Refusal):
    """This vote does not offer that answer."""

    code = "choice_not_offered"


class ReasonMissing(Refusal):
    """A block needs a reason."""

    code = "reason_missing"


class BallotSuperseded(Refusal):
    """Your coop's ballot in force is another one than this ballot says it replaces."""

    code = "ballot_superseded"


class BallotFinal(Refusal):
    """A ballot once cast is final in this vote."""

    code = "ballot_final"


class VoidedBefore(Refusal):
    """An office can void one poll of a proposal, and no more."""

    code = "voided_before"


class PinnedRule(Value):
    """A rule in the version that held when the poll opened."""

    matter: Matter
    version: int
    rule: Rule


class Judged(Value):
    """One rule the poll is judged under, with the roll that it gives, and what this call asks for."""

    pinned: PinnedRule
    roll: Roll
    quorum: tuple[Requirement, ...]
    majority: tuple[Requirement, ...]


class Poll(Value):
    """An open poll. `closes` is exclusive. `extended` says that its late-quorum extension is used up."""

    id: PollId
    proposal: ProposalId
    purpose: Purpose
    call: int
    text: TextHash
    rule: str
    opened: Instant
    closes: Instant
    judged: tuple[Judged, ...]
    voters: frozenset[CoopId]
    final: bool
    blocks: bool
    early_close: bool
    extension: timedelta
    amendment: AmendmentId | None = None
    extended: bool = False


class CastBallot(Value, gc=False):
    """A coop's ballot in force: where it stands in the log, and the choice."""

    seq: int
    choice: Literal["yes", "no", "abstain", "block"]


def rule_label(pinned: tuple[PinnedRule, ...]) -> str:
    """How a ballot statement names the rules of its poll: `charter/3`, or `admission/1+rules/2`."""
    return "+".join(f"{rule.matter}/{rule.version}" for rule in pinned)
