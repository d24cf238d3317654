"""Signed notes: a text, an empty line, and one signature line for each key.

Source: c2sp.org/signed-note. Keys that are not known are ignored, as it demands; one bad signature by a known key
refuses the whole note.
"""

import re
from collections.abc import Iterable

import msgspec

from governance.log import ed25519
from governance.log.cosignature import verify_cosignature
from governance.log.errors import (
    CosignatureInvalid,
    KeysCollide,
    NoteInvalid,
    NoteTooLarge,
    NoteUnsigned,
    SignatureFalse,
    SignatureNotCanonical,
)
from governance.log.keys import (
    KeyType,
    SigningKey,
    VerifierKey,
    check_type,
    format_verifier_key,
    parse_verifier_key,
)
from governance.log.signature import Signature, check_signatures, format_signatures, parse_signatures

__all__ = [
    "MAX_NOTE",
    "KeyType",
    "Note",
    "OpenedNote",
    "Signature",
    "Signed",
    "SigningKey",
    "VerifierKey",
    "add_signatures",
    "format_note",
    "format_verifier_key",
    "open_note",
    "parse_note",
    "parse_verifier_key",
    "sign_note",
]

MAX_NOTE = 65_536
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A text and the signatures it is said to have; nothing is checked against any key.

    Raises, when made:
        NoteInvalid: the text does not end in a newline, is not UTF-8 or has control characters; or nobody signed.
        SignatureTwice: a key has two signatures.
    """

    text: bytes
    signatures: tuple[Signature, ...]

    def __post_init__(self) -> None:
        _check_text(self.text)
        if not self.signatures:
            raise NoteInvalid("A note without a signature is only a text. Sign it.")
        check_signatures(self.signatures)


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """A known key that signed, and when, in seconds since 1970 (a witness's; a plain signature has no time)."""

    key: VerifierKey
    time: int | None


class OpenedNote(msgspec.Struct, frozen=True, kw_only=True):
    """A text with the known keys whose signatures on it are good, in the note's order; there is at least one."""

    text: bytes
    signed: tuple[Signed, ...]


def parse_note(data: bytes) -> Note:
    """Read a note without checking any signature.

    Raises:
        NoteTooLarge: it is over 64 KiB.
        NoteInvalid: it is not UTF-8, has control characters, or has no empty line before signatures.
        SignatureLineInvalid, SignatureTwice, KeyNameInvalid, Base64Invalid: a signature line is wrong.
    """
    _check_length(data)
    try:
        whole = data.decode()
    except UnicodeDecodeError as error:
        raise NoteInvalid(f"A note is UTF-8, and this is not: {error}.") from error
    # The text may have empty lines of its own: the last one in the note ends it.
    text, gap, lines = whole.rpartition("\n\n")
    if not gap:
        raise NoteInvalid("A note has an empty line before its signatures, and this has none. Was it cut off?")
    return Note(text=f"{text}\n".encode(), signatures=parse_signatures(lines))


def format_note(note: Note) -> bytes:
    """Write what `parse_note` reads.

    Raises:
        NoteTooLarge: it is over 64 KiB.
    """
    return _check_length(note.text + b"\n" + format_signatures(note.signatures).encode())


def sign_note(text: bytes, key: SigningKey) -> bytes:
    """The note with this text and the key's plain signature.

    Raises:
        KeyTypeWrong: the key is a witness's; see `cosignature.cosign`.
        NoteInvalid, NoteTooLarge: the text cannot be a note's.
    """
    public = check_type(key.verifier_key, KeyType.LOG)
    signature = Signature(name=public.name, key_id=public.key_id, payload=key.sign(_check_text(text)))
    return format_note(Note(text=text, signatures=(signature,)))


def add_signatures(data: bytes, signatures: Iterable[Signature]) -> bytes:
    """The same note with more signatures; one by a key that had signed already takes the place of the older one.

    Raises:
        SignatureTwice: a key has two among the new ones.
        Other refusals: as in `parse_note` and `format_note`.
    """
    note = parse_note(data)
    new = {(one.name, one.key_id): one for one in check_signatures(tuple(signatures))}
    kept = [new.pop((one.name, one.key_id), one) for one in note.signatures]
    return format_note(Note(text=note.text, signatures=(*kept, *new.values())))


def open_note(data: bytes, known_keys: Iterable[VerifierKey]) -> OpenedNote:
    """The note's text, once a known key's signature on it is good and no known key's is bad.

    Raises:
        NoteUnsigned: no known key signed it.
        SignatureFalse, SignatureNotCanonical, CosignatureInvalid: a known key's signature is bad.
        KeysCollide: two different known keys have the same name and id.
        Other refusals: as in `parse_note`.
    """
    known: dict[tuple[str, bytes], VerifierKey] = {}
    for key in known_keys:
        if known.setdefault((key.name, key.key_id), key) != key:
            raise KeysCollide(
                f"Two known keys are called {key.name} with the id {key.key_id.hex()}. Trust one of them."
            )
    note = parse_note(data)
    signed = tuple(
        _verify(known[name_and_id], note.text, signature)
        for signature in note.signatures
        if (name_and_id := (signature.name, signature.key_id)) in known
    )
    if not signed:
        signers = ", ".join(one.name for one in note.signatures)
        raise NoteUnsigned(f"None of the keys trusted here signed this note; it names {signers}. Is it the right key?")
    return OpenedNote(text=note.text, signed=signed)


def _verify(key: VerifierKey, text: bytes, signature: Signature) -> Signed:
    try:
        if key.kind is KeyType.WITNESS:
            return Signed(key=key, time=verify_cosignature(key, text, signature))
        ed25519.verify(key.public_key, text, signature.payload)
    except (SignatureFalse, SignatureNotCanonical, CosignatureInvalid) as error:
        raise type(error)(f"The signature by {key.name} on this note is bad. {error.detail}") from error
    return Signed(key=key, time=None)


def _check_length(data: bytes) -> bytes:
    if len(data) <= MAX_NOTE:
        return data
    raise NoteTooLarge(f"A note has at most {MAX_NOTE} bytes, and this has {len(data)}. Leave out some signatures.")


def _check_text(text: bytes) -> bytes:
    try:
        characters = text.decode()
    except UnicodeDecodeError as error:
        raise NoteInvalid(f"A note is UTF-8, and this is not: {error}.") from error
    if not characters.endswith("\n"):
        raise NoteInvalid("The text of a note ends in a newline, and this does not. Add one.")
    if _CONTROL.search(characters):
        raise NoteInvalid("A note has no control characters besides newlines, and this has some. Take them out.")
    return text
