"""Receipts: the proof, checkable offline, that an entry is in the log.

Source: c2sp.org/tlog-proof@v1. `extra` is whatever the log's owner adds; nothing authenticates it.
"""

from collections.abc import Collection
from functools import lru_cache

import msgspec

from governance.log.checkpoint import Checkpoint, OpenedCheckpoint, open_checkpoint, read_checkpoint
from governance.log.errors import QuorumMissing, ReceiptInvalid
from governance.log.keys import VerifierKey
from governance.log.merkle import MAX_PROOF, leaf_hash, verify_inclusion
from governance.log.note import MAX_NOTE
from governance.log.spelling import (
    check_hash,
    check_number,
    format_base64,
    parse_base64,
    parse_decimal,
    parse_hash,
)

MAX_EXTRA = 65_536
MAX_RECEIPT = MAX_NOTE + MAX_EXTRA * 4 // 3 + 4_096
_MAGIC = "c2sp.org/tlog-proof@v1"
_EXTRA = "extra "
_INDEX = "index "
_check_note = lru_cache(maxsize=1)(read_checkpoint)
"""Remembers the note that was right last: the receipts of one batch are all on the same."""


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """Entry `index` is in the log of the signed checkpoint `note`, as `proof` shows from the leaf's sibling up.

    Raises, when made:
        DecimalInvalid: the index is below 0, or 2**63 or more.
        ReceiptInvalid: the proof or `extra` is too long, or `extra` is there and empty.
        Other refusals: the note is not a checkpoint (as in `checkpoint.read_checkpoint`), or a hash has not 32 bytes.
    """

    index: int
    proof: tuple[bytes, ...]
    note: bytes
    extra: bytes | None = None

    def __post_init__(self) -> None:
        check_number(self.index)
        if len(self.proof) > MAX_PROOF:
            raise ReceiptInvalid(f"A proof has at most {MAX_PROOF} hashes, and this has {len(self.proof)}.")
        for step in self.proof:
            check_hash(step)
        if self.extra is not None and not 0 < len(self.extra) <= MAX_EXTRA:
            raise ReceiptInvalid(f"The extra data has 1 to {MAX_EXTRA} bytes, and this has {len(self.extra)}.")
        _check_note(self.note)

    @property
    def checkpoint(self) -> Checkpoint:
        """What the note says; its signatures are not checked."""
        return _check_note(self.note)


def format_receipt(receipt: Receipt) -> bytes:
    """The receipt's bytes."""
    lines = [_MAGIC]
    if receipt.extra is not None:
        lines.append(_EXTRA + format_base64(receipt.extra))
    lines += [f"{_INDEX}{receipt.index}", *(format_base64(step) for step in receipt.proof), "", ""]
    return "\n".join(lines).encode() + receipt.note


def parse_receipt(data: bytes) -> Receipt:
    """Read what `format_receipt` writes.

    Raises:
        ReceiptInvalid: it is too large, or a line is missing or not where it belongs.
        Other refusals: as in `Receipt`, or a line is wrong in itself.
    """
    if len(data) > MAX_RECEIPT:
        raise ReceiptInvalid(f"A receipt has at most {MAX_RECEIPT} bytes, and this has {len(data)}.")
    head, gap, note = data.partition(b"\n\n")
    if not gap or not head.isascii():
        raise ReceiptInvalid("A receipt has ASCII lines and an empty line before the checkpoint. Was it cut off?")
    magic, *lines = head.decode("ascii").split("\n")
    if magic != _MAGIC:
        raise ReceiptInvalid(f"A receipt begins with the line {_MAGIC}, and this does not.")
    extra = None
    if lines and lines[0].startswith(_EXTRA):
        extra = parse_base64(lines.pop(0).removeprefix(_EXTRA))
    if not lines or not lines[0].startswith(_INDEX):
        raise ReceiptInvalid(
            "A receipt has a line `index` with the entry's number before the proof, and this has none."
        )
    index = parse_decimal(lines.pop(0).removeprefix(_INDEX))
    if len(lines) > MAX_PROOF:
        raise ReceiptInvalid(f"A proof has at most {MAX_PROOF} hashes, and this has {len(lines)}.")
    return Receipt(index=index, proof=tuple(parse_hash(line) for line in lines), note=note, extra=extra)


def verify_receipt(
    receipt: Receipt,
    entry_bytes: bytes,
    log_key: VerifierKey,
    witness_keys: Collection[VerifierKey] = (),
    quorum: int = 0,
) -> OpenedCheckpoint:
    """The signed checkpoint that holds exactly these entry bytes at the receipt's index, and who countersigned it.

    `quorum` is how many of the witnesses must have. Witnesses with one public key under two names count once. `extra`
    plays no part: nobody signed it, so never trust what it says.

    Raises:
        InclusionFalse: the entry is not there.
        QuorumMissing: fewer witnesses than the quorum countersigned.
        Other refusals: as in `checkpoint.open_checkpoint`.
    """
    opened = open_checkpoint(receipt.note, log_key, witness_keys)
    checkpoint = opened.checkpoint
    verify_inclusion(
        leaf=leaf_hash(entry_bytes),
        index=receipt.index,
        size=checkpoint.size,
        proof=receipt.proof,
        root=checkpoint.root,
    )
    count = len({one.key.public_key for one in opened.cosigned})
    if count < quorum:
        raise QuorumMissing(
            f"{count} of the {len(witness_keys)} witnesses trusted here have countersigned, and {quorum} are needed."
            " Ask the log for a newer receipt."
        )
    return opened
