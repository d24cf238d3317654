"""Vouching for a backup: who seals one to a public key leaves no name, so the log's key signs what is in it.

The note can be taken for no checkpoint: its second line is no size.
"""

from governance.log.errors import NoteUnsigned
from governance.log.keys import SigningKey, VerifierKey
from governance.log.note import open_note, sign_note


def vouch(digest: bytes, key: SigningKey) -> bytes:
    """The log's word, as a note, that a backup with this SHA-256 was made here."""
    return sign_note(_said(digest, key.verifier_key.name), key)


def check_vouched(note: bytes, digest: bytes, key: VerifierKey) -> None:
    """Refuse a note that is not a log's word on a backup with this SHA-256.

    Raises:
        NoteUnsigned: it is about something else, or by somebody else.
        Other refusals: as in `note.open_note`.
    """
    if open_note(note, [key]).text != _said(digest, key.name):
        raise NoteUnsigned("The log's key has signed something else than this backup.")


def _said(digest: bytes, origin: str) -> bytes:
    return f"rochdale/backup/v1\nsha256 {digest.hex()}\n{origin}\n".encode()
