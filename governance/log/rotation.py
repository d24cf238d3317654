"""How one key of a log follows another: a checkpoint with a line that names both, signed by both.

The line is an extension of the checkpoint (c2sp.org/tlog-checkpoint), so that no plain checkpoint, and no last word
(`governance.log.successor`), can be taken for it. The key before says that it is replaced, the key after that somebody holds it.
"""

from typing import Final

import msgspec

from governance.log.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from governance.log.keys import SigningKey, VerifierKey, format_verifier_key
from governance.log.note import add_signatures, parse_note

_LINE: Final = "rochdale/rotation/v1"


def sign_by_both(checkpoint: Checkpoint, first: SigningKey, second: SigningKey) -> bytes:
    """The checkpoint with the signatures of two keys of its log, in this order; refuses as `sign_checkpoint` does."""
    signed = sign_checkpoint(checkpoint, first)
    return add_signatures(signed, parse_note(sign_checkpoint(checkpoint, second)).signatures)


def sign_rotation(checkpoint: Checkpoint, before: SigningKey, after: SigningKey) -> bytes:
    """What both keys say once the log has the size and root of this checkpoint; refuses as `sign_checkpoint` does."""
    line = _line(before.verifier_key, after.verifier_key)
    return sign_by_both(msgspec.structs.replace(checkpoint, extensions=(line,)), after, before)


def open_rotation(note: bytes, before: VerifierKey, after: VerifierKey) -> Checkpoint | None:
    """The checkpoint at which one key follows the other, if both signed it; None if it does not name them.

    Raises:
        Other refusals: as in `checkpoint.open_checkpoint`, for either key.
    """
    open_checkpoint(note, after)
    checkpoint = open_checkpoint(note, before).checkpoint
    return checkpoint if checkpoint.extensions == (_line(before, after),) else None


def _line(before: VerifierKey, after: VerifierKey) -> str:
    return f"{_LINE} {format_verifier_key(before)} {format_verifier_key(after)}"
