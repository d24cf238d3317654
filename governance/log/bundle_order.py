"""What a bundle is made of, and the order in which its parts may follow each other.

Writer and reader go through the same `Order`, so that neither knows a rule that the other does not.
"""

import struct
from typing import final

import msgspec

from governance.log.blob import MAX_BLOB
from governance.log.checkpoint import Checkpoint
from governance.log.errors import (
    BundleFrameLengthWrong,
    BundleFrameUnknown,
    BundleHeaderInvalid,
    BundleOrderWrong,
    BundleSizeWrong,
    OriginWrong,
)
from governance.log.keys import KeyType, VerifierKey, check_type, format_verifier_key, parse_verifier_key
from governance.log.note import MAX_NOTE
from governance.log.tiles import MAX_ENTRY

MAGIC = b"rochdale/bundle/v1\n"
HEADER, BLOB, ENTRY, CHECKPOINT, END = b"HBECZ"
DIGEST_LENGTH = 32
FRAME = struct.Struct(">BI")
"""What stands before each payload: the kind and the payload's length in bytes."""
END_LENGTH = FRAME.size + DIGEST_LENGTH
_LIMITS = {HEADER: 4_096, BLOB: MAX_BLOB, ENTRY: MAX_ENTRY, CHECKPOINT: MAX_NOTE, END: DIGEST_LENGTH}
_SIZE_LIMIT = 1 << 53


class HeaderFrame(msgspec.Struct, frozen=True, kw_only=True):
    """The log's verifier key, whose name is the log's origin, and the number of entries in the bundle."""

    key: VerifierKey
    size: int


class BlobFrame(msgspec.Struct, frozen=True, kw_only=True):
    """A blob and its address."""

    address: str
    blob: bytes


# Frames of a whole log are many and hold no cycles: the collector need not look at them. Nothing derives from it, so that who
# reads may ask for its exact type.
@final
class EntryFrame(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The next entry of the log."""

    entry: bytes


class CheckpointFrame(msgspec.Struct, frozen=True, kw_only=True):
    """A signed checkpoint over the entries so far. Its signatures are *not* checked yet; open the note to do so."""

    checkpoint: Checkpoint
    note: bytes


Frame = HeaderFrame | BlobFrame | EntryFrame | CheckpointFrame


class _Header(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    # In the order of the alphabet, which is that of RFC 8785.
    key: str
    origin: str
    size: int


def format_header(header: HeaderFrame) -> bytes:
    """The payload of the header frame: canonical JSON.

    Raises:
        KeyTypeWrong: the key is not a log's.
        BundleHeaderInvalid: the size is below 0, or 2**53 or more.
    """
    check_type(header.key, KeyType.LOG)
    if not 0 <= header.size < _SIZE_LIMIT:
        raise BundleHeaderInvalid(f"A bundle has from 0 to 2**53 - 1 entries, and not {header.size}.")
    fields = _Header(key=format_verifier_key(header.key), origin=header.key.name, size=header.size)
    return msgspec.json.encode(fields)


def parse_header(payload: bytes) -> HeaderFrame:
    """Read what `format_header` writes.

    Raises:
        BundleHeaderInvalid: any other spelling, or the origin is not the key's name.
        KeyTypeWrong: the key is not a log's.
        Other refusals: as in `parse_verifier_key`.
    """
    try:
        fields = msgspec.json.decode(payload, type=_Header)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise BundleHeaderInvalid(f"The header is not JSON with key, origin and size: {error}.") from error
    header = HeaderFrame(key=parse_verifier_key(fields.key), size=fields.size)
    if format_header(header) != payload:
        raise BundleHeaderInvalid(
            "The header is spelled otherwise than a bundle's, or its origin is not the key's name."
        )
    return header


def check_frame(kind: int, length: int) -> None:
    """Refuse a frame from its first five bytes, before anything of it is kept.

    Raises:
        BundleFrameUnknown: there is no such kind.
        BundleFrameLengthWrong: it is longer than its kind may be, or an end of another length than a digest's.
    """
    limit = _LIMITS.get(kind)
    if limit is None:
        raise BundleFrameUnknown(
            f"A frame of the kind {bytes([kind])!r} is not known here. Is the bundle newer than this?"
        )
    if length > limit or (kind == END and length != limit):
        raise BundleFrameLengthWrong(f"A frame {chr(kind)} has at most {limit} bytes, and this has {length}.")


class Order:
    """Where in a bundle one is; it refuses what may not come next. It changes in place."""

    __slots__ = ("_blob", "_closed", "_complete", "_entries", "_header", "_signed")

    def __init__(self) -> None:
        self._header: HeaderFrame | None = None
        self._entries = 0
        self._signed = -1
        self._blob: bytes | None = None
        self._complete = False
        self._closed = False

    def header(self, header: HeaderFrame) -> None:
        """The header comes, first and once."""
        if self._header is not None:
            raise BundleOrderWrong("A bundle has one header, and this has a second one.")
        self._header = header

    def blob(self, blob: bytes) -> None:
        """A blob comes, and not the one that came just before."""
        self._open()
        if self._blob == blob:
            raise BundleOrderWrong("The same blob comes twice in a row. Write each blob once, before its first use.")
        self._blob, self._complete = blob, False

    def entries(self, count: int) -> None:
        """Some entries come, not more than the header says."""
        header = self._open()
        if self._entries + count > header.size:
            raise BundleSizeWrong(f"The header promises {header.size} entries, and there are more.")
        self._entries += count
        self._blob, self._complete = None, False

    def checkpoint(self, checkpoint: Checkpoint) -> None:
        """A checkpoint comes: this log's, over exactly the entries so far, and no second one of that size."""
        header = self._open()
        if checkpoint.origin != header.key.name:
            raise OriginWrong(
                f"The bundle is of the log {header.key.name!r}, a checkpoint in it of {checkpoint.origin!r}."
            )
        if checkpoint.size != self._entries:
            raise BundleSizeWrong(f"A checkpoint of {checkpoint.size} entries stands after {self._entries} entries.")
        if checkpoint.size == self._signed:
            raise BundleOrderWrong(f"Two checkpoints stand after {self._entries} entries. Write one for each size.")
        self._blob, self._signed = None, checkpoint.size
        self._complete = self._signed == header.size

    def end(self) -> None:
        """The end comes, right after the checkpoint over all entries."""
        self._open()
        if not self._complete:
            raise BundleSizeWrong("A bundle ends right after the checkpoint over all its entries, and this does not.")
        self._closed = True

    @property
    def closed(self) -> bool:
        """Whether the end has come."""
        return self._closed

    def _open(self) -> HeaderFrame:
        if self._header is None:
            raise BundleOrderWrong("A bundle begins with its header, and here something else comes first.")
        if self._closed:
            raise BundleOrderWrong("The bundle is closed: nothing more can be written to it.")
        return self._header
