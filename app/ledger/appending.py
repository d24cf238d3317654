"""One append: lock, catch up, decide, write, commit once. Everything between the queue and the signature."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from piccolo.querystring import QueryString

from app.ledger.admitting import Verdict, admit, take_steps
from app.ledger.asking import Asked
from app.ledger.batch import Batch, Entry, Randomness
from app.ledger.errors import LedgerUnready, OutcomeUnknown
from app.ledger.folding import Fold, check_head, fold_page
from app.ledger.log_key import check_key
from app.ledger.projecting import PROJECTED
from app.ledger.proofs import Hashes
from app.ledger.timing import Timing
from app.store.log_reading import Answered, answered, entries, head, mandates_of_sessions
from app.store.reaching import DatabaseUnreachable
from app.store.writing import Writer
from governance.instants import Day, Instant, day_of, later
from governance.value import Value

_KEPT: Final = timedelta(days=30)
"""How long an idempotency key is remembered."""


class Appended(Value):
    """What became of each group, and the hashes that prove the new entries, if there are any, in the log as it is now."""

    verdicts: tuple[Verdict, ...]
    hashes: Hashes


class Appender:
    """Appends to the log. It is used by one coroutine at a time, and is the only one that moves the fold on."""

    def __init__(
        self,
        *,
        fold: Fold,
        writer: Writer,
        timing: Timing,
        randomness: Randomness,
        key: str,
        following: str | None = None,
    ) -> None:
        """Take a fold at the log's head (or behind it), the ledger's writer, the log's key, and the one that may follow it."""
        self.fold = fold
        self._writer = writer
        self._timing = timing
        self._randomness = randomness
        self._key = key
        self._named = following or key
        self._forgot = Day("")

    async def append(self, groups: Sequence[tuple[Asked, ...]]) -> Appended:
        """Decide groups of commands and commit what came of them. The fold has moved on when this returns.

        Raises:
            LedgerUnready: a clock is wrong, a step is blocked, or the log is not what it was; nothing was recorded.
            DatabaseUnreachable: the database does not answer; nothing was recorded.
            OutcomeUnknown: the database did not answer whether it committed.
            Exception: the database refused; nothing was recorded.
        """
        try:
            return await self._append(groups)
        except DatabaseUnreachable:
            # Nothing was recorded, and perhaps only this connection was lost: a second try makes a new one.
            return await self._append(groups)

    async def _append(self, groups: Sequence[tuple[Asked, ...]]) -> Appended:
        await self._writer.begin()
        try:
            await self._catch_up()
            at = await self._timing.now(self.fold.federation.state.at)
            batch = Batch(self.fold.federation, at=at, randomness=self._randomness)
            known, live = await self._answered(groups), await self._live(groups)
            await take_steps(batch, self._writer.run)
            verdicts = [
                await admit(batch, group, known=known, live=live, run=self._writer.run, key=self._named)
                for group in groups
            ]
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
            LedgerUnready: the log became shorter, or another version or key has taken it over.
            LogDamaged, RecordUnknown: it cannot be folded.
        """
        present = await head(self._writer.run)
        if present is None or present.size < self.fold.size:
            raise LedgerUnready("The log became shorter while the service ran. Was the database exchanged? Restart it.")
        if present.projected != PROJECTED:
            raise LedgerUnready("Another version of Rochdale has taken this database over. Bring this one to the same.")
        while self.fold.size < present.size:
            await fold_page(self.fold, self._writer.run, present.size)
        check_head(self.fold, present)
        check_key(self.fold.federation.state, self._key)

    async def _answered(self, groups: Sequence[tuple[Asked, ...]]) -> dict[tuple[str, str, str], Answered]:
        keyed = {one.idempotency.place for group in groups for one in group if one.idempotency is not None}
        return await answered(self._writer.run, keyed) if keyed else {}

    async def _live(self, groups: Sequence[tuple[Asked, ...]]) -> dict[str, set[str]]:
        """Which of the sessions that ask go on, and which mandates their people hold.

        One query for the batch, under the lock: so that signing out, and losing a mandate, hold at once.
        """
        named = {one.session for group in groups for one in group if one.session is not None}
        return await mandates_of_sessions(self._writer.run, named) if named else {}

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
            if not await self._recorded(batch.entries[0]):
                raise

    async def _recorded(self, entry: Entry) -> bool:
        """Whether an entry is in the log. Read under the lock: a commit that is still under way holds it until it is done."""
        seq = entry.record.seq
        try:
            await self._writer.rollback()
            await self._writer.begin()
            try:
                stored = await entries(self._writer.run, seq, seq + 1)
            finally:
                await self._writer.rollback()
        except Exception as lost:
            raise OutcomeUnknown(
                "The database does not answer, so it is not known whether this was recorded. Ask again with the same key."
            ) from lost
        return bool(stored) and stored[0].data == entry.data
