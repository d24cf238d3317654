"""The backup's content before it is encrypted: a line that names the format, then frames, each with its length before it.

docs/backup.md describes it. A frame is a MessagePack map; the last one carries the digest of all before it, vouched for by the
log's key.
"""

import hashlib
import struct
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from app.services.backing_up.errors import BackupContradictory, BackupNewer, BackupTruncated, BackupUnknown
from governance.instants import Instant
from governance.value import Value

MAGIC: Final = b"rochdale/backup/v1\n"
_ANY_VERSION: Final = b"rochdale/backup/v"
_LENGTH: Final = struct.Struct(">I")
_LONGEST: Final = 32 * 1024 * 1024
"""A frame in bytes: the largest blob or row has half of that."""


class Header(Value, tag_field="frame", tag="header"):
    """Whose log it is, when the backup was begun, and the columns of each table whose rows are kept."""

    origin: str
    key: str
    created: Instant
    tables: Mapping[str, tuple[str, ...]]


class LoggedEntry(Value, array_like=True):
    """An entry of the log, and the size of the log after the batch that it came with."""

    data: bytes
    batch_end: int


class Entries(Value, tag_field="frame", tag="entries"):
    """The next entries, from the position `start` on."""

    start: int
    entries: tuple[LoggedEntry, ...]


class KeptBlob(Value, tag_field="frame", tag="blob"):
    """A blob, with the position of the entry that was the first to name it."""

    kind: str
    first_use: int
    data: bytes


class SignedHead(Value, tag_field="frame", tag="checkpoint"):
    """The signed checkpoint over all entries. None follow."""

    note: bytes


class Rows(Value, tag_field="frame", tag="rows"):
    """Rows of a table, in the order of the header's columns; each cell is a `Cell`, which whoever reads them checks."""

    table: str
    rows: tuple[tuple[Any, ...], ...]


class End(Value, tag_field="frame", tag="end"):
    """The digest of everything before this frame, as a note signed by the log's key."""

    note: bytes


Frame = Header | Entries | KeptBlob | SignedHead | Rows | End


class FrameWriter:
    """Turns frames into bytes, and keeps the digest of all that it gave."""

    __slots__ = ("_digest", "_encoder", "_started")

    def __init__(self) -> None:
        """Start before the first frame."""
        self._digest = hashlib.sha256()
        self._encoder = msgspec.msgpack.Encoder()
        self._started = False

    @property
    def digest(self) -> bytes:
        """SHA-256 of everything so far."""
        return self._digest.digest()

    def bytes_of(self, frame: Frame) -> bytes:
        """The bytes of the next frame, with what stands before the first."""
        payload = self._encoder.encode(frame)
        data = (b"" if self._started else MAGIC) + _LENGTH.pack(len(payload)) + payload
        self._started = True
        self._digest.update(data)
        return data


class FrameReader:
    """Takes bytes in pieces of any size, and gives the frames that became whole. It holds one frame and one piece."""

    __slots__ = ("_decoder", "_digest", "_pending", "_started", "digest", "ended")

    def __init__(self) -> None:
        """Start before the first byte. `digest` is that of all frames before the last one given, once that one is the end."""
        self._pending = bytearray()
        self._started = False
        self._digest = hashlib.sha256()
        self._decoder = msgspec.msgpack.Decoder(Frame)
        self.ended = False
        self.digest = b""

    def feed(self, piece: bytes) -> list[Frame]:
        """The frames that this piece completes.

        Raises:
            BackupUnknown, BackupNewer: it does not begin like a backup that is known here.
            BackupContradictory: a frame is none, or something follows the end.
        """
        self._pending += piece
        if not self._started and not self._start():
            return []
        frames: list[Frame] = []
        position = 0
        while len(self._pending) - position >= _LENGTH.size:
            if self.ended:
                break
            (length,) = _LENGTH.unpack_from(self._pending, position)
            if length > _LONGEST:
                raise BackupContradictory(
                    f"A frame of the backup says that it has {length} bytes. Take another backup."
                )
            stop = position + _LENGTH.size + length
            if stop > len(self._pending):
                break
            frames.append(self._frame(bytes(self._pending[position:stop])))
            position = stop
        del self._pending[:position]
        if self.ended and self._pending:
            raise BackupContradictory("Something follows the end of the backup. Take another backup.")
        return frames

    def finish(self) -> None:
        """Refuse a backup whose end has not come.

        Raises:
            BackupTruncated: as it says.
        """
        if not self.ended:
            raise BackupTruncated("The backup stops before its end. Copy it again, or take another backup.")

    def _start(self) -> bool:
        if len(self._pending) < len(MAGIC):
            return False
        begins = bytes(self._pending[: len(MAGIC)])
        if begins != MAGIC:
            if begins.startswith(_ANY_VERSION):
                raise BackupNewer("This backup's format is newer than this software. Restore it with a newer version.")
            raise BackupUnknown("What this file holds is no backup of Rochdale. Is it the right file?")
        self._digest.update(MAGIC)
        del self._pending[: len(MAGIC)]
        self._started = True
        return True

    def _frame(self, data: bytes) -> Frame:
        try:
            frame: Frame = self._decoder.decode(data[_LENGTH.size :])
        except (msgspec.MsgspecError, ValueError) as error:
            raise BackupContradictory(f"A frame of the backup cannot be read: {error}. Take another backup.") from error
        if isinstance(frame, End):
            self.ended = True
            self.digest = self._digest.digest()
        else:
            self._digest.update(data)
        return frame
