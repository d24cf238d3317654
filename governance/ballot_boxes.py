"""The ballots in force in open polls: a box for each, that can be laid over another as a table can, and dropped at once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from governance.ids import CoopId, PollId
from governance.poll import CastBallot

_EMPTY: Final[Mapping[CoopId, CastBallot]] = {}


class BallotBoxes:
    """Ballots by poll and coop. An overlay reads what lies below; what is put into it stays on top until it is merged."""

    __slots__ = ("_below", "_dropped", "_own")

    def __init__(self, below: "BallotBoxes | None" = None) -> None:
        """Lay empty boxes over `below`, or start some of one's own."""
        self._below = below
        self._own: defaultdict[PollId, dict[CoopId, CastBallot]] = defaultdict(dict)
        self._dropped: set[PollId] = set()

    def of(self, poll: PollId) -> Mapping[CoopId, CastBallot]:
        """The ballots in force in a poll, by coop. Do not keep it: it may change with the next ballot."""
        own = self._own.get(poll, _EMPTY)
        if self._below is None or poll in self._dropped:
            return own
        below = self._below.of(poll)
        return {**below, **own} if own else below

    def get(self, poll: PollId, coop: CoopId) -> CastBallot | None:
        """The ballot of a coop in a poll, or None."""
        ballot = self._own.get(poll, _EMPTY).get(coop)
        if ballot is None and self._below is not None and poll not in self._dropped:
            return self._below.get(poll, coop)
        return ballot

    def put(self, poll: PollId, coop: CoopId, ballot: CastBallot) -> None:
        """Put a coop's ballot into the box of a poll, in place of the one it had there."""
        self._own[poll][coop] = ballot

    def drop(self, poll: PollId) -> None:
        """Take the box of a poll away with all that is in it."""
        self._own.pop(poll, None)
        if self._below is not None:
            self._dropped.add(poll)

    def items(self) -> Iterator[tuple[tuple[PollId, CoopId], CastBallot]]:
        """Every ballot, by poll and coop."""
        return (((poll, coop), ballot) for poll in self.polls() for coop, ballot in self.of(poll).items())

    def polls(self) -> Iterator[PollId]:
        """The polls that have or had a box, each once."""
        return iter(dict.fromkeys((*(() if self._below is None else self._below.polls()), *self._own)))

    def __len__(self) -> int:
        return sum(1 for _ in self.items())

    def merge(self) -> None:
        """Write everything into the boxes below; this overlay is empty afterwards."""
        if self._below is not None:
            for poll in self._dropped:
                self._below.drop(poll)
            for poll, own in self._own.items():
                for coop, ballot in own.items():
                    self._below.put(poll, coop, ballot)
            self._own.clear()
            self._dropped.clear()
