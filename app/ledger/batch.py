"""A batch: what is decided together, laid over the federation, and written in one transaction or not at all."""

from collections.abc import Callable

from app.ledger.asking import Idempotency
from app.ledger.projecting import project
from app.ledger.texts import ELECTORATE, TEXT
from app.store.changes import Change, Changes, Delete, Put
from app.store.tables import Blob, IdempotencyKey, LogEntry, LogHead, TreeNode
from app.store.tree import frontier_of, position
from governance.deciding.decision import Decision
from governance.facts.register import TextRedacted
from governance.federation import Federation
from governance.ids import MandateId
from governance.instants import Instant
from governance.log.blob import address
from governance.log.merkle import Frontier, leaf_hash
from governance.records import Record, seal, write_record
from governance.value import Value

Randomness = Callable[[int], bytes]
"""Gives that many random bytes."""


class Entry(Value):
    """A record with its bytes in the log."""

    record: Record
    data: bytes


class Batch:
    """Records applied to an overlay, and everything that is to be written with them.

    `branch` lays another batch over this one, for something that is to happen wholly or not at all; `join` keeps it.
    """

    def __init__(self, federation: Federation, *, at: Instant, randomness: Randomness) -> None:
        """Lay an empty batch over a federation."""
        self.federation = federation.overlay()
        self.at = at
        self.entries: list[Entry] = []
        self.texts: dict[str, bytes] = {}
        self.answered: dict[tuple[str, str, str], tuple[Idempotency, Entry]] = {}
        self.erases = False
        self._changes = Changes()
        self._randomness = randomness
        self._joined: Batch | None = None

    def branch(self) -> "Batch":
        """A batch over this one, which sees what this one did."""
        # To lay an overlay costs more than to decide a ballot. One that was joined is empty, and shows what lies below it.
        over = self._joined or Batch(self.federation, at=self.at, randomness=self._randomness)
        self._joined = None
        over.texts = dict(self.texts) if self.texts else {}
        return over

    def join(self, branch: "Batch") -> None:
        """Keep what was done in a branch, which is not to be used any more."""
        branch.federation.merge()
        self.entries += branch.entries
        self.texts = branch.texts
        self.answered |= branch.answered
        self.erases = self.erases or branch.erases
        self._changes.extend(branch._changes)  # noqa: SLF001 - of its own kind
        branch.entries, branch.answered, branch.erases = [], {}, False
        branch._changes = Changes()  # noqa: SLF001 - as above
        self._joined = branch

    def record(self, decision: Decision, actor: MandateId, texts: dict[str, bytes]) -> Entry:
        """Make a decided fact the next record: apply it, and note every row that it changes.

        Raises:
            RecordTooLarge: it does not fit into an entry.
        """
        sealed = seal(decision.fact, seq=self.federation.size, at=self.at, actor=actor, nonce=self._randomness(16))
        entry = Entry(record=sealed, data=write_record(sealed))
        # Whatever lies over this batch would not see it in single values, which an overlay copies.
        self._joined = None
        self.federation.apply(sealed)
        for blob in decision.blobs:
            self._add_blob(address(blob), blob, ELECTORATE, sealed.seq)
        for hashed, blob in texts.items():
            self.texts[hashed] = blob
            self._add_blob(hashed, blob, TEXT, sealed.seq)
        if isinstance(sealed.body, TextRedacted):
            self.texts.pop(sealed.body.text, None)
            self.erases = True
            self._changes.add(Delete(table=Blob, where={"address": sealed.body.text}))
        self.change(project(self.federation.state, sealed))
        self.entries.append(entry)
        return entry

    def answer(self, idempotency: Idempotency, entry: Entry) -> None:
        """Remember which entry answers a request."""
        self.answered[idempotency.place] = (idempotency, entry)

    def change(self, changes: list[Change]) -> None:
        """Note row changes."""
        for change in changes:
            self._changes.add(change)

    def finish(self, frontier: Frontier) -> tuple[Changes, dict[tuple[int, int], bytes]]:
        """All row changes of the batch, and the new hashes of the tree, whose right edge `frontier` moves on.

        The hashes include those that the tree ended with before: together they prove every entry of the batch.
        """
        hashes = dict(zip(frontier_of(frontier.size), frontier.hashes, strict=True))
        end = frontier.size + len(self.entries)
        for entry in self.entries:
            for level, index, hashed in frontier.append_nodes(leaf_hash(entry.data)):
                hashes[level, index] = hashed
                self._changes.add(Put(table=TreeNode, row={"position": position(level, index), "hash": hashed}))
            sealed = entry.record
            self._changes.add(
                Put(
                    table=LogEntry,
                    row={
                        "seq": sealed.seq,
                        "bytes": entry.data,
                        "type": sealed.type,
                        "at": sealed.at,
                        "batch_end": end,
                    },
                )
            )
        for idempotency, entry in self.answered.values():
            self._changes.add(
                Put(
                    table=IdempotencyKey,
                    row={
                        "seq": entry.record.seq,
                        "principal": idempotency.principal,
                        "operation": idempotency.operation,
                        "key": idempotency.key,
                        "fingerprint": idempotency.fingerprint,
                        "created": self.at,
                    },
                )
            )
        self._changes.add(Put(table=LogHead, row={"id": 1, "size": end, "root": frontier.root(), "at": self.at}))
        return self._changes, hashes

    def _add_blob(self, hashed: str, blob: bytes, kind: str, seq: int) -> None:
        self._changes.add(Put(table=Blob, row={"address": hashed, "bytes": blob, "kind": kind, "first_use": seq}))
