"""The federation's whole state, as tables of frozen values. Only `applying` writes to it."""

import re
from operator import itemgetter
from typing import Final, Literal

from governance.ballot_boxes import BallotBoxes
from governance.charter import Charter
from governance.ids import CoopId, Digest, MandateId, Matter, OfficeId, PollId, ProposalId, TextHash
from governance.instants import Instant
from governance.mandate import Mandate, Office
from governance.poll import PinnedRule, Poll
from governance.proposal import Proposal
from governance.provisions import Provisions
from governance.recent import RecentRolls
from governance.register import Coop
from governance.table import Table
from governance.value import Value

StepKind = Literal[
    "extend_poll", "close_poll", "restore_steward", "lapse", "enact", "open_amendment_poll", "open_poll", "review"
]
"""What falls due by itself. Of steps due at one instant, the kinds come in this order."""
_ORDER: Final[dict[StepKind, int]] = {
    "extend_poll": 0,
    "close_poll": 1,
    "restore_steward": 2,
    "lapse": 3,
    "enact": 4,
    "open_amendment_poll": 5,
    "open_poll": 6,
    "review": 7,
}


class Step(Value):
    """Something that falls due by itself: what, when, and for which poll, proposal or coop."""

    kind: StepKind
    subject: str
    due: Instant


Planned = tuple[Instant, int, tuple[int, ...], Step]
"""A step with what orders it: its deadline, its kind and the numbers of its subject."""


class Restoration(Value):
    """A steward being restored: whom each coop attests now, and, once two attest the same, who it is to be and from when."""

    attested: dict[CoopId, MandateId]
    steward: MandateId | None = None
    due: Instant | None = None


class Continuation(Value):
    """That the log went on after a loss, with the entry `seq`, under another origin and key.

    `signed` is how many entries had been signed before, as far as anybody knew.
    """

    seq: int
    at: Instant
    origin: str
    key: str
    origin_before: str
    key_before: str
    signed: int

    @property
    def lost(self) -> int:
        """How many signed entries are known to be lost."""
        return self.signed - self.seq


class Rotation(Value):
    """That another key signs the log from the entry `seq` on; until `window_until` the one before does so as well."""

    seq: int
    at: Instant
    key: str
    key_before: str
    window_until: Instant


_TABLES: Final = (
    "coops",
    "skeletons",
    "mandates",
    "mandates_of",
    "offices",
    "rules",
    "struck_rules",
    "proposals",
    "leads",
    "polls",
    "ballots",
    "schedule",
    "restorations",
    "promised",
    "comments",
    "redacted",
)
_SCALARS: Final = (
    "at",
    "charter",
    "continuations",
    "founded",
    "founding",
    "key",
    "last_coop",
    "last_proposal",
    "last_resolution",
    "name",
    "next_due",
    "origin",
    "provisions",
    "provisions_version",
    "ratified_by",
    "rotations",
    "size",
)


class State:
    """Tables and a few single values; `overlay` gives a copy that can be written to and merged or dropped."""

    __slots__ = (*_TABLES, *_SCALARS, "_below", "recent_rolls")

    def __init__(self, below: "State | None" = None) -> None:
        """Start with nothing, or lay an overlay over another state."""
        self._below = below
        self.recent_rolls: RecentRolls = RecentRolls() if below is None else below.recent_rolls
        self.coops: Table[CoopId, Coop] = Table(None if below is None else below.coops)
        self.skeletons: Table[str, CoopId] = Table(None if below is None else below.skeletons)
        self.mandates: Table[MandateId, Mandate] = Table(None if below is None else below.mandates)
        self.mandates_of: Table[CoopId, tuple[MandateId, ...]] = Table(None if below is None else below.mandates_of)
        self.offices: Table[OfficeId, Office] = Table(None if below is None else below.offices)
        self.rules: Table[Matter, PinnedRule] = Table(None if below is None else below.rules)
        self.struck_rules: Table[Matter, int] = Table(None if below is None else below.struck_rules)
        self.proposals: Table[ProposalId, Proposal] = Table(None if below is None else below.proposals)
        self.leads: Table[ProposalId, CoopId] = Table(None if below is None else below.leads)
        self.polls: Table[PollId, Poll] = Table(None if below is None else below.polls)
        self.ballots: BallotBoxes = BallotBoxes(None if below is None else below.ballots)
        self.schedule: Table[tuple[StepKind, str], Planned] = Table(None if below is None else below.schedule)
        self.restorations: Table[CoopId, Restoration] = Table(None if below is None else below.restorations)
        self.promised: Table[MandateId, ProposalId] = Table(None if below is None else below.promised)
        self.comments: Table[int, ProposalId] = Table(None if below is None else below.comments)
        self.redacted: Table[TextHash, int] = Table(None if below is None else below.redacted)
        if below is not None:
            for name in _SCALARS:
                setattr(self, name, getattr(below, name))
            return
        self.size = 0
        self.at: Instant = Instant("")
        self.origin = ""
        self.key = ""
        self.name = ""
        self.founded = False
        self.founding: Digest = Digest("")
        self.ratified_by: ProposalId | None = None
        self.charter = Charter()
        self.continuations: tuple[Continuation, ...] = ()
        self.rotations: tuple[Rotation, ...] = ()
        self.provisions = Provisions()
        self.provisions_version = 0
        self.last_coop = 0
        self.last_proposal = 0
        self.last_resolution = 0
        self.next_due: Instant | None = None

    def overlay(self) -> "State":
        """A state laid over this one: reads see this one, writes stay in the overlay."""
        return State(self)

    def merge(self) -> None:
        """Write the overlay into the state below it."""
        if self._below is not None:
            for name in _TABLES:
                getattr(self, name).merge()
            for name in _SCALARS:
                setattr(self._below, name, getattr(self, name))

    @property
    def key_besides(self) -> str | None:
        """The key before, while it signs as well: as long as the last entry is in the window of the last rotation."""
        last = self.rotations[-1] if self.rotations else None
        return last.key_before if last is not None and last.key == self.key and self.at < last.window_until else None

    def plan(self, kind: StepKind, subject: str, due: Instant) -> None:
        """Let a step fall due, in place of the same step at another time."""
        self.cancel(kind, subject)
        self.schedule.put(
            (kind, subject), (due, _ORDER[kind], _numbers(subject), Step(kind=kind, subject=subject, due=due))
        )
        if self.next_due is None or due < self.next_due:
            self.next_due = due

    def cancel(self, kind: StepKind, subject: str) -> None:
        """Let a step not happen."""
        planned = self.schedule.get((kind, subject))
        if planned is not None:
            self.schedule.remove((kind, subject))
            if planned[0] == self.next_due:
                first = self._first()
                self.next_due = first.due if first is not None else None

    def due_step(self, at: Instant) -> Step | None:
        """The first step that is due at or before an instant: the earliest deadline, then by kind, then by number."""
        return None if self.next_due is None or self.next_due > at else self._first()

    def _first(self) -> Step | None:
        first = min(self.schedule.values(), key=itemgetter(0, 1, 2), default=None)
        return first[3] if first is not None else None


def _numbers(subject: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", subject))
