"""The bundle: the one file from which an auditor recomputes everything.

A line that names the format, then frames: one byte of kind, the payload's length in four bytes, big-endian, and the
payload. The kinds are `H` header, `B` blob, `E` entry, `C` signed checkpoint, and last `Z`, the SHA-256 of all bytes
before its frame. There is one spelling: what is read, written again, gives the same bytes. Frames are compared by
their bytes and counted; the module knows no entry's meaning.

Found here: any altered, missing, added or moved bit, by the digest. Even where somebody computed the digest anew: a
missing, second or misplaced header or end; a missing or added entry, or one moved across a checkpoint; a missing last
checkpoint, or any out of its place; the same blob twice in a row. Not found here, and left to the verifier: entries
that were altered or exchanged with each other (their checkpoint's root), false signatures
(`checkpoint.open_checkpoint`), checkpoints in between that were left out (nothing depends on them), and blobs that are
missing, useless, late or there twice with something in between (it knows their uses).
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator

from governance.log.blob import address, check_blob
from governance.log.bundle_order import (
    BLOB,
    CHECKPOINT,
    END,
    END_LENGTH,
    ENTRY,
    FRAME,
    HEADER,
    MAGIC,
    BlobFrame,
    CheckpointFrame,
    EntryFrame,
    Frame,
    HeaderFrame,
    Order,
    check_frame,
    format_header,
    parse_header,
)
from governance.log.checkpoint import read_checkpoint
from governance.log.errors import BundleDigestWrong, BundleMagicWrong, BundleTrailing, BundleTruncated
from governance.log.keys import VerifierKey
from governance.log.tiles import MAX_ENTRY

__all__ = [
    "BlobFrame",
    "BundleWriter",
    "CheckpointFrame",
    "EntryFrame",
    "Frame",
    "HeaderFrame",
    "read_bundle",
    "read_runs",
]

_FLUSH = 65_536


class BundleWriter:
    """Writes a bundle through `write`, which gets it in pieces of about 64 KiB, and in larger ones for large blobs.

    A refused frame leaves nothing behind, and the bundle can go on without it. What was written is a bundle only
    after `close`.
    """

    __slots__ = ("_digest", "_order", "_pending", "_write")

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._order = Order()
        self._digest = hashlib.sha256()
        self._pending = bytearray(MAGIC)

    def header(self, key: VerifierKey, size: int) -> None:
        """Write first: the log's key, and how many entries will come.

        Raises:
            BundleOrderWrong: the header was written.
            KeyTypeWrong, BundleHeaderInvalid, BundleFrameLengthWrong: such a header cannot be.
        """
        header = HeaderFrame(key=key, size=size)
        payload = format_header(header)
        check_frame(HEADER, len(payload))
        self._order.header(header)
        self._frame(HEADER, payload)

    def blob(self, blob: bytes) -> None:
        """Write a blob, before the first entry that names it.

        Raises:
            BlobDomainUnknown, BlobInvalid: as in `blob.check_blob`.
            BundleOrderWrong: it comes at the wrong place, or twice in a row.
        """
        self._order.blob(check_blob(blob))
        self._frame(BLOB, blob)

    def entry(self, entry: bytes) -> None:
        """Write the next entry.

        Raises:
            BundleFrameLengthWrong: it is over 65,535 bytes long.
            BundleOrderWrong, BundleSizeWrong: it comes at the wrong place, or is one too many.
        """
        check_frame(ENTRY, len(entry))
        self._order.entries(1)
        self._frame(ENTRY, entry)

    def checkpoint(self, note: bytes) -> None:
        """Write a signed checkpoint over all entries so far. Its signatures are not checked.

        Raises:
            OriginWrong, BundleSizeWrong, BundleOrderWrong: it is another log's, of another size, or the second here.
            Other refusals: as in `checkpoint.read_checkpoint`.
        """
        self._order.checkpoint(read_checkpoint(note))
        self._frame(CHECKPOINT, note)

    def close(self) -> None:
        """Write the digest and with it the end.

        Raises:
            BundleOrderWrong, BundleSizeWrong: something is missing, or the bundle is closed.
        """
        self._order.end()
        self._flush()
        digest = self._digest.digest()
        self._write(FRAME.pack(END, len(digest)) + digest)

    def _frame(self, kind: int, payload: bytes) -> None:
        self._pending += FRAME.pack(kind, len(payload))
        self._pending += payload
        if len(self._pending) >= _FLUSH:
            self._flush()

    def _flush(self) -> None:
        piece = bytes(self._pending)
        self._pending.clear()
        self._digest.update(piece)
        self._write(piece)


def read_bundle(chunks: Iterable[bytes]) -> Iterator[Frame]:
    """The frames of a bundle that comes in chunks of any size; 64 KiB to 1 MiB is quick and takes little memory.

    Frames are given out *before* the digest at the end was compared. So a caller must read to the end, without a
    refusal, before it says or keeps anything of what it read; whoever stops early has read unchecked bytes. Memory
    holds a few chunks and one frame, however long the bundle is.

    Raises:
        BundleMagicWrong, BundleTruncated, BundleTrailing: it is no bundle, or not a whole one, or more than one.
        BundleFrameUnknown, BundleFrameLengthWrong, BundleHeaderInvalid: a frame is not as its kind is.
        BundleOrderWrong, BundleSizeWrong, OriginWrong: a frame stands where it may not.
        BundleDigestWrong: anything was altered.
        Other refusals: as in `blob.check_blob`, `parse_verifier_key` and `checkpoint.read_checkpoint`.
    """
    for frames in read_runs(chunks):
        yield from frames


def read_runs(chunks: Iterable[bytes]) -> Iterator[list[Frame]]:
    """As `read_bundle`, with all frames that a chunk completes given out together."""
    reader = _Reader()
    for chunk in chunks:
        yield reader.feed(chunk)
    reader.finish()


class _Reader:
    """Takes chunks and gives out the frames that became whole."""

    __slots__ = ("_digest", "_order", "_pending", "_started", "_tail", "_wanted")

    def __init__(self) -> None:
        self._order = Order()
        self._pending = bytearray()
        self._wanted = len(MAGIC)
        self._started = False
        self._digest = hashlib.sha256()
        # The digest covers all but the end frame, whose length is known: so the file is hashed by the chunk.
        self._tail = b""

    def feed(self, chunk: bytes) -> list[Frame]:
        """The frames that this chunk completes; at the end, only once the digest agrees."""
        if self._order.closed and chunk:
            raise BundleTrailing(f"After the end of the bundle {len(chunk)} bytes or more follow. Cut them off.")
        held = self._tail + chunk
        self._digest.update(held[:-END_LENGTH])
        self._tail = held[-END_LENGTH:]
        self._pending += chunk
        if not self._started:
            self._check_magic()
        if len(self._pending) < self._wanted:
            return []
        window = bytes(self._pending)
        frames, position = self._frames(window, 0 if self._started else len(MAGIC))
        self._started = True
        self._pending = bytearray(window[position:])
        return frames

    def finish(self) -> None:
        """Refuse a bundle whose end has not come."""
        if not self._order.closed:
            raise BundleTruncated("The bundle ends before its last frame: it was cut off. Fetch it again.")

    def _check_magic(self) -> None:
        if not MAGIC.startswith(bytes(self._pending[: len(MAGIC)])):
            raise BundleMagicWrong("This file does not begin like a bundle. Is it the right file, and not compressed?")

    def _frames(self, window: bytes, position: int) -> tuple[list[Frame], int]:
        """The whole frames in `window` from `position` on, and where they stop."""
        frames: list[Frame] = []
        available, run = len(window), 0
        # Nearly all frames are entries, so that they pass here without a call but those two, and are counted in runs.
        read_head, add, head = FRAME.unpack_from, frames.append, FRAME.size
        self._wanted = head
        while available - position >= head:
            kind, length = read_head(window, position)
            start = position + head
            end = start + length
            if kind != ENTRY or length > MAX_ENTRY:
                self._count(run)
                run = 0
                check_frame(kind, length)
            if end > available:
                self._wanted = head + length
                break
            if kind == ENTRY:
                add(EntryFrame(entry=window[start:end]))
                run += 1
            elif kind == END:
                self._end(window, start, end)
            else:
                add(self._frame(kind, window[start:end]))
            position = end
        self._count(run)
        return frames, position

    def _count(self, entries: int) -> None:
        if entries:
            self._order.entries(entries)

    def _frame(self, kind: int, payload: bytes) -> Frame:
        if kind == HEADER:
            header = parse_header(payload)
            self._order.header(header)
            return header
        if kind == BLOB:
            self._order.blob(check_blob(payload))
            return BlobFrame(address=address(payload), blob=payload)
        checkpoint = read_checkpoint(payload)
        self._order.checkpoint(checkpoint)
        return CheckpointFrame(checkpoint=checkpoint, note=payload)

    def _end(self, window: bytes, start: int, end: int) -> None:
        self._order.end()
        if end != len(window):
            raise BundleTrailing(f"After the end of the bundle {len(window) - end} bytes or more follow. Cut them off.")
        if self._digest.digest() != window[start:end]:
            raise BundleDigestWrong(
                "The digest at the end does not fit the bundle: it was altered or damaged. Fetch it again."
            )
