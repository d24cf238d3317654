"""What somebody could do who holds the log's key: alter, insert, leave out and exchange records, and sign the result."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from governance.ids import FEDERATION, MandateId, TextHash
from governance.instants import Instant
from governance.log.bundle import BundleWriter
from governance.log.checkpoint import Checkpoint, sign_checkpoint
from governance.log.keys import SigningKey
from governance.log.merkle import leaf_hash, root_of
from governance.named import electorates_named, texts_named
from governance.records import Record, seal, write_record
from governance.replay import Illegal, Replay
from governance.revealing import article_length
from governance.value import Value
from tests.governance.world import KEY


def index_of(records: Sequence[Record], fact: type[Value], which: int = 0) -> int:
    """Where a record of a fact stands; the first one unless another is wanted."""
    return [at for at, record in enumerate(records) if type(record.body) is fact][which]


def altered(records: Sequence[Record], at: int, change: Callable[[Any], Value], /, **envelope: Any) -> list[Record]:
    """The log with the fact of one record changed, and perhaps its envelope."""
    before = records[at]
    body = change(before.body)
    fields: dict[str, Any] = {
        "seq": before.seq,
        "at": before.at,
        "actor": before.actor,
        "nonce": bytes.fromhex(before.nonce),
    }
    return [*records[:at], seal(body, **{**fields, **envelope}), *records[at + 1 :]]


def inserted(
    records: Sequence[Record], at: int, fact: Value, actor: MandateId = FEDERATION, when: Instant | None = None
) -> list[Record]:
    """The log with a record put in before one; those behind it move on."""
    time = when or records[min(at, len(records) - 1)].at
    new = seal(fact, seq=at, at=time, actor=actor, nonce=bytes(16))
    return renumbered([*records[:at], new, *records[at:]])


def left_out(records: Sequence[Record], at: int) -> list[Record]:
    """The log without a record; those behind it move up."""
    return renumbered([*records[:at], *records[at + 1 :]])


def exchanged(records: Sequence[Record], at: int) -> list[Record]:
    """The log with a record and the next one exchanged, each at the other's position and time."""
    one, other = records[at], records[at + 1]
    swapped = [msgspec.structs.replace(other, at=one.at), msgspec.structs.replace(one, at=other.at)]
    return renumbered([*records[:at], *swapped, *records[at + 2 :]])


def renumbered(records: Sequence[Record]) -> list[Record]:
    return [msgspec.structs.replace(record, seq=seq) for seq, record in enumerate(records)]


def lengths_in(blobs: Mapping[str, bytes]) -> Callable[[TextHash], int | None]:
    """What a replay asks of the texts beside the log."""
    return lambda text: article_length(blobs[text]) if text in blobs else None


def first_illegal(records: Sequence[Record], blobs: Mapping[str, bytes]) -> tuple[int, str] | None:
    """The position of the first record that the rules refuse, and why; None if all are legal."""
    replay = Replay(lengths_in(blobs))
    for at, record in enumerate(records):
        try:
            replay.take(record)
        except Illegal as illegal:
            assert illegal.code == "record_illegal"
            return at, illegal.detail
    return None


def bundled(
    entries: Sequence[bytes], records: Sequence[Record], blobs: Mapping[str, bytes], key: SigningKey = KEY
) -> bytes:
    """A bundle of these entries with a right digest and a right signature, with the blobs that `records` name."""
    pieces: list[bytes] = []
    writer = BundleWriter(pieces.append)
    writer.header(key.verifier_key, len(entries))
    seen: set[str] = set()
    for at, entry in enumerate(entries):
        fact = records[at].body if at < len(records) else None
        fresh = set() if fact is None else {*texts_named(fact), *electorates_named(fact)} - seen
        for named in sorted(fresh & blobs.keys()):
            writer.blob(blobs[named])
        seen |= fresh
        writer.entry(entry)
    root = root_of([leaf_hash(entry) for entry in entries])
    writer.checkpoint(sign_checkpoint(Checkpoint(origin=key.verifier_key.name, size=len(entries), root=root), key))
    writer.close()
    return b"".join(pieces)


def rewritten(records: Sequence[Record], blobs: Mapping[str, bytes]) -> bytes:
    """The bundle of forged records, signed by the log's own key."""
    return bundled([write_record(record) for record in records], records, blobs)
