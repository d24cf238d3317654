"""Examining a backup frame by frame: that it is whole, in order, this key's, and a log that can be."""

from collections.abc import Callable
from typing import Final

from app.ledger.errors import LogDamaged, LogDifferent, LogKeyForeign, LogShorter
from app.ledger.folding import Fold
from app.ledger.texts import ELECTORATE, TEXT
from app.security.signed import LastSigned
from app.security.vouching import check_vouched
from app.services.backing_up.errors import BackupContradictory, BackupNewer, BackupUnvouched
from app.services.backing_up.frames import End, Entries, Frame, Header, KeptBlob, Rows, SignedHead
from app.store.changes import columns, name_of
from app.store.log_reading import Stored
from app.store.tables import KEPT
from governance.errors import FormatError, RochdaleError
from governance.facts.register import TextRedacted
from governance.log.blob import address, open_electorate, open_text
from governance.log.checkpoint import open_checkpoint
from governance.log.keys import VerifierKey, format_verifier_key
from governance.named import electorates_named, texts_named
from governance.records import Record

Seen = Callable[[Stored, Record], None]
TABLES: Final = {name_of(table).strip('"'): table for table in KEPT}
"""The tables whose rows a backup can hold, by name."""
_OPEN: Final = {TEXT: open_text, ELECTORATE: open_electorate}


class Examiner:
    """What was read of a backup so far. `last` is what was signed last by the key that is here."""

    def __init__(self, key: VerifierKey, last: LastSigned, seen: Seen | None = None) -> None:
        """Start before the first frame; `seen` is told of each entry, once it is folded in."""
        self.fold = Fold()
        self.blobs: set[str] = set()
        self.erased: set[str] = set()
        self.rows: dict[str, int] = {}
        self.header: Header | None = None
        self._key = key
        self._last = last
        self._seen = seen
        self._named: set[str] = set()
        self._checkpoint: bytes | None = None

    def take(self, frame: Frame, digest: bytes) -> None:
        """Examine the next frame. `digest` is that of all before it, where it is the last.

        Raises:
            LogKeyForeign: it is the backup of another key's log.
            BackupNewer, RecordUnknown: a newer version wrote it.
            BackupContradictory: frames are missing, moved or forged.
            LogDifferent: it begins otherwise than what was signed here.
            BackupUnvouched: who made it did not have the log's key.
        """
        if isinstance(frame, Header) is not (self.header is None):
            raise BackupContradictory("The backup's header is not where it belongs. Take another backup.")
        match frame:
            case Header():
                self._take_header(frame)
            case Entries():
                self._take_entries(frame)
            case KeptBlob():
                self._take_blob(frame)
            case SignedHead(note=note):
                self._take_checkpoint(note)
            case Rows():
                self._take_rows(frame)
            case End(note=note):
                self._take_end(note, digest)

    @property
    def missing(self) -> int:
        """How many blobs the log names that are not there, though nobody had them erased."""
        return len(self._named - self.blobs - self.erased)

    @property
    def behind(self) -> int:
        """How many entries were signed here that the backup does not have."""
        return max(0, self._last.size - self.fold.size)

    def refuse_shorter(self) -> None:
        """Refuse a backup that ends before what was signed.

        Raises:
            LogShorter: as it says.
        """
        if self.behind:
            raise LogShorter(
                f"This backup has {self.fold.size} entries, and the key here has signed {self._last.size}: {self.behind} were "
                "acknowledged that are not in it. Nothing was restored. Look for a newer backup, or for the database itself. If "
                "they are lost for good, this log cannot go on as it was, since it would contradict receipts that people hold: "
                "let it go on in the open, under another origin, with --continue-as."
            )

    def _take_header(self, header: Header) -> None:
        if header.key != format_verifier_key(self._key):
            raise LogKeyForeign(
                f"This backup is of the log {header.key}, and the key here is {format_verifier_key(self._key)}. Put the "
                "key of that log into the keys' directory, or name another with --home."
            )
        for name, listed in header.tables.items():
            known = columns(TABLES[name]) if name in TABLES else ()
            if foreign := [column for column in listed if column not in known]:
                raise BackupNewer(
                    f"The backup has {name}.{foreign[0]}, which this version does not know. Restore it with a newer version."
                )
        self.header = header

    def _take_entries(self, frame: Entries) -> None:
        if frame.start != self.fold.size or self._checkpoint is not None:
            raise BackupContradictory("Entries of the backup are missing or stand twice. Take another backup.")
        for entry in frame.entries:
            stored = Stored(seq=self.fold.size, data=entry.data, batch_end=entry.batch_end)
            try:
                record = self.fold.add(stored)
            except LogDamaged as error:
                raise BackupContradictory(f"Entry {stored.seq} of the backup cannot follow those before it.") from error
            self._named.update((*texts_named(record.body), *electorates_named(record.body)))
            if isinstance(record.body, TextRedacted):
                self.erased.add(record.body.text)
            if self.fold.size == self._last.size and self.fold.root != self._last.root:
                raise LogDifferent(
                    f"The first {self._last.size} entries of the backup are not those that were signed with the key here. "
                    "Find out which of the two is right."
                )
            if self._seen is not None:
                self._seen(stored, record)

    def _take_blob(self, frame: KeptBlob) -> None:
        opened = _OPEN.get(frame.kind)
        if opened is None or not 0 <= frame.first_use < self.fold.size:
            raise BackupContradictory("A blob of the backup is not where it belongs. Take another backup.")
        try:
            opened(frame.data)
        except FormatError as error:
            raise BackupContradictory(f"A blob of the backup is none. {error.detail}") from error
        self.blobs.add(address(frame.data))

    def _take_checkpoint(self, note: bytes) -> None:
        try:
            checkpoint = open_checkpoint(note, self._key).checkpoint
        except RochdaleError as error:
            raise BackupUnvouched(f"The checkpoint in the backup is not the log's. {error.detail}") from error
        if (checkpoint.size, checkpoint.root) != (self.fold.size, self.fold.root) or not self.fold.size:
            raise BackupContradictory("The backup's checkpoint is not over its entries. Take another backup.")
        self._checkpoint = note

    def _take_rows(self, frame: Rows) -> None:
        listed = self.header.tables.get(frame.table) if self.header is not None else None
        if listed is None or self._checkpoint is None or not all(_fits(row, listed) for row in frame.rows):
            raise BackupContradictory("Rows of the backup are not where they belong. Take another backup.")
        self.rows[frame.table] = self.rows.get(frame.table, 0) + len(frame.rows)

    def _take_end(self, note: bytes, digest: bytes) -> None:
        if self._checkpoint is None:
            raise BackupContradictory("The backup has no checkpoint. Take another backup.")
        try:
            check_vouched(note, digest, self._key)
        except RochdaleError as error:
            raise BackupUnvouched(
                f"Somebody who has not the log's key has made or altered it: accounts in it could be false. {error.detail}"
            ) from error


def _fits(row: tuple[object, ...], listed: tuple[str, ...]) -> bool:
    return len(row) == len(listed) and all(cell is None or type(cell) in (int, str, bytes) for cell in row)
