"""Whether what was acknowledged is true: every receipt proves its entry, every entry is in the log, and the bundle verifies."""

import tempfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import IO, Final

import msgspec

from app.http.recorded import Recorded
from app.services.opening import opened
from app.settings import Settings
from governance.log.bundle import EntryFrame, read_bundle
from governance.log.checkpoint import open_checkpoint
from governance.log.keys import VerifierKey
from governance.log.merkle import leaf_hash, verify_inclusion
from governance.log.receipt import parse_receipt
from governance.verifier import verify

_read: Final = msgspec.json.Decoder(Recorded).decode
_CHUNK: Final = 65_536


class Proved:
    """What was acknowledged so far: the hash of each entry, by its position."""

    def __init__(self, key: VerifierKey) -> None:
        """Take the log's key."""
        self.leaves: dict[int, bytes] = {}
        self._key = key
        self._opened = lru_cache(maxsize=4)(self._open)

    def add(self, bodies: Iterable[bytes]) -> None:
        """Check the receipt in each answer, and remember its entry.

        Raises:
            RochdaleError, FormatError: a receipt proves nothing.
            SystemExit: two answers name one position.
        """
        for body in bodies:
            recorded = _read(body)
            receipt = parse_receipt(recorded.receipt.encode())
            size, root = self._opened(receipt.note)
            leaf = leaf_hash(recorded.entry.encode())
            verify_inclusion(leaf=leaf, index=recorded.seq, size=size, root=root, proof=receipt.proof)
            if recorded.seq in self.leaves:
                raise SystemExit(f"entry {recorded.seq} was acknowledged twice")
            self.leaves[recorded.seq] = leaf

    async def check_log(self, settings: Settings) -> int:
        """Check that the log has every entry that was acknowledged, and that its bundle verifies; how long it is.

        Raises:
            SystemExit: it has not, or does not.
        """
        with tempfile.TemporaryFile() as file:
            async with opened(settings) as parts:
                await parts.ledger.write_bundle(file)
            stored: dict[int, bytes] = {}
            for frame in read_bundle(_chunks(file)):
                if isinstance(frame, EntryFrame):
                    stored[len(stored)] = leaf_hash(frame.entry)
            lost = [seq for seq, leaf in self.leaves.items() if stored.get(seq) != leaf]
            if lost:
                raise SystemExit(f"{len(lost)} acknowledged ballots are not in the log, the first at {min(lost)}")
            if not verify(_chunks(file)).holds:
                raise SystemExit("the bundle does not verify")
        return len(stored)

    def _open(self, note: bytes) -> tuple[int, bytes]:
        checkpoint = open_checkpoint(note, self._key).checkpoint
        return checkpoint.size, checkpoint.root


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk
