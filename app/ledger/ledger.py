"""The ledger: the one way in which a federation's log grows, and where its proofs come from."""

import asyncio
import logging
import secrets
from collections.abc import Iterable, Sequence
from typing import BinaryIO, Final

from app.clock import Clock, now, ticks
from app.ledger.answering import Answerer
from app.ledger.appending import Appended, Appender
from app.ledger.asking import Answer, Asked, Idempotency
from app.ledger.batch import Randomness
from app.ledger.bundling import write_bundle
from app.ledger.errors import LedgerClosed, LedgerFailed, OutcomeUnknown
from app.ledger.opening import open_fold
from app.ledger.rebuilding import Compared, rebuild
from app.ledger.snapshots import Snapshots
from app.ledger.timing import Timing
from app.ledger.watching import Watch, Worked, nobody
from app.security.signer import Signer
from app.store.engines import AnyEngine
from app.store.writing import Writer, writer_for
from governance.errors import RochdaleError
from governance.ids import MandateId
from governance.instants import moment
from governance.log.keys import format_verifier_key
from governance.value import Value

_MOST: Final = 256
"""Groups of commands decided in one batch at most, so that the first does not wait for too many others."""
_log: Final = logging.getLogger(__name__)


class _Waiting:
    """A group of commands in the queue, and the future of its answers."""

    __slots__ = ("answers", "group")

    def __init__(self, group: tuple[Asked, ...]) -> None:
        self.group = group
        self.answers: asyncio.Future[tuple[Answer, ...]] = asyncio.get_running_loop().create_future()


