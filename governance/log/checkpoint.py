"""Checkpoints: a log's origin, size and root, signed as a note.

Source: c2sp.org/tlog-checkpoint. Extension lines are read and written as they stand; this service writes none.
"""

import re
from collections.abc import Iterable

import msgspec

from governance.log.errors import CheckpointInvalid, NoteUnsigned, OriginWrong
from governance.log.keys import KeyType, SigningKey, VerifierKey, check_type
from governance.log.note import Signed, open_note, parse_note, sign_note
from governance.log.spelling import check_hash, check_number, format_base64, parse_decimal, parse_hash

_LINES = 3
_CONTROL = re.compile(r"[\x00-\x1f]")


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """The log `origin` has `size` entries under `root`.

    Raises, when made:
        CheckpointInvalid: origin or an extension line is empty, has control characters or cannot be written in UTF-8.
        DecimalInvalid: the size is below 0, or 2**63 or more.
        HashLengthWrong: the root has not 32 bytes.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for line in (self.origin, *self.extensions):
            _check_line(line)
        check_number(self.size)
        check_hash(self.root)


class OpenedCheckpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A checkpoint that the log signed, with the known witnesses that countersigned it and their times."""

    checkpoint: Checkpoint
    cosigned: tuple[Signed, ...]


def format_checkpoint(checkpoint: Checkpoint) -> bytes:
    """The checkpoint's body: the text that is signed."""
    head = (checkpoint.origin, str(checkpoint.size), format_base64(checkpoint.root))
    return "".join(f"{line}\n" for line in (*head, *checkpoint.extensions)).encode()


def parse_checkpoint(body: bytes) -> Checkpoint:
    """Read what `format_checkpoint` writes.

    Raises:
        CheckpointInvalid: it has not three lines or more, each with its newline, or is not UTF-8.
        DecimalInvalid, Base64Invalid, HashLengthWrong: a line is wrong in itself.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise CheckpointInvalid(f"A checkpoint is UTF-8, and this is not: {error}.") from error
    lines = text.split("\n")
    if lines.pop() or len(lines) < _LINES:
        raise CheckpointInvalid(
            "A checkpoint has a line each for origin, size and root, all with newlines. Fetch it again."
        )
    origin, size, root, *extensions = lines
    return Checkpoint(origin=origin, size=parse_decimal(size), root=parse_hash(root), extensions=tuple(extensions))


def read_checkpoint(note: bytes) -> Checkpoint:
    """What a signed checkpoint says, *without* checking who signed it.

    Raises:
        Other refusals: as in `note.parse_note` and `parse_checkpoint`.
    """
    return parse_checkpoint(parse_note(note).text)


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> bytes:
    """The checkpoint as a note signed by its log. The caller never signs one size with two roots.

    Raises:
        OriginWrong: the key's name is not the checkpoint's origin.
        KeyTypeWrong: the key is a witness's.
    """
    _check_origin(checkpoint, key.verifier_key)
    return sign_note(format_checkpoint(checkpoint), key)


def open_checkpoint(note: bytes, log_key: VerifierKey, witness_keys: Iterable[VerifierKey] = ()) -> OpenedCheckpoint:
    """The checkpoint, once the log's own signature and those of all known witnesses on it are good.

    Raises:
        NoteUnsigned: the log's key did not sign it.
        OriginWrong: it is another log's.
        KeyTypeWrong: the log's key is a witness's, or the other way round.
        Other refusals: as in `note.open_note` and `parse_checkpoint`.
    """
    check_type(log_key, KeyType.LOG)
    witnesses = [check_type(key, KeyType.WITNESS) for key in witness_keys]
    opened = open_note(note, [log_key, *witnesses])
    cosigned = tuple(one for one in opened.signed if one.key != log_key)
    if len(cosigned) == len(opened.signed):
        raise NoteUnsigned(f"The log {log_key.name} itself has not signed this checkpoint, only witnesses have.")
    checkpoint = parse_checkpoint(opened.text)
    _check_origin(checkpoint, log_key)
    return OpenedCheckpoint(checkpoint=checkpoint, cosigned=cosigned)


def _check_origin(checkpoint: Checkpoint, key: VerifierKey) -> None:
    if checkpoint.origin != key.name:
        raise OriginWrong(
            f"The checkpoint is of the log {checkpoint.origin!r}, and the key belongs to {key.name!r}."
            " Use the key of that log."
        )


def _check_line(line: str) -> None:
    try:
        line.encode()
    except UnicodeEncodeError as error:
        raise CheckpointInvalid(f"{line!a} cannot be written in UTF-8.") from error
    if not line or _CONTROL.search(line):
        raise CheckpointInvalid(f"{line!r} cannot be a line of a checkpoint: it is empty or has control characters.")
