"""The verifier: recomputes a federation from its bundle alone, and says which checks hold."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from governance.errors import RochdaleError
from governance.facts.continuing import LogContinued
from governance.facts.polls import BallotCast
from governance.facts.registry import NAMES
from governance.facts.rotating import LogKeyRotated
from governance.ids import BlobHash, TextHash
from governance.log.blob import SALT_LENGTH, text_blob
from governance.log.bundle import BlobFrame, CheckpointFrame, EntryFrame, Frame, HeaderFrame, read_runs
from governance.log.checkpoint import Checkpoint, open_checkpoint, read_checkpoint
from governance.log.errors import NoteUnsigned
from governance.log.keys import VerifierKey, format_verifier_key, parse_verifier_key
from governance.log.merkle import Frontier, leaf_hash
from governance.named import electorates_named, texts_named
from governance.records import Record, read_records
from governance.replay import Illegal, Replay
from governance.report import TITLES, Check, CheckName, Continued, Redaction, Report, Rotated, fingerprint_of
from governance.revealing import article_length

_BALLOT: Final = NAMES[BallotCast][0]
_LARGEST_ARTICLE: Final = 65_536
_ARTICLE: Final = b'{"heading":'
"""How the canonical JSON of every article begins."""
_CONTENT_AT: Final = len(text_blob(bytes(SALT_LENGTH), b""))


class KeyForeign(RochdaleError):
    """This log is signed by another key than the one given."""

    code = "key_foreign"


class BlobMisplaced(RochdaleError):
    """A blob stands where nothing names it, or not where it is named first."""

    code = "blob_misplaced"


class RootMismatch(RochdaleError):
    """A signed checkpoint has another root than the entries before it."""

    code = "root_mismatch"


class LogEmpty(RochdaleError):
    """The bundle has no entries, so there is nothing that it could show."""

    code = "log_empty"


class BundleForeign(RochdaleError):
    """The bundle's header names another log than its entries."""

    code = "bundle_foreign"


