"""The facts of a poll: opened, ballots cast, extended, closed or voided."""

from governance.ballot import BallotStatement
from governance.counting.tally import Sums
from governance.ids import AmendmentId, BlobHash, CoopId, HashText, Matter, OfficeId, PollId, ProposalId
from governance.instants import Instant
from governance.outcome import Status
from governance.poll import Purpose
from governance.value import Value


class RollTaken(Value):
    """The electorate of one of the poll's rules, by the hash of its blob, and how many coops are on it."""

    matter: Matter
    version: int
    electorate: BlobHash
    heads: int


class PollOpened(Value):
    """A poll opened; it closes, exclusively, at `closes`. `due` is when it was to open."""

    poll: PollId
    proposal: ProposalId
    purpose: Purpose
    amendment: AmendmentId | None
    call: int
    text: HashText
    rule: str
    rolls: tuple[RollTaken, ...]
    closes: Instant
    due: Instant


class BallotCast(BallotStatement, gc=False):
    """A coop's ballot: the statement and nothing else."""


class PollExtended(Value):
    """A ballot completed the quorum so late that the poll stays open until `closes`. It happens once."""

    poll: PollId
    closes: Instant
    due: Instant


class Counted(Value):
    """The count under one of the poll's rules: the sums by measure. `counting` names the counting rule and its version."""

    matter: Matter
    counting: str
    status: Status
    sums: dict[str, Sums]
    no_show: bool


class PollClosed(Value):
    """A poll closed. It was to close at `due`; `status` is carried only if it carried under each of its rules.

    `changed` lists the coops on the roll that were no members any more when it closed: a rule whose `meanwhile` is `excluded`
    leaves them out.
    """

    poll: PollId
    proposal: ProposalId
    status: Status
    counts: tuple[Counted, ...]
    changed: tuple[CoopId, ...]
    due: Instant


class PollVoided(Value):
    """An office voided an open poll, for a reason whose text stands beside the log. A new one follows."""

    poll: PollId
    proposal: ProposalId
    office: OfficeId
    reason: HashText
