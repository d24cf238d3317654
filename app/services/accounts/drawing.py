"""Random ids and secrets. Of a secret that is handed out only its SHA-256 is stored: 256 random bits need no slow hash."""

import base64
import hashlib
from typing import Final

from app.ledger.batch import Randomness
from governance.value import Value

_ID: Final = 16
_SECRET: Final = 32
_LONGEST: Final = 128


class Secret(Value):
    """A token to hand out, and the hash to store."""

    token: str
    hash: str

    def __repr__(self) -> str:
        """Without the token."""
        return "Secret()"


def new_id(letter: str, randomness: Randomness) -> str:
    """A letter, a hyphen and 128 random bits in hex."""
    return f"{letter}-{randomness(_ID).hex()}"


def new_secret(randomness: Randomness) -> Secret:
    """A new token of 256 random bits in base64url."""
    token = base64.urlsafe_b64encode(randomness(_SECRET)).rstrip(b"=").decode()
    return Secret(token=token, hash=hash_of(token))


def hash_of(token: str) -> str:
    """The hash under which a token is stored. One that is far too long is cut first: it is no token of ours."""
    return hashlib.sha256(token[:_LONGEST].encode("utf-8", "surrogatepass")).hexdigest()
