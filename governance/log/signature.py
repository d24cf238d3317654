"""The signature lines of a note: an em dash, the key's name, and base64 of its id and the signature.

Source: c2sp.org/signed-note.
"""

from collections.abc import Iterable

import msgspec

from governance.log.errors import SignatureLineInvalid, SignatureTwice
from governance.log.keys import KEY_ID_LENGTH, check_name
from governance.log.spelling import format_base64, parse_base64

_DASH = "\N{EM DASH} "
_SHOWN = 120


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """What some key, known or not, is said to have signed. `payload` is whatever the key's type puts there.

    Raises, when made:
        KeyNameInvalid: as in `check_name`.
        SignatureLineInvalid: the key id has not four bytes, or the payload is empty.
    """

    name: str
    key_id: bytes
    payload: bytes

    def __post_init__(self) -> None:
        check_name(self.name)
        if len(self.key_id) != KEY_ID_LENGTH or not self.payload:
            raise SignatureLineInvalid(
                f"The signature by {self.name} is too short: four bytes of key id and some of signature are needed."
            )


def check_signatures(signatures: tuple[Signature, ...]) -> tuple[Signature, ...]:
    """The signatures themselves, if no key has two.

    Raises:
        SignatureTwice: a key has two.
    """
    seen = set()
    for signature in signatures:
        key = (signature.name, signature.key_id)
        if key in seen:
            raise SignatureTwice(
                f"The key {signature.name} ({signature.key_id.hex()}) signed twice. Keep one signature."
            )
        seen.add(key)
    return signatures


def parse_signatures(lines: str) -> tuple[Signature, ...]:
    """Read one or more signature lines, each with its newline.

    Raises:
        SignatureLineInvalid: there is none, the last newline is missing, or a line is not made as it should be.
        SignatureTwice: a key has two.
        KeyNameInvalid, Base64Invalid: a part is wrong in itself.
    """
    if not lines.endswith("\n"):
        raise SignatureLineInvalid("The signature lines end without a newline. Were they cut off?")
    return check_signatures(tuple(_parse_line(line) for line in lines[:-1].split("\n")))


def format_signatures(signatures: Iterable[Signature]) -> str:
    """Write what `parse_signatures` reads."""
    return "".join(f"{_DASH}{one.name} {format_base64(one.key_id + one.payload)}\n" for one in signatures)


def _parse_line(line: str) -> Signature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        raise SignatureLineInvalid(
            f"{line[:_SHOWN]!r} is not a signature line. It is an em dash, a space, a name, a space and base64."
        )
    check_name(name)
    data = parse_base64(encoded)
    return Signature(name=name, key_id=data[:KEY_ID_LENGTH], payload=data[KEY_ID_LENGTH:])
