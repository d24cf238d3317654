"""A log's last word: the newest checkpoint that its key signed, signed once more with a line that names the key after it.

The line is an extension of the checkpoint (c2sp.org/tlog-checkpoint), so that no plain checkpoint, which anybody can have, can be
taken for it: only who holds the key before can name the one after.
"""

from typing import Final

import msgspec

from governance.log.checkpoint import Checkpoint, sign_checkpoint
from governance.log.keys import SigningKey, VerifierKey, format_verifier_key

_LINE: Final = "rochdale/successor/v1"


def successor_line(key: VerifierKey) -> str:
    """The extension line that names the key after."""
    return f"{_LINE} {format_verifier_key(key)}"


def sign_successor(checkpoint: Checkpoint, successor: VerifierKey, key: SigningKey) -> bytes:
    """The last word of the log with this key; refuses as `sign_checkpoint` does."""
    return sign_checkpoint(msgspec.structs.replace(checkpoint, extensions=(successor_line(successor),)), key)
