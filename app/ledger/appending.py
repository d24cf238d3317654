"""One append: lock, catch up, decide, write, commit once, sign once. Everything between the queue and the answers."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from piccolo.querystring import QueryString

from app.clock import Clock
from app.ledger.admitting import Verdict, admit, take_steps
from app.ledger.asking import Asked
from app.ledger.batch import Batch, Randomness
from app.ledger.errors import ClockBehind, LedgerUnready, OutcomeUnknown
from app.ledger.folding import Fold, check_head, fold_page
from app.ledger.proofs import Hashes
from app.store.log_reading import Answered, Run, answered, entries, head
from app.store.writing import Writer
from governance.instants import Day, Instant, day_of, later
from governance.value import Value

_TOLERANCE: Final = timedelta(seconds=2)
"""How far a clock may be behind the log's last entry."""
_KEPT: Final = timedelta(days=30)
"""How long an idempotency key is remembered."""


class Appended(Value):
    """What became of each group, and the hashes that prove the new entries, if there are any, in the log as it is now."""

    verdicts: tuple[Verdict, ...]
    hashes: Hashes


class Appender:
    """Appends to the log. It is used by one coroutine at a time, and is the only one that moves the fold on."""

    def __init__(
        self, *, fold: Fold, writer: Writer, read: Run, clock: Clock, randomness: Randomness, key: str
    ) -> None:
        """Take a fold at the log's head (or behind it), the ledger's writer, and `read`, which reads what is committed."""
        self.fold = fold
        self._writer = writer
        self._read = read
        self._clock = clock
        self._randomness = randomness
        self._key = key
        self._forgot = Day("")

    async def append(self, groups: Sequence[tuple[Asked, ...]]) -> Appended:
        """Decide groups of commands and commit what came of them. The fold has moved on when this returns.

        Raises:
            LedgerUnready: the clock is behind, a step is blocked, or the log is not what it was; nothing was recorded.
            OutcomeUnknown: the database did not answer whether it committed.
            Exception: the database refused; nothing was recorded.
        """
        await self._writer.begin()
        try:
            await self._catch_up()
            batch = Batch(self.fold.federation, at=self._now(), randomness=self._randomness)
            known = await self._answered(groups)
            await take_steps(batch, self._writer.run)
            verdicts = [await admit(batch, group, known=known, run=self._writer.run, key=self._key) for group in groups]
            if not batch.entries:
                await self._writer.rollback()
                return Appended(verdicts=tuple(verdicts), hashes={})
            frontier = self.fold.frontier.copy()
            changes, hashes = batch.finish(frontier)
            await self._writer.write(changes)
            await self._forget(batch.at)
        except BaseException:
            await self._writer.rollback()
            raise
        await self._commit(batch)
        batch.federation.merge()
        self.fold.advance(frontier)
        if batch.erases:
            await self._writer.truncate_journal()
        return Appended(verdicts=tuple(verdicts), hashes=hashes)

    async def _catch_up(self) -> None:
        """Apply what another process appended.

        Raises:
            LedgerUnready: the log became shorter.
            LogDamaged, RecordUnknown: it cannot be folded.
        """
        present = await head(self._writer.run)
        if present is None or present.size < self.fold.size:
            raise LedgerUnready("The log became shorter while the service ran. Was the database exchanged? Restart it.")
        while self.fold.size < present.size:
            await fold_page(self.fold, self._writer.run, present.size)
        check_head(self.fold, present)

    def _now(self) -> Instant:
        """The instant of the batch, read under the lock: the clock's, or the last entry's where that is a little later."""
        now, last = self._clock(), self.fold.federation.state.at
        if last and later(now, _TOLERANCE) < last:
            raise ClockBehind(f"This host's clock says {now}, and the log's last entry is of {last}. Set the clock.")
        return max(now, last)

    async def _answered(self, groups: Sequence[tuple[Asked, ...]]) -> dict[tuple[str, str, str], Answered]:
        keyed = {one.idempotency.place for group in groups for one in group if one.idempotency is not None}
        return await answered(self._writer.run, keyed) if keyed else {}

    async def _forget(self, at: Instant) -> None:
        """Once a day, forget the keys of requests that nobody will repeat any more."""
        if self._forgot != day_of(at):
            before = later(at, -_KEPT)
            await self._writer.run(QueryString('DELETE FROM "idempotency_key" WHERE "created" < {}', before))
            self._forgot = day_of(at)

    async def _commit(self, batch: Batch) -> None:
        """Commit; where the answer is lost, find out from the log itself: its nonces make every entry unmistakable."""
        try:
            await self._writer.commit()
        except Exception:
            first = batch.entries[0]
            try:
                await self._writer.rollback()
                stored = await entries(self._read, first.record.seq, first.record.seq + 1)
            except Exception as lost:
                raise OutcomeUnknown(
                    "The database does not answer, so it is not known whether this was recorded. Ask again with the same key."
                ) from lost
            if not stored or stored[0].data != first.data:
                raise
