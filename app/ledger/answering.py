"""Checkpoints, receipts and answers: what leaves the ledger, always signed and always of the log as it is."""

import asyncio

from app.ledger.admitting import Again, Verdict
from app.ledger.appending import Appended
from app.ledger.asking import Answer
from app.ledger.errors import EntryUnknown
from app.ledger.folding import Fold
from app.ledger.log_key import check_key
from app.ledger.proofs import read_receipt, receipt_from, root_before
from app.security.signer import Signer
from app.store.log_reading import Run, entries
from governance.errors import RochdaleError
from governance.log.keys import format_verifier_key


class Answerer:
    """Signs for the fold that the appender moves on. `read` reads what is committed."""

    def __init__(self, *, fold: Fold, signer: Signer, read: Run) -> None:
        """Take the fold of the process's ledger."""
        self._fold = fold
        self._signer = signer
        self._read = read

    async def checkpoint(self, size: int | None = None) -> bytes:
        """The signed checkpoint of the log as this process knows it, or as it was at a size.

        Raises:
            EntryUnknown: the log was never that long.
            LogDamaged: the stored hashes contradict the log.
            LogKeyRotated: it would be signed by a key that is the log's no more.
            RootSignedTwice, SignedUnwritable: it is not signed.
        """
        state = self._fold.federation.state
        check_key(state, format_verifier_key(self._signer.verifier_key))
        present, root = self._fold.size, self._fold.root
        wanted, besides = present if size is None else size, state.key_besides
        before = await root_before(self._read, wanted, present, root)
        # The disk is synced before anything is signed, which would hold up the event loop.
        return await asyncio.to_thread(self._signer.release, wanted, before, besides)

    async def batch_end(self, seq: int) -> int:
        """The size of the log after the batch of an entry.

        Raises:
            EntryUnknown: there is no such entry.
        """
        stored = await entries(self._read, seq, seq + 1)
        if not stored:
            raise EntryUnknown(f"The log has no entry {seq}. It has {self._fold.size} now.")
        return stored[0].batch_end

    async def again(self, seq: int) -> Answer:
        """The first answer of an entry, made anew: its checkpoint is that of its batch's end.

        Raises:
            EntryUnknown: there is no such entry.
            LogDamaged: the stored hashes contradict the log.
        """
        end = await self.batch_end(seq)
        note = await self.checkpoint(end)
        (entry,) = await entries(self._read, seq, seq + 1)
        receipt = await read_receipt(self._read, seq, note, end)
        return Answer(seq=seq, record=entry.data, receipt=receipt)

    async def answers(self, verdict: Verdict, appended: Appended, note: bytes) -> tuple[Answer, ...]:
        """What a group is answered. `note` is the signed checkpoint of the batch's end.

        Raises:
            RochdaleError: why nothing of it was recorded.
        """
        if isinstance(verdict, RochdaleError):
            raise verdict
        if isinstance(verdict, Again):
            return (await self.again(verdict.seq),)
        return tuple(
            Answer(
                seq=entry.record.seq,
                record=entry.data,
                receipt=receipt_from(entry.record.seq, note, self._fold.size, appended.hashes),
            )
            for entry in verdict
        )