class Ledger:
    """One writer for one process. Open it with `open`; what it was given to read with stays the caller's to close.

    Every refusal of the rules comes out as itself. Beside them:
        LedgerUnready, DatabaseUnreachable: nothing was recorded, and nothing can be for now.
        LedgerFailed: nothing was recorded; a fault of the service.
        OutcomeUnknown: the same request under the same idempotency key finds out.
    """

    def __init__(self, *, appender: Appender, writer: Writer, signer: Signer, engine: AnyEngine, clock: Clock) -> None:
        """Take the parts, as `open` puts them together."""
        self._appender = appender
        self._answerer = Answerer(fold=appender.fold, signer=signer, read=engine.run_querystring)
        self._writer = writer
        self._signer = signer
        self._read = engine.run_querystring
        self._clock = clock
        self._snapshots = Snapshots(fold=appender.fold, run=engine.run_querystring, signer=signer)
        self._queue: asyncio.Queue[_Waiting | None] = asyncio.Queue()
        self._busy = asyncio.Lock()
        self._watch: Watch = nobody
        self._signing = 0.0
        self._closed = False
        self._task: asyncio.Task[None] | None = None

    @classmethod
    async def open(
        cls, engine: AnyEngine, signer: Signer, *, clock: Clock = now, randomness: Randomness = secrets.token_bytes
    ) -> "Ledger":
        """Fold the log, compare it with what was signed last, and begin to take commands.

        Raises:
            DatabaseNotMigrated: the database has not the tables of this version.
            LogShorter, LogDifferent: it is not the log that was signed: an older copy, or another one.
            LogDamaged, LogKeyForeign, RecordUnknown: it cannot be this log.
        """
        writer = writer_for(engine)
        await writer.open()
        try:
            fold = await open_fold(engine, writer, signer)
            appender = Appender(
                fold=fold,
                writer=writer,
                timing=Timing(clock, writer),
                randomness=randomness,
                key=format_verifier_key(signer.verifier_key),
            )
            ledger = cls(appender=appender, writer=writer, signer=signer, engine=engine, clock=clock)
            if fold.size:
                # What was committed and not signed, because the process was killed in between, is signed now.
                await ledger.checkpoint()
        except BaseException:
            await writer.close()
            raise
        ledger._snapshots.take_if_due()
        ledger._task = asyncio.create_task(ledger._work(), name="ledger")
        return ledger

    @property
    def size(self) -> int:
        """How long the log is, as far as this process knows."""
        return self._appender.fold.size

    def watched_by(self, watch: Watch) -> None:
        """Tell somebody of each batch from now on."""
        self._watch = watch

    async def submit(
        self,
        command: Value,
        *,
        actor: MandateId,
        idempotency: Idempotency | None = None,
        blobs: tuple[bytes, ...] = (),
        session: str | None = None,
    ) -> Answer:
        """Ask for something. It is in the log, durably and signed, when this returns.

        `blobs` are the texts that the record names by hash. The same request under the same idempotency key gets the first
        answer again. With a `session`, nothing is recorded once that has ended. Cancelling stops the waiting, not what was asked.

        Raises:
            SessionEnded: the session has ended, or there is none of this name.
            IdempotencyMismatch: the key came with another request.
            TextNotStored, TextErased, BlobNotNamed, ArticleTextInvalid: the texts do not fit.
            RochdaleError: what the rules refuse, and as the class says.
        """
        asked = Asked(command=command, actor=actor, blobs=blobs, idempotency=idempotency, session=session)
        (answer,) = await self._ask((asked,))
        return answer

    async def submit_all(
        self, commands: Iterable[Value], *, actor: MandateId, session: str | None = None
    ) -> tuple[Answer, ...]:
        """Ask for several things, one after the other, wholly or not at all; refuses as `submit` does."""
        return await self._ask(tuple(Asked(command=command, actor=actor, session=session) for command in commands))

    async def tick(self) -> None:
        """Let everything happen that has fallen due; refuses as `submit` does."""
        await self._ask(())

    async def ready(self) -> None:
        """Return if something could be recorded now; otherwise raise why not. It goes the whole way, so do not call it in a loop.

        Raises:
            ClockBehind, ClockDiffers: a clock is wrong.
            StepBlocked: something is due that cannot be recorded.
            LedgerClosed: the service is stopping.
            DatabaseUnreachable: the database does not answer.
            LogDamaged, RecordUnknown, LedgerUnready: the log cannot be followed any more.
            LedgerFailed: a fault of the service or of the database.
        """
        await self.tick()

    async def run_timer(self, longest: float = 1.0) -> None:
        """Tick for ever: when the next step falls due, and at least every `longest` seconds. Stop it by cancelling."""
        while True:
            try:
                await self.tick()
            except LedgerClosed:
                return
            except RochdaleError:
                _log.exception("what is due could not be recorded")
            due = self._appender.fold.federation.state.next_due
            wait = longest if due is None else (moment(due) - moment(self._clock())).total_seconds()
            await asyncio.sleep(min(max(wait, 0.0), longest) or longest)

    async def receipt(self, seq: int) -> bytes:
        """The receipt of an entry: the same bytes as when it was answered, until another key signs the log.

        Raises:
            EntryUnknown: there is no such entry.
            LogDamaged: the stored hashes contradict the log.
        """
        if await self._answerer.batch_end(seq) > self.size:
            # Another process appended it: catch up, so that its place in the log is known to be right.
            await self.tick()
        return (await self._answerer.again(seq)).receipt

    async def checkpoint(self, size: int | None = None) -> bytes:
        """The signed checkpoint of the log as this process knows it, or as it was at a size.

        Raises:
            EntryUnknown: the log was never that long.
            LogDamaged: the stored hashes contradict the log.
            RootSignedTwice, SignedUnwritable: it is not signed.
        """
        return await self._answerer.checkpoint(size)

    async def rebuild(self) -> tuple[Compared, ...]:
        """Make every projection again from the log, and say table by table what differed."""
        async with self._busy:
            return await rebuild(self._writer)

    async def write_bundle(self, file: BinaryIO, *, sizes: Sequence[int] = ()) -> None:
        """Write the bundle of the log as it is now, with checkpoints at its end and at the sizes named.

        Raises:
            EntryUnknown: the log is empty, or was never that long.
        """
        await write_bundle(
            file.write,
            run=self._read,
            key=self._signer.verifier_key,
            size=self.size,
            checkpoint_at=self.checkpoint,
            sizes=sizes,
        )

    async def close(self) -> None:
        """Finish what is waiting, and stop."""
        if not self._closed:
            self._closed = True
            self._queue.put_nowait(None)
            if self._task is not None:
                await self._task
            await self._snapshots.close()
            await self._writer.close()

    async def _ask(self, group: tuple[Asked, ...]) -> tuple[Answer, ...]:
        if self._closed:
            raise LedgerClosed("The service is stopping. Try again in a moment.")
        waiting = _Waiting(group)
        self._queue.put_nowait(waiting)
        return await waiting.answers

    async def _work(self) -> None:
        """Take what is waiting, one or many, append it together, and answer each."""
        while (first := await self._queue.get()) is not None:
            taken = [first]
            last = False
            while len(taken) < _MOST and not self._queue.empty():
                following = self._queue.get_nowait()
                if following is None:
                    last = True
                    break
                taken.append(following)
            async with self._busy:
                await self._append_watched(taken)
            self._snapshots.take_if_due()
            if last:
                return

    async def _append_watched(self, taken: list[_Waiting]) -> None:
        began, size, self._signing = ticks(), self.size, 0.0
        await self._append(taken)
        worked = Worked(
            groups=len(taken),
            entries=self.size - size,
            seconds=ticks() - began,
            signing=self._signing,
            waiting=self._queue.qsize(),
        )
        self._watch(worked)

    async def _append(self, taken: list[_Waiting]) -> None:
        try:
            appended = await self._appender.append([one.group for one in taken])
        except RochdaleError as error:
            _refuse(taken, error)
            return
        except Exception:  # noqa: BLE001 - whatever fails, everybody who waits gets an answer
            _log.exception("a batch failed", extra={"groups": len(taken)})
            if len(taken) > 1:
                # One bad row fails a whole transaction: alone, each shows whether it was the one.
                for one in taken:
                    await self._append([one])
                return
            _refuse(taken, LedgerFailed("The database refused this, and nothing was recorded. Try again."))
            return
        await self._answer(taken, appended)

    async def _answer(self, taken: list[_Waiting], appended: Appended) -> None:
        note = b""
        try:
            if appended.hashes:
                began = ticks()
                note = await self._answerer.checkpoint()
                self._signing += ticks() - began
        except Exception:  # noqa: BLE001 - as above
            # It is in the log, but nothing unsigned is ever answered: asking again signs and answers it.
            _log.exception("signing failed")
            _refuse(taken, OutcomeUnknown("It could not be signed. Ask again with the same idempotency key."))
            return
        for one, verdict in zip(taken, appended.verdicts, strict=True):
            try:
                answers = await self._answerer.answers(verdict, appended, note)
            except RochdaleError as error:
                _refuse([one], error)
            except Exception:  # noqa: BLE001 - as above
                _log.exception("answering failed")
                _refuse([one], OutcomeUnknown("The answer could not be read. Ask again with the same idempotency key."))
            else:
                if not one.answers.done():
                    one.answers.set_result(answers)


def _refuse(taken: list[_Waiting], error: RochdaleError) -> None:
    for one in taken:
        if not one.answers.done():
            one.answers.set_exception(error)
