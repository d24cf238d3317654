"""The file that remembers what was signed last, so that a log that was cut or exchanged is noticed (decision 16).

A line that names the format and the key, then two slots of one line each: size in twenty digits, root in base64, and the
first 16 hex digits of SHA-256 over the head line and both. The newer one counts. A new state goes over the *older* slot,
in place: whenever the power fails, the other one is whole. Processes on one host share the file under a lock on it.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from app.security.keys import sync_directory
from governance.errors import FormatError, RochdaleError
from governance.log.merkle import EMPTY_ROOT
from governance.log.spelling import format_base64, parse_hash
from governance.value import Value

SIGNED_FILE: Final = "log.signed"
_MAGIC: Final = "rochdale/last-signed/v1"
_DIGITS: Final = 20
_CHECK: Final = 16
_SLOT: Final = _DIGITS + 1 + 44 + 1 + _CHECK + 1


class SignedMissing(RochdaleError):
    """The file with the last signed size and root is missing."""

    code = "signed_missing"


class SignedFileInvalid(FormatError):
    """The file with the last signed size and root is damaged, or another key's."""

    code = "signed_file_invalid"


class SignedUnwritable(RochdaleError):
    """The last signed size and root cannot be written down, so nothing is signed."""

    code = "signed_unwritable"


class RootSignedTwice(RochdaleError):
    """Another root was signed for this size."""

    code = "root_signed_twice"


class LastSigned(Value):
    """The largest log that was ever signed."""

    size: int
    root: bytes


class SignedFile:
    """Reads and advances the file of one key, named by its id in hex."""

    def __init__(self, directory: Path, key_id: str) -> None:
        """Name the file; nothing is read yet."""
        self._path = directory / SIGNED_FILE
        self._key_id = key_id
        self._head = f"{_MAGIC} {key_id}\n".encode()

    def start(self) -> None:
        """Write the file of a log in which nothing was signed; leave one that is there."""
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return
        except OSError as error:
            raise SignedUnwritable(
                f"{self._path} cannot be written: {error.strerror}. Where the keys are a read-only mount, name a "
                "writable directory in ROCHDALE_SIGNED_DIR."
            ) from None
        nothing = self._slot(LastSigned(size=0, root=EMPTY_ROOT))
        with os.fdopen(file, "wb") as opened:
            opened.write(self._head + nothing + nothing)
            opened.flush()
            os.fsync(opened.fileno())
        sync_directory(self._path.parent)

    def begin(self, last: LastSigned) -> None:
        """Write the file of a key that follows another's with a log of its own, in place of whatever is there."""
        beside = self._path.with_name(f".{SIGNED_FILE}.{os.getpid()}")
        slot = self._slot(last)
        with beside.open("wb") as opened:
            beside.chmod(0o600)
            opened.write(self._head + slot + slot)
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(self._path)
        sync_directory(self._path.parent)

    def set_aside(self) -> None:
        """Keep this key's file under another name too, with the key's id; leave it if it is there, or is another key's."""
        with suppress(FileNotFoundError, FileExistsError):
            if self._path.read_bytes().startswith(self._head):
                self._path.with_name(f"{SIGNED_FILE}.{self._key_id}").hardlink_to(self._path)

    def read(self) -> LastSigned:
        """What was signed last.

        Raises:
            SignedMissing: the file is not there.
            SignedFileInvalid: it cannot be understood, or belongs to another key.
        """
        with self._locked(os.O_RDONLY, fcntl.LOCK_SH) as file:
            return max(self._slots(file), key=lambda slot: slot.size)

    def advance(self, size: int, root: bytes) -> None:
        """Write down, durably, what is about to be signed. A size below the last one changes nothing.

        Raises:
            RootSignedTwice: this size was signed with another root.
            SignedUnwritable: the disk refuses.
            SignedMissing, SignedFileInvalid: as in `read`.
        """
        with self._locked(os.O_RDWR, fcntl.LOCK_EX) as file:
            slots = self._slots(file)
            last = max(slots, key=lambda slot: slot.size)
            if last.size == size and last.root != root:
                raise RootSignedTwice(
                    f"The log of {size} entries was signed with another root. The database is not the one this key signs; "
                    "stop the service and find out which of them is right."
                )
            if last.size >= size:
                return
            at = len(self._head) + _SLOT * (1 if slots[0] == last else 0)
            try:
                os.pwrite(file, self._slot(LastSigned(size=size, root=root)), at)
                os.fsync(file)
            except OSError as error:
                raise SignedUnwritable(
                    f"{self._path} cannot be written: {error.strerror}. Nothing is signed."
                ) from None

    def _slots(self, file: int) -> tuple[LastSigned, LastSigned]:
        data = os.pread(file, len(self._head) + 2 * _SLOT + 1, 0)
        first, second = data[len(self._head) : -_SLOT], data[-_SLOT:]
        one, other = self._read_slot(first), self._read_slot(second)
        known = one or other
        if not data.startswith(self._head) or known is None:
            raise SignedFileInvalid(
                f"{self._path} is damaged, or belongs to another key. Restore it; without it nobody can tell whether the "
                "log was cut."
            )
        # A slot that was torn by a power cut was never released: the other one is what counts.
        nothing = LastSigned(size=-1, root=b"")
        return (one or nothing, other or nothing)

    def _slot(self, last: LastSigned) -> bytes:
        said = f"{last.size:0{_DIGITS}d} {format_base64(last.root)}".encode()
        return said + b" " + self._check(said) + b"\n"

    def _check(self, said: bytes) -> bytes:
        return hashlib.sha256(self._head + said).hexdigest()[:_CHECK].encode()

    def _read_slot(self, slot: bytes) -> LastSigned | None:
        said, _, check = slot.removesuffix(b"\n").rpartition(b" ")
        if len(slot) != _SLOT or check != self._check(said):
            return None
        size, _, root = said.decode("ascii").partition(" ")
        return LastSigned(size=int(size), root=parse_hash(root))

    @contextmanager
    def _locked(self, flags: int, lock: int) -> Iterator[int]:
        try:
            file = os.open(self._path, flags)
        except FileNotFoundError:
            raise SignedMissing(
                f"{self._path} is missing, so nobody can tell whether the log was cut. Restore it with the key."
            ) from None
        except OSError as error:
            raise SignedUnwritable(
                f"{self._path} cannot be opened: {error.strerror}. Where the keys are a read-only mount, name a writable "
                "directory in ROCHDALE_SIGNED_DIR."
            ) from None
        try:
            fcntl.flock(file, lock)
            yield file
        finally:
            os.close(file)
