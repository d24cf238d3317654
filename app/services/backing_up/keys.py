"""Keys for backups: a recipient, to whom everybody can seal, and the identity that opens what was sealed (age, X25519).

The identity's file is what `age-keygen` writes, so that `age --decrypt` opens a backup too.
"""

import os
from pathlib import Path
from typing import Final

import pyrage

from app.security.keys import KeyExists, sync_directory
from app.services.backing_up.errors import BackupKeyInvalid
from governance.instants import Instant

_LONGEST: Final = 65_536
_SECRET: Final = "AGE-SECRET-KEY-1"  # noqa: S105 - how every secret key of this format begins


class Recipient:
    """A public key to seal to."""

    __slots__ = ("key",)

    def __init__(self, key: pyrage.x25519.Recipient) -> None:
        """Hold the library's key."""
        self.key = key

    def __str__(self) -> str:
        return str(self.key)


class Identity:
    """A secret key to open with. It is never shown."""

    __slots__ = ("key",)

    def __init__(self, key: pyrage.x25519.Identity) -> None:
        """Hold the library's key."""
        self.key = key

    def __repr__(self) -> str:
        return "Identity()"


def make_identity(path: Path, at: Instant) -> Recipient:
    """Make a key pair, write its secret half to a new file that only its owner can read, and give the public half.

    Raises:
        KeyExists: there is such a file; it is never overwritten.
        OSError: it cannot be written.
    """
    identity = pyrage.x25519.Identity.generate()
    recipient = Recipient(identity.to_public())
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyExists(f"{path} is there already. A key is never overwritten; choose another name.") from None
    with os.fdopen(file, "wb") as opened:
        opened.write(f"# created: {at}\n# public key: {recipient}\n{identity}\n".encode())
        opened.flush()
        os.fsync(opened.fileno())
    sync_directory(path.absolute().parent)
    return recipient


def read_recipients(text: str) -> tuple[Recipient, ...]:
    """The recipients that a text names, with spaces between them.

    Raises:
        BackupKeyInvalid: one is none, or there is none.
    """
    found = []
    for word in text.split():
        # A secret key is not repeated, nor anything that could be a part of one.
        if word.upper().startswith(_SECRET):
            raise BackupKeyInvalid("This is the secret half. Seal to the public one, which begins with age1.")
        try:
            found.append(Recipient(pyrage.x25519.Recipient.from_str(word)))
        except pyrage.RecipientError:
            raise BackupKeyInvalid(
                "A recipient of backups begins with age1, as `rochdale backup-key` shows it. Copy all of it."
            ) from None
    if not found:
        raise BackupKeyInvalid("No recipient is named. Name one, as `rochdale backup-key` shows it.")
    return tuple(found)


def read_identities(path: Path) -> tuple[Identity, ...]:
    """The secret keys in a file.

    Raises:
        BackupKeyInvalid: it holds none, or something else.
        OSError: it cannot be read.
    """
    with path.open("rb") as opened:
        data = opened.read(_LONGEST)
    try:
        lines = [line.strip() for line in data.decode("utf-8-sig").splitlines()]
        found = [Identity(pyrage.x25519.Identity.from_str(line)) for line in lines if line and not line.startswith("#")]
    except (UnicodeDecodeError, pyrage.IdentityError):
        found = []
    if not found:
        # What it says is not repeated: it may be part of a secret.
        raise BackupKeyInvalid(f"{path} is no key file as `rochdale backup-key` or `age-keygen` writes it.")
    return tuple(found)
