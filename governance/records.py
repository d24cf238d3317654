"""Records: facts in their envelope, and the exact bytes that they are in the log."""

from collections.abc import Callable, Iterator, Sequence
from itertools import compress
from typing import Final, cast, get_type_hints

import msgspec

from governance.canonical import NotCanonical, WrongShape, decoder_for, encode
from governance.errors import FormatError
from governance.facts.polls import BallotCast
from governance.facts.registry import FACTS, NAMES
from governance.ids import MandateId
from governance.instants import Instant, NotAnInstant, moment
from governance.value import Value

LARGEST_ENTRY: Final = 65_535
"""Bytes of an entry at most: what the tile format's length prefix can say (c2sp.org/tlog-tiles)."""
_NONCE_LENGTH: Final = 32
_TYPE: Final = b',"type":"'


class RecordUnknown(FormatError):
    """This log uses a record type or version that this software does not know. A newer version can read it."""

    code = "record_unknown"


class RecordTooLarge(FormatError):
    """A record has at most 65,535 bytes. Put long texts beside the log."""

    code = "record_too_large"


class Record(Value):
    """A fact in its envelope.

    `seq` is its position in the log from 0, `at` when it was admitted, `actor` the mandate it was done with, and `nonce` 128
    random bits in hex, so that nobody who sees a sibling's hash in a receipt can guess the entry.
    """

    actor: MandateId
    at: Instant
    body: Value
    nonce: str
    seq: int
    type: str
    v: int


_SHAPES: Final[dict[type[Value], type[Record]]] = {
    fact: cast(
        "type[Record]",
        msgspec.defstruct(
            f"{fact.__name__}Record",
            [(name, fact if name == "body" else kind) for name, kind in get_type_hints(Record).items()],
            bases=(Record,),
            module=__name__,
            frozen=True,
            kw_only=True,
            forbid_unknown_fields=True,
            gc=False,
        ),
    )
    for fact in FACTS.values()
}
"""A record of each fact: so that an entry is read in one go, its body included. Records hold no cycles to collect."""
_READERS: Final[dict[bytes, Callable[[bytes], Record]]] = {
    f',"type":"{name}","v":{version}}}'.encode(): decoder_for(_SHAPES[fact]) for (name, version), fact in FACTS.items()
}
"""The reader for each end that a canonical entry can have."""
_BALLOT: Final = b',"type":"ballot.cast","v":1}'
_read_ballot: Final = decoder_for(_SHAPES[BallotCast])
_decode_ballot: Final = msgspec.json.Decoder(_SHAPES[BallotCast]).decode
_encode_ballot: Final = msgspec.json.Encoder().encode
_decode_ballots: Final = msgspec.json.Decoder(_SHAPES[BallotCast]).decode_lines
_encode_ballots: Final = msgspec.json.Encoder().encode_lines


class _Named(msgspec.Struct):
    seq: int
    type: str
    v: int


_read_name: Final = msgspec.json.Decoder(_Named).decode


def seal(body: Value, *, seq: int, at: Instant, actor: MandateId, nonce: bytes) -> Record:
    """Put a fact into its envelope. `nonce` is 16 random bytes."""
    name, version = NAMES[type(body)]
    return _SHAPES[type(body)](actor=actor, at=at, body=body, nonce=nonce.hex(), seq=seq, type=name, v=version)


def write_record(record: Record) -> bytes:
    """The bytes of a record: RFC 8785 canonical JSON.

    Raises:
        RecordTooLarge: it has over 65,535 bytes.
    """
    data = encode(record)
    if len(data) > LARGEST_ENTRY:
        raise RecordTooLarge(f"This would take {len(data)} bytes in the log; 65,535 is the most. Make it smaller.")
    return data


def read_record(data: bytes) -> Record:
    """Read what `write_record` writes, and refuse every other spelling.

    Raises:
        RecordUnknown: a type or version that is not in the registry.
        RecordTooLarge: over 65,535 bytes.
        FormatError: what `decoder_for` refuses; a nonce, actor or instant that is not spelled as the log spells it.
    """
    if len(data) > LARGEST_ENTRY:
        raise RecordTooLarge(f"An entry has {len(data)} bytes; 65,535 is the most.")
    if data.endswith(_BALLOT):
        # Nearly all entries of a log are ballots, so they are read without a detour; what is wrong with one is said below.
        try:
            record = _decode_ballot(data)
            if _encode_ballot(record) != data:
                record = _read_ballot(data)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            record = _read_ballot(data)
    else:
        read = _READERS.get(data[data.rfind(_TYPE) :])
        if read is None:
            raise _unreadable(data)
        record = read(data)
    if len(record.nonce) != _NONCE_LENGTH or record.nonce.strip("0123456789abcdef"):
        raise WrongShape(f"Entry {record.seq} does not have a nonce of 32 lower-case hex digits.")
    moment(record.at)
    return record


def read_records(entries: Sequence[bytes]) -> Iterator[Record]:
    """Read entries one by one, each as `read_record` does and with its refusals; ballots among them are read all at once."""
    are_ballots = [entry.endswith(_BALLOT) for entry in entries]
    ballots = list(compress(entries, are_ballots))
    read = _read_ballots(ballots)
    if read is None:
        return map(read_record, entries)
    if len(ballots) == len(entries):
        return read
    return (
        next(read) if is_ballot else read_record(entry) for entry, is_ballot in zip(entries, are_ballots, strict=True)
    )


def _read_ballots(entries: list[bytes]) -> Iterator[Record] | None:
    """The ballots that these entries are; None if something is wrong with one of them, whichever it is."""
    # No canonical entry has a line break. So as many lines as entries, which written again give the same bytes, are the entries.
    lines = b"\n".join(entries)
    try:
        records = _decode_ballots(lines)
        if len(records) != len(entries) or _encode_ballots(records) != lines + b"\n":
            return None
        # What a ledger takes in one go is admitted at one instant, which is looked at once.
        for at in {record.at for record in records}:
            moment(at)
        nonces = [record.nonce for record in records]
        digits = "".join(nonces)
        if bytes.fromhex(digits).hex() != digits:
            return None
    except (msgspec.MsgspecError, ValueError, RecursionError, NotAnInstant):
        return None
    if set(map(len, nonces)) != {_NONCE_LENGTH}:
        return None
    if len(lines) > LARGEST_ENTRY and max(map(len, entries)) > LARGEST_ENTRY:
        return None
    return iter(records)


def _unreadable(data: bytes) -> FormatError:
    """Why an entry that does not end with a known type and version cannot be read."""
    try:
        named = _read_name(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return WrongShape(f"An entry of the log cannot be read: {error}.")
    if (named.type, named.v) in FACTS:
        return NotCanonical(f"Entry {named.seq} is not in its canonical spelling.")
    return RecordUnknown(
        f"Entry {named.seq} is a {named.type[:80]!r} in version {named.v}, which this version does not know. "
        "Use a newer version of rochdale."
    )