def verify(
    chunks: Iterable[bytes],
    *,
    key: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Verify a bundle that comes in chunks. It never raises for what is in the bundle; the report says what failed.

    `key` is the verifier key that the reader expects (c2sp.org/signed-note). `progress` is called now and then with the
    number of entries seen and the number that the header announces.
    """
    run = _Run(key, progress)
    try:
        for frames in read_runs(chunks):
            run.take(frames)
    except Illegal as error:
        run.fail("rules", error)
    except _Failed as failed:
        run.fail(failed.check, failed.error)
    except RochdaleError as error:
        run.fail("format", error)
    else:
        run.finish()
    return run.report()


class _Failed(Exception):
    """Carries the check that failed out of the loop."""

    def __init__(self, check: CheckName, error: RochdaleError) -> None:
        super().__init__(error.detail)
        self.check = check
        self.error = error


class _Run:
    """One verification: the frames seen so far and what they add up to."""

    def __init__(self, key: str | None, progress: Callable[[int, int], None] | None) -> None:
        self._expected = key
        self._progress = progress
        self._key: VerifierKey | None = None
        self._announced = 0
        self._frontier = Frontier()
        self._pending: list[BlobHash] = []
        self._seen: set[bytes] = set()
        self._missing_texts: set[BlobHash] = set()
        self._missing_rolls: set[BlobHash] = set()
        self._articles: dict[bytes, int] = {}
        self._entries: Counter[str] = Counter()
        self._replay = Replay(self._length_of)
        self._checkpoints = 0
        self._texts = 0
        self._rolls = 0
        self._failed: dict[CheckName, str] = {}
        self._finished = False

    def take(self, frames: Iterable[Frame]) -> None:
        """Take in the next frames."""
        # Nearly all frames are entries, so these are told by their exact type, which is quickest.
        records = read_records([frame.entry for frame in frames if type(frame) is EntryFrame])
        append, replay, progress = self._frontier.append, self._replay.take, self._progress
        ballots = 0
        try:
            for frame in frames:
                if type(frame) is EntryFrame:
                    try:
                        record = next(records)
                    except RochdaleError as error:
                        raise _Failed("entries", error) from error
                    body = record.body
                    if type(body) is BallotCast and body.reason is None and not self._pending:
                        append(leaf_hash(frame.entry))
                        replay(record)
                        ballots += 1
                    else:
                        self._record(record, leaf_hash(frame.entry))
                    if progress is not None and record.seq % 10_000 == 0:
                        progress(record.seq, self._announced)
                elif isinstance(frame, BlobFrame):
                    self._blob(frame)
                elif isinstance(frame, CheckpointFrame):
                    self._checkpoint(frame)
                else:
                    self._header(frame)
        finally:
            if ballots:
                self._entries[_BALLOT] += ballots

    def _header(self, frame: HeaderFrame) -> None:
        self._key, self._announced = frame.key, frame.size
        if self._expected is not None and format_verifier_key(frame.key) != self._expected:
            shown = fingerprint_of(format_verifier_key(frame.key))
            self.fail(
                "key", KeyForeign(f"The bundle's key has the fingerprint {shown}, which is not the key that you gave.")
            )

    def _blob(self, frame: BlobFrame) -> None:
        self._pending.append(BlobHash(frame.address))
        # Whatever names it first: a change of the charter may name it later, and should it lapse for its texts, they show why. To
        # say whether it is an article and how long is enough for that, so that no text stays in memory.
        if len(frame.blob) <= _LARGEST_ARTICLE and frame.blob.startswith(_ARTICLE, _CONTENT_AT):
            self._articles[bytes.fromhex(frame.address)] = article_length(frame.blob)

    def _length_of(self, text: TextHash) -> int | None:
        """The length of a text as an article, 0 of one that is none, None of one that is missing."""
        named = bytes.fromhex(text)
        seen = named in self._seen and BlobHash(text) not in self._missing_texts
        return self._articles.get(named, 0 if seen else None)

    def _record(self, record: Record, leaf: bytes) -> None:
        if type(record.body) is LogContinued:
            self._check_before(record.body.lost)
        elif type(record.body) is LogKeyRotated:
            self._check_before(record.body.agreed)
        self._frontier.append(leaf)
        self._replay.take(record)
        self._entries[record.type] += 1
        self._blobs_of(record)

    def _check_before(self, note: str) -> None:
        """What a key said last is about the entries that are here, unless it counts some that are known to be lost."""
        try:
            last = read_checkpoint(note.encode())
            if last.size == self._frontier.size and last.root != self._frontier.root():
                raise RootMismatch(
                    f"Another key follows at entry {last.size}, and what was signed before is not what stands before it."
                )
        except RochdaleError as error:
            raise _Failed("checkpoints", error) from error

    def _blobs_of(self, record: Record) -> None:
        """Hold the blobs since the last entry against those that this one names for the first time, in order of address."""
        texts, rolls = texts_named(record.body), electorates_named(record.body)
        if not (texts or rolls or self._pending):
            return
        fresh = [named for named in (*texts, *rolls) if bytes.fromhex(named) not in self._seen]
        wanted = sorted(named for named in fresh if named in self._pending)
        if wanted != self._pending:
            raise _Failed(
                "format",
                BlobMisplaced(f"A blob before entry {record.seq} is not named there first, or out of its place."),
            )
        self._missing_texts.update(named for named in fresh if named in texts and named not in wanted)
        self._missing_rolls.update(named for named in fresh if named in rolls and named not in wanted)
        self._seen.update(bytes.fromhex(named) for named in fresh)
        self._texts += len(texts)
        self._rolls += len(rolls)
        self._pending.clear()

    def _checkpoint(self, frame: CheckpointFrame) -> None:
        if self._pending:
            raise _Failed("format", BlobMisplaced("A blob stands before a checkpoint, where no entry names it."))
        try:
            if self._key is None:
                return
            opened = self._open(frame.note, self._key)
            if opened.root != self._frontier.root():
                raise RootMismatch(
                    f"The checkpoint of size {opened.size} is signed over other entries than those in the bundle."
                )
        except RochdaleError as error:
            raise _Failed("checkpoints", error) from error
        self._checkpoints += 1

    def _open(self, note: bytes, last: VerifierKey) -> Checkpoint:
        """A checkpoint that the key with which the log ends has signed, or the one that it had at that size."""
        try:
            return open_checkpoint(note, last).checkpoint
        except NoteUnsigned:
            state = self._replay.federation.state
            # Only if the log comes to name the last key does any of it hold, and that is checked at its end.
            if state.origin != last.name:
                raise
            return open_checkpoint(note, parse_verifier_key(state.key)).checkpoint

    def fail(self, check: CheckName, error: RochdaleError) -> None:
        """Note a check as failed."""
        self._failed[check] = f"{error.detail} [{error.code}]"

    def finish(self) -> None:
        """Check what can only be said at the end."""
        self._finished = True
        if not self._frontier.size:
            self.fail("entries", LogEmpty("The log has not begun: there is no entry. Ask for its bundle later."))
        elif self._key is not None and self._replay.federation.state.key != format_verifier_key(self._key):
            self.fail(
                "entries", BundleForeign("The log ends under another origin and key than the bundle's header names.")
            )
        if any(one.key_before == self._expected for one in self._replay.federation.state.rotations):
            self.fail(
                "key",
                KeyForeign(
                    "The key that you gave signed this log until it named the one that replaced it. Compare the fingerprint of "
                    "the new key with the federation, and give that key."
                ),
            )
        if any(one.key_before == self._expected for one in self._replay.federation.state.continuations):
            self.fail(
                "key",
                KeyForeign(
                    "The key that you gave signed the beginning of this log, and named the one after it when entries were lost. "
                    "Compare the fingerprint of the new key with the federation, ask what was lost, and give that key."
                ),
            )
        if self._missing_rolls:
            first = min(self._missing_rolls)
            self._failed["electorates"] = f"{len(self._missing_rolls)} voter rolls are missing, {first} among them."
        redacted = self._replay.federation.state.redacted
        if gone := sorted(text for text in self._missing_texts if TextHash(text) not in redacted):
            self._failed["texts"] = f"{len(gone)} texts are missing without a redaction, {gone[0]} among them."

    def report(self) -> Report:
        """What was found."""
        state = self._replay.federation.state
        key = format_verifier_key(self._key) if self._key is not None else ""
        return Report(
            holds=self._finished and not self._failed,
            origin=self._key.name if self._key is not None else "",
            key=key,
            fingerprint=fingerprint_of(key) if key else "",
            size=self._frontier.size,
            root=self._frontier.root().hex(),
            last=state.at,
            due=state.next_due or "",
            federation=state.name,
            ratified=state.ratified_by is not None,
            continuations=tuple(
                Continued(
                    seq=one.seq,
                    at=one.at,
                    origin_before=one.origin_before,
                    key_before=one.key_before,
                    origin=one.origin,
                    key=one.key,
                    signed=one.signed,
                    lost=one.lost,
                )
                for one in state.continuations
            ),
            rotations=tuple(
                Rotated(seq=one.seq, at=one.at, key_before=one.key_before, key=one.key) for one in state.rotations
            ),
            entries=dict(sorted(self._entries.items())),
            redactions=tuple(
                Redaction(text=text, seq=seq, gone=BlobHash(text) in self._missing_texts)
                for text, seq in sorted(state.redacted.items(), key=lambda item: item[1])
            ),
            checks=tuple(self._check(name) for name in TITLES),
        )

    def _check(self, name: CheckName) -> Check:
        if name in self._failed:
            return Check(name=name, status="failed", detail=self._failed[name])
        if name == "key":
            if self._expected is None or self._key is None:
                return Check(
                    name=name, status="not_checked", detail="No key was given, so authenticity is not checked."
                )
            return Check(name=name, status="held", detail="It is the key that you gave.")
        if not self._finished:
            return Check(name=name, status="not_checked", detail="Not reached, because another check failed first.")
        seen: dict[CheckName, str] = {
            "format": f"{self._announced} entries announced and found",
            "entries": f"{self._frontier.size} entries",
            "rules": f"{self._frontier.size} decisions taken again, {self._entries['poll.closed']} polls recounted",
            "checkpoints": f"{self._checkpoints} checkpoints",
            "electorates": f"{self._rolls} rolls",
            "texts": f"{self._texts} texts named, {len(self._missing_texts)} of them redacted",
        }
        return Check(name=name, status="held", detail=seen[name])
