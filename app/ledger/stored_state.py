"""The folded state as bytes and back, exactly, for a snapshot (decision 15). Only the same code reads it."""

import hashlib
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec.structs import replace

import governance
from governance.charter import Charter
from governance.electorate import Entry, Roll, roll_of
from governance.exact import exact_text, parse_exact
from governance.ids import BlobHash, CoopId, Digest, MandateId, Matter, OfficeId, PollId, ProposalId, TextHash
from governance.instants import Instant
from governance.mandate import Mandate, Office
from governance.poll import CastBallot, Judged, PinnedRule, Poll
from governance.proposal import Proposal
from governance.provisions import Provisions
from governance.register import Coop
from governance.requirement import Requirement
from governance.state import Continuation, Planned, Restoration, Rotation, State, StepKind
from governance.value import Value


class StoredJudged(Value):
    """What a poll is judged under, with its roll by hash: polls share rolls."""

    pinned: PinnedRule
    roll: BlobHash
    quorum: tuple[Requirement, ...]
    majority: tuple[Requirement, ...]


class StoredState(Value):
    """A state: each table's rows in their order, the single values, and the rolls of open polls, each once."""

    rolls: tuple[tuple[Entry, ...], ...]
    judged: dict[PollId, tuple[StoredJudged, ...]]
    coops: tuple[tuple[CoopId, Coop], ...]
    skeletons: tuple[tuple[str, CoopId], ...]
    mandates: tuple[tuple[MandateId, Mandate], ...]
    mandates_of: tuple[tuple[CoopId, tuple[MandateId, ...]], ...]
    offices: tuple[tuple[OfficeId, Office], ...]
    rules: tuple[tuple[Matter, PinnedRule], ...]
    struck_rules: tuple[tuple[Matter, int], ...]
    proposals: tuple[tuple[ProposalId, Proposal], ...]
    leads: tuple[tuple[ProposalId, CoopId], ...]
    polls: tuple[tuple[PollId, Poll], ...]
    ballots: tuple[tuple[tuple[PollId, CoopId], CastBallot], ...]
    schedule: tuple[tuple[tuple[StepKind, str], Planned], ...]
    restorations: tuple[tuple[CoopId, Restoration], ...]
    promised: tuple[tuple[MandateId, ProposalId], ...]
    comments: tuple[tuple[int, ProposalId], ...]
    redacted: tuple[tuple[TextHash, int], ...]
    at: Instant
    charter: Charter
    continuations: tuple[Continuation, ...]
    founded: bool
    founding: Digest
    key: str
    last_coop: int
    last_proposal: int
    last_resolution: int
    name: str
    next_due: Instant | None
    origin: str
    provisions: Provisions
    provisions_version: int
    ratified_by: ProposalId | None
    rotations: tuple[Rotation, ...]
    size: int


_KEYED: Final = ("polls", "ballots")
"""Tables that are put back in a way of their own."""
_FIELDS: Final = StoredState.__struct_fields__
TABLES: Final = _FIELDS[_FIELDS.index("coops") : _FIELDS.index("at")]
SCALARS: Final = _FIELDS[_FIELDS.index("at") :]


@cache
def code() -> str:
    """What tells this code from every other: a hash of all the rules, and of this module."""
    digest = hashlib.sha256()
    root = Path(governance.__file__).parent
    for file in (*sorted(root.rglob("*.py")), Path(__file__)):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def store(state: State) -> StoredState:
    """What is to be kept of a state. Values are frozen, so it stays what it is while the state goes on."""
    rolls: dict[BlobHash, Roll] = {}
    judged = {}
    polls = []
    for name, poll in state.polls.items():
        rolls |= {one.roll.hash: one.roll for one in poll.judged}
        judged[name] = tuple(
            StoredJudged(pinned=one.pinned, roll=one.roll.hash, quorum=one.quorum, majority=one.majority)
            for one in poll.judged
        )
        polls.append((name, replace(poll, judged=())))
    plain: dict[str, Any] = {name: tuple(getattr(state, name).items()) for name in TABLES if name != "polls"}
    return StoredState(
        rolls=tuple(roll.entries for roll in rolls.values()),
        judged=judged,
        polls=tuple(polls),
        **plain,
        **{name: getattr(state, name) for name in SCALARS},
    )


def restore(stored: StoredState) -> State:
    """The state that was stored."""
    state = State()
    rolls = {roll.hash: roll for roll in map(roll_of, stored.rolls)}
    for name in TABLES:
        if name not in _KEYED:
            table = getattr(state, name)
            for key, value in getattr(stored, name):
                table.put(key, value)
    for poll_id, poll in stored.polls:
        judged = tuple(
            Judged(pinned=one.pinned, roll=rolls[one.roll], quorum=one.quorum, majority=one.majority)
            for one in stored.judged[poll_id]
        )
        state.polls.put(poll_id, replace(poll, judged=judged))
    for (poll_id, coop), ballot in stored.ballots:
        state.ballots.put(poll_id, coop, ballot)
    for name in SCALARS:
        setattr(state, name, getattr(stored, name))
    return state


def encode(stored: StoredState) -> bytes:
    """A stored state as bytes."""
    return _ENCODER.encode(stored)


def decode(data: bytes) -> StoredState:
    """Read what `encode` writes.

    Raises:
        msgspec.MsgspecError: it is something else.
    """
    return _DECODER.decode(data)


def _write(value: object) -> str:
    if isinstance(value, Fraction):
        return exact_text(value)
    raise TypeError(type(value))


def _read(shape: type, value: object) -> Fraction:
    if shape is Fraction and isinstance(value, str):
        return parse_exact(value)
    raise TypeError(shape)


_ENCODER: Final = msgspec.msgpack.Encoder(enc_hook=_write)
_DECODER: Final = msgspec.msgpack.Decoder(StoredState, dec_hook=_read)
