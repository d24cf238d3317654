"""What a log and a witness say to each other: the add-checkpoint request and its answers, as bytes.

Source: c2sp.org/tlog-witness. Sending them, and which status goes with what, is not the business of this module.
"""

from collections.abc import Iterable

import msgspec

from governance.log.checkpoint import Checkpoint, read_checkpoint
from governance.log.errors import WitnessAnswerInvalid, WitnessRequestInvalid
from governance.log.merkle import MAX_PROOF
from governance.log.note import MAX_NOTE
from governance.log.signature import Signature, check_signatures, format_signatures, parse_signatures
from governance.log.spelling import check_hash, check_number, format_base64, parse_decimal, parse_hash

MAX_REQUEST = MAX_NOTE + 4_096
_OLD = "old "


class AddCheckpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A log asks for a cosignature on `note`, proving that it grew from the size `old`, which the witness saw last.

    Raises, when made:
        WitnessRequestInvalid: the proof is too long, there is one although old is 0, or old is above the new size.
        Other refusals: the note is not a checkpoint (as in `checkpoint.read_checkpoint`), or a hash has not 32 bytes.
    """

    old: int
    proof: tuple[bytes, ...]
    note: bytes

    def __post_init__(self) -> None:
        new = self.checkpoint.size
        if not 0 <= self.old <= new:
            raise WitnessRequestInvalid(f"The old size {self.old} is not between 0 and the checkpoint's size {new}.")
        if len(self.proof) > (MAX_PROOF if self.old else 0):
            raise WitnessRequestInvalid(
                f"A proof from {self.old} entries has not {len(self.proof)} hashes: none from 0, {MAX_PROOF} at most."
            )
        for step in self.proof:
            check_hash(step)

    @property
    def checkpoint(self) -> Checkpoint:
        """What the note says; its signatures are not checked."""
        return read_checkpoint(self.note)


def format_request(request: AddCheckpoint) -> bytes:
    """The body of the request."""
    lines = [f"{_OLD}{request.old}", *(format_base64(step) for step in request.proof), "", ""]
    return "\n".join(lines).encode() + request.note


def parse_request(body: bytes) -> AddCheckpoint:
    """Read what `format_request` writes.

    Raises:
        WitnessRequestInvalid: it is too large, has no empty line before the checkpoint, or does not begin with `old `.
        Other refusals: as in `AddCheckpoint`, or a line is wrong in itself.
    """
    if len(body) > MAX_REQUEST:
        raise WitnessRequestInvalid(f"A request has at most {MAX_REQUEST} bytes, and this has {len(body)}.")
    head, gap, note = body.partition(b"\n\n")
    if not gap or not head.isascii():
        raise WitnessRequestInvalid(
            "A request has ASCII lines and an empty line before the checkpoint. Was it cut off?"
        )
    first, *proof = head.decode("ascii").split("\n")
    if not first.startswith(_OLD):
        raise WitnessRequestInvalid("A request begins with the line `old` and the size that the witness saw last.")
    if len(proof) > MAX_PROOF:
        raise WitnessRequestInvalid(f"A proof has at most {MAX_PROOF} hashes, and this has {len(proof)}.")
    return AddCheckpoint(
        old=parse_decimal(first.removeprefix(_OLD)), proof=tuple(parse_hash(line) for line in proof), note=note
    )


def format_cosignatures(signatures: Iterable[Signature]) -> bytes:
    """The body of an answer 200: one or more cosignature lines.

    Raises:
        WitnessAnswerInvalid: there is none.
        SignatureTwice: a key has two.
    """
    lines = format_signatures(check_signatures(tuple(signatures)))
    if not lines:
        raise WitnessAnswerInvalid("An answer has at least one cosignature, and this has none.")
    return lines.encode()


def parse_cosignatures(body: bytes) -> tuple[Signature, ...]:
    """Read what `format_cosignatures` writes. Whose they are and whether they are good is not checked.

    Raises:
        WitnessAnswerInvalid: it is over 64 KiB or not UTF-8.
        SignatureLineInvalid, SignatureTwice, KeyNameInvalid, Base64Invalid: a line is wrong.
    """
    if len(body) > MAX_NOTE:
        raise WitnessAnswerInvalid(f"An answer has at most {MAX_NOTE} bytes, and this has {len(body)}.")
    try:
        return parse_signatures(body.decode())
    except UnicodeDecodeError as error:
        raise WitnessAnswerInvalid(f"An answer is UTF-8, and this is not: {error}.") from error


def format_size(size: int) -> bytes:
    """The body of an answer 409: the size that the witness saw last.

    Raises:
        DecimalInvalid: it is below 0, or 2**63 or more.
    """
    return b"%d\n" % check_number(size)


def parse_size(body: bytes) -> int:
    """Read what `format_size` writes.

    Raises:
        WitnessAnswerInvalid: it is not one line of ASCII.
        DecimalInvalid: the line is not a size.
    """
    if not body.endswith(b"\n") or not body.isascii():
        raise WitnessAnswerInvalid("An answer 409 is one line with the size that the witness saw last.")
    return parse_decimal(body[:-1].decode("ascii"))
