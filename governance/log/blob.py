"""Blobs: bytes that the log names by their hash only.

A blob begins with a line that says what it is, so that no blob can be taken for one of another sort; its address is
the SHA-256 of *all* its bytes, so that `sha256sum` of the file gives it. A text carries a random salt of 32 bytes, so
that nobody finds it out by hashing guesses, and can be erased: without it the hash in the log says nothing.
"""

import hashlib

from governance.log.errors import BlobDomainUnknown, BlobInvalid

MAX_BLOB = 16 * 1024 * 1024
"""The largest blob in bytes, with its first line."""
SALT_LENGTH = 32
_TEXT = b"rochdale/text/v1\n"
_ELECTORATE = b"rochdale/electorate/v1\n"


def address(blob: bytes) -> str:
    """The blob's address: 64 lower-case hexadecimal digits."""
    return hashlib.sha256(blob).hexdigest()


def text_blob(salt: bytes, content: bytes) -> bytes:
    """The blob of a text.

    Raises:
        BlobInvalid: the salt has not 32 bytes, or the blob would be over 16 MiB.
    """
    if len(salt) != SALT_LENGTH:
        raise BlobInvalid(f"The salt of a text has {SALT_LENGTH} bytes, and this has {len(salt)}.")
    return check_blob(_TEXT + salt + content)


def open_text(blob: bytes) -> tuple[bytes, bytes]:
    """The salt and the bytes of a text blob.

    Raises:
        BlobDomainUnknown: it is no text.
        BlobInvalid: it is over 16 MiB, or too short for a salt.
    """
    rest = _open(blob, _TEXT)
    return rest[:SALT_LENGTH], rest[SALT_LENGTH:]


def electorate_blob(content: bytes) -> bytes:
    """The blob of an electorate.

    Raises:
        BlobInvalid: the blob would be over 16 MiB.
    """
    return check_blob(_ELECTORATE + content)


def open_electorate(blob: bytes) -> bytes:
    """The bytes of an electorate blob.

    Raises:
        BlobDomainUnknown: it is no electorate.
        BlobInvalid: it is over 16 MiB.
    """
    return _open(blob, _ELECTORATE)


def check_blob(blob: bytes) -> bytes:
    """The blob itself, if it is one of any sort known here.

    Raises:
        BlobDomainUnknown: its first line is not known.
        BlobInvalid: it is over 16 MiB, or a text too short for a salt.
    """
    if len(blob) > MAX_BLOB:
        raise BlobInvalid(f"A blob has at most {MAX_BLOB} bytes, and this has {len(blob)}. Split the text.")
    if blob.startswith(_TEXT):
        if len(blob) < len(_TEXT) + SALT_LENGTH:
            raise BlobInvalid(f"A text begins with a salt of {SALT_LENGTH} bytes, and this is shorter. Was it cut off?")
    elif not blob.startswith(_ELECTORATE):
        raise BlobDomainUnknown(
            f"A blob begins with the line rochdale/text/v1 or rochdale/electorate/v1, and this with {blob[:32]!r}."
        )
    return blob


def _open(blob: bytes, domain: bytes) -> bytes:
    if not check_blob(blob).startswith(domain):
        raise BlobDomainUnknown(
            f"This blob is not {domain.decode().strip()}, which was expected here. Open it as what it is."
        )
    return blob[len(domain) :]
