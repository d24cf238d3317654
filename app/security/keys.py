"""The log's signing key on disk.

`log.key` is three lines of ASCII: `rochdale/log-key/v1`, the key's name (the log's origin), and its seed of 32 bytes in
base64. It is created once, readable by its owner only, and only ever read after that: a read-only mount does.
"""

import os
from pathlib import Path
from typing import Final

from governance.errors import FormatError, RochdaleError
from governance.log.keys import SigningKey, VerifierKey
from governance.log.spelling import format_base64, parse_base64

KEY_FILE: Final = "log.key"
_MAGIC: Final = "rochdale/log-key/v1"
_LONGEST: Final = 4_096


class KeyMissing(RochdaleError):
    """There is no signing key."""

    code = "key_missing"


class KeyExists(RochdaleError):
    """There is a signing key already."""

    code = "key_exists"


class KeyFileInvalid(FormatError):
    """This is not a signing key."""

    code = "key_file_invalid"


class KeyUnreadable(RochdaleError):
    """The signing key cannot be read or written."""

    code = "key_unreadable"


def kept_file(key: VerifierKey) -> str:
    """The name of the file of a key that another has followed."""
    return f"{KEY_FILE}.{key.key_id.hex()}"


def create(directory: Path, *, name: str, seed: bytes, file: str = KEY_FILE) -> SigningKey:
    """Make the log's key from 32 random bytes and write it down, once.

    Raises:
        KeyExists: there is one; it is never overwritten.
        KeyUnreadable: the file cannot be written.
        KeyNameInvalid, SeedInvalid: such a key cannot be.
    """
    key = SigningKey(name=name, seed=seed)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = directory / file
    # Written beside and linked: a process that is killed in between leaves no half key, which nothing could ever replace.
    beside = directory / f".{file}.{os.getpid()}"
    try:
        beside.unlink(missing_ok=True)
        made = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "wb") as opened:
            opened.write(f"{_MAGIC}\n{name}\n{format_base64(seed)}\n".encode())
            opened.flush()
            os.fsync(opened.fileno())
        try:
            path.hardlink_to(beside)
        finally:
            beside.unlink()
    except FileExistsError:
        raise KeyExists(f"{path} is there already. A key is never overwritten; choose another directory.") from None
    except OSError as error:
        raise KeyUnreadable(f"{path} cannot be written: {error.strerror}.") from None
    sync_directory(directory)
    return key


def load(directory: Path, file: str = KEY_FILE) -> SigningKey:
    """The log's key.

    Raises:
        KeyMissing: there is none.
        KeyUnreadable: it cannot be read.
        KeyFileInvalid: the file is something else, or was damaged.
    """
    path = directory / file
    try:
        with path.open("rb") as opened:
            data = opened.read(_LONGEST)
    except FileNotFoundError:
        raise KeyMissing(
            f"There is no key at {path}. `rochdale found` makes it with the federation; or restore it, or mount it there."
        ) from None
    except OSError as error:
        raise KeyUnreadable(f"{path} cannot be read: {error.strerror}.") from None
    try:
        magic, name, seed, rest = data.decode().split("\n")
        if magic == _MAGIC and not rest:
            return SigningKey(name=name, seed=parse_base64(seed))
    except (ValueError, RochdaleError):
        # What was wrong is not repeated, and the cause is cut off: either could show part of the secret.
        pass
    raise KeyFileInvalid(f"{path} is not a signing key as `rochdale found` writes it. Restore it from its copy.")


def sync_directory(directory: Path) -> None:
    """Make sure that the names in a directory survive a power cut."""
    file = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
