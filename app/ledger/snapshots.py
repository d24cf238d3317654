"""Snapshots of the fold, so that a start does not take all history (decision 15). They save work and are never needed.

The database keeps the newest one of each code. It is vouched for with the log's key: whoever can write to the database can
spoil it, and then the whole log is folded, but cannot make another state of it.
"""

import asyncio
import hashlib
import logging
from typing import Any, Final

import msgspec
from piccolo.querystring import QueryString

from app.ledger.folding import Fold
from app.ledger.proofs import read_frontier, root_before
from app.ledger.stored_state import StoredState, code, decode, encode, restore, store
from app.security.signed import LastSigned
from app.security.signer import Signer
from app.security.vouching import check_vouched
from app.store.log_reading import Head, Run
from governance.errors import RochdaleError
from governance.federation import Federation

EVERY: Final = 10_000
"""After how many entries a snapshot is taken."""
_DOMAIN: Final = b"rochdale/snapshot/v1\n"
_log: Final = logging.getLogger(__name__)


class Snapshots:
    """Takes snapshots of the fold of the process's ledger, beside what that does."""

    def __init__(self, *, fold: Fold, run: Run, signer: Signer) -> None:
        """Take the fold that the appender moves on."""
        self._fold = fold
        self._run = run
        self._signer = signer
        self._last = fold.began
        self._task: asyncio.Task[None] | None = None

    def take_if_due(self) -> None:
        """Begin to keep a snapshot where one is due. The fold has to stand between two batches."""
        size = self._fold.size
        if size // EVERY > self._last // EVERY and (self._task is None or self._task.done()):
            self._last = size
            keeping = self._keep(store(self._fold.federation.state), size, self._fold.root)
            self._task = asyncio.create_task(keeping, name="snapshot")

    async def close(self) -> None:
        """Finish the one that is under way."""
        if self._task is not None:
            await self._task

    async def _keep(self, stored: StoredState, size: int, root: bytes) -> None:
        try:
            state = await asyncio.to_thread(encode, stored)
            vouched = self._signer.vouch(_digest(size, root, state))
            await self._run(
                QueryString(
                    'INSERT INTO "snapshot" ("code", "size", "root", "state", "vouched") VALUES ({}, {}, {}, {}, {}) '
                    'ON CONFLICT ("code") DO UPDATE SET "size" = excluded."size", "root" = excluded."root", '
                    '"state" = excluded."state", "vouched" = excluded."vouched"',
                    code(),
                    size,
                    root,
                    state,
                    vouched,
                )
            )
            # Those of other code that are far behind will not be used any more.
            await self._run(QueryString('DELETE FROM "snapshot" WHERE "size" < {}', size - 10 * EVERY))
        except Exception:  # noqa: BLE001 - a ledger does not stop for want of a snapshot
            _log.exception("a snapshot could not be kept")


async def fold_kept(run: Run, signer: Signer, head: Head, last: LastSigned) -> Fold:
    """The fold to begin with: that of the newest snapshot, if it is whole, of this code and of this log, or else an empty one."""
    found = await run(
        QueryString('SELECT "size", "root", "state", "vouched" FROM "snapshot" WHERE "code" = {}', code())
    )
    if not found or not 0 < found[0]["size"] <= head.size:
        return Fold()
    try:
        return await _fold_of(found[0], run, signer, last)
    except (RochdaleError, msgspec.MsgspecError, LookupError):
        _log.warning("the snapshot of the fold is of no use, so the whole log is folded", exc_info=True)
        return Fold()


async def _fold_of(row: Any, run: Run, signer: Signer, last: LastSigned) -> Fold:  # noqa: ANN401 - a row of either driver
    size, root = row["size"], row["root"]
    check_vouched(row["vouched"], _digest(size, root, row["state"]), signer.verifier_key)
    frontier = await read_frontier(run, size)
    signed = last.size > size or await root_before(run, last.size, size, root) == last.root
    if frontier.root() != root or not signed:
        raise LookupError("the snapshot is that of another log")
    state = restore(await asyncio.to_thread(decode, row["state"]))
    return Fold(Federation(state), frontier)


def _digest(size: int, root: bytes, state: bytes) -> bytes:
    said = f"{code()}\n{size}\n{root.hex()}\n{hashlib.sha256(state).hexdigest()}\n"
    return hashlib.sha256(_DOMAIN + said.encode()).digest()
