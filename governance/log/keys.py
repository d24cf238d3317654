"""The keys of a log and of its witnesses: names, types, ids and their one line of text.

Source: c2sp.org/signed-note. A verifier key is `name+hex(keyID)+base64(type || public key)`, and the id is the first
four bytes of SHA-256(name || 0x0A || type || public key).
"""

import enum
import hashlib
import re
from typing import NoReturn

import msgspec

from governance.log import ed25519
from governance.log.errors import KeyIdWrong, KeyNameInvalid, KeyTypeUnknown, KeyTypeWrong, VerifierKeyInvalid
from governance.log.spelling import format_base64, parse_base64

KEY_ID_LENGTH = 4
_CONTROL = re.compile(r"[\x00-\x1f]")
_SHOWN = 120


class KeyType(enum.Enum):
    """What a key signs, as the byte that stands before its public key."""

    LOG = 0x01
    """Plain Ed25519 over a note's text."""
    WITNESS = 0x04
    """Timestamped Ed25519 over a checkpoint: cosignature/v1."""


class VerifierKey(msgspec.Struct, frozen=True, kw_only=True):
    """A public key with its name and type.

    Raises, when made:
        KeyNameInvalid: as in `check_name`.
        PublicKeyInvalid: as in `ed25519.check_public_key`.
    """

    name: str
    kind: KeyType
    public_key: bytes

    def __post_init__(self) -> None:
        check_name(self.name)
        ed25519.check_public_key(self.public_key)

    @property
    def key_id(self) -> bytes:
        """The four bytes that name the key in a signature line."""
        return hashlib.sha256(self.name.encode() + b"\n" + _typed(self)).digest()[:KEY_ID_LENGTH]


class SigningKey:
    """A secret key with its name and type. It never shows its seed: not in text, not to an encoder.

    Raises, when made:
        SeedInvalid: the seed has not 32 bytes.
        KeyNameInvalid: as in `check_name`.
    """

    __slots__ = ("__seed", "_verifier_key")

    # A plain class on purpose: msgspec and dataclasses would write all fields of theirs out.
    def __init__(self, *, name: str, seed: bytes, kind: KeyType = KeyType.LOG) -> None:
        self.__seed = seed
        self._verifier_key = VerifierKey(name=name, kind=kind, public_key=ed25519.public_key_of(seed))

    def __repr__(self) -> str:
        return f"SigningKey({format_verifier_key(self._verifier_key)})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A signing key is not pickled: its secret stays in this process.")

    @property
    def verifier_key(self) -> VerifierKey:
        """The public half."""
        return self._verifier_key

    def sign(self, message: bytes) -> bytes:
        """The 64-byte Ed25519 signature over exactly these bytes."""
        return ed25519.sign(self.__seed, message)


def check_name(name: str) -> str:
    """The name itself, if a key can have it: some text without spaces of any kind, control characters or plus.

    Raises:
        KeyNameInvalid: it is not such a name.
    """
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise KeyNameInvalid(f"{name[:_SHOWN]!a} cannot be written in UTF-8. Choose another name.") from error
    if not name or "+" in name or _CONTROL.search(name) or any(letter.isspace() for letter in name):
        raise KeyNameInvalid(
            f"{name[:_SHOWN]!r} cannot name a key: a name is not empty and has no spaces, control characters or plus"
            " signs. Use an address without its scheme, such as coop.example/log."
        )
    return name


def check_type(key: VerifierKey, wanted: KeyType) -> VerifierKey:
    """The key itself, if it has the type wanted.

    Raises:
        KeyTypeWrong: it has another.
    """
    if key.kind is wanted:
        return key
    raise KeyTypeWrong(
        f"The key {key.name} is of type {key.kind.value:02x} ({key.kind.name.lower()}), and here one of type"
        f" {wanted.value:02x} ({wanted.name.lower()}) is needed. Were two keys exchanged?"
    )


def format_verifier_key(key: VerifierKey) -> str:
    """The key's one line of text."""
    return f"{key.name}+{key.key_id.hex()}+{format_base64(_typed(key))}"


def parse_verifier_key(text: str) -> VerifierKey:
    """Read what `format_verifier_key` writes.

    Raises:
        VerifierKeyInvalid: it has not three parts, or its id is not eight lower-case hexadecimal digits.
        KeyTypeUnknown: the type is neither 01 nor 04.
        KeyIdWrong: the id does not belong to the name and public key.
        KeyNameInvalid, Base64Invalid, PublicKeyInvalid: a part is wrong in itself.
    """
    # The name has no plus, but base64 may have some.
    name, first, rest = text.partition("+")
    key_id, second, encoded = rest.partition("+")
    if not (first and second):
        raise VerifierKeyInvalid(
            f"{text[:_SHOWN]!r} is not a verifier key. It has three parts, name+id+key; copy the whole line."
        )
    typed = parse_base64(encoded)
    try:
        kind = KeyType(typed[0])
    except ValueError as error:
        raise KeyTypeUnknown(f"Keys of type {typed[0]:02x} are not known here, only types 01 and 04.") from error
    key = VerifierKey(name=name, kind=kind, public_key=typed[1:])
    if not re.fullmatch(r"[0-9a-f]{8}", key_id, re.ASCII):
        raise VerifierKeyInvalid(f"The id {key_id[:_SHOWN]!r} is not eight digits 0-9, a-f. Copy the key's line again.")
    if key_id != key.key_id.hex():
        raise KeyIdWrong(
            f"The id {key_id} does not belong to this name and public key; theirs is {key.key_id.hex()}."
            " A character was altered: copy the key's line again from a source that you trust."
        )
    return key


def _typed(key: VerifierKey) -> bytes:
    return bytes([key.kind.value]) + key.public_key
