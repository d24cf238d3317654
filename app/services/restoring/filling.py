"""Filling an empty database from a backup: the log, its tree, its projections, and the rows that were kept."""

from collections.abc import Collection
from typing import Final

from piccolo.querystring import QueryString

from app.ledger.projecting import PROJECTED, project
from app.security.signed import LastSigned
from app.services.backing_up.frames import Frame, Header, KeptBlob, Rows, SignedHead
from app.services.restoring.examining import TABLES, Examiner
from app.store.changes import Cell, Changes, Put, name_of
from app.store.log_reading import Stored, head
from app.store.tables import TABLES as ALL
from app.store.tables import Blob, LogEntry, LogHead, Projected, TreeNode
from app.store.tree import position
from app.store.writing import Writer
from governance.commands.continuing import ContinueLog
from governance.errors import RochdaleError
from governance.ids import OPERATOR
from governance.instants import Instant
from governance.log.blob import address
from governance.log.keys import VerifierKey
from governance.log.merkle import Frontier, leaf_hash
from governance.records import Record, seal, write_record
from governance.state import Continuation

_BEGUN: Final = frozenset({LogHead, Projected})


class DatabaseNotEmpty(RochdaleError):
    """There is something in this database already."""

    code = "database_not_empty"


async def require_empty(writer: Writer) -> None:
    """Refuse a database in which anything stands, but for the head of a log without entries. Within a transaction.

    Raises:
        DatabaseNotEmpty: as it says.
    """
    present = await head(writer.run)
    begun = present is not None and present.size > 0
    for table in ALL:
        if (begun or table not in _BEGUN) and await writer.run(
            QueryString(f'SELECT 1 AS "one" FROM {name_of(table)} LIMIT 1')  # noqa: S608 - names are ours
        ):
            raise DatabaseNotEmpty(
                f"The table {name_of(table)} has rows. A backup is restored into an empty database only: name another one, or "
                "another place with --home. Nothing was changed."
            )


class Filling:
    """Writes each frame of a backup once it was examined. The transaction is the caller's."""

    def __init__(self, writer: Writer, key: VerifierKey, last: LastSigned, erased: Collection[str]) -> None:
        """Take a writer within its transaction, and the log's key with what it signed last.

        `erased` are the texts that the log says are gone: they are left out.
        """
        self.examiner = Examiner(key, last, self._seen)
        self._writer = writer
        self._erased = erased
        self._edge = Frontier()
        self._changes = Changes()
        self._tables: dict[str, tuple[str, ...]] = {}

    async def take(self, frame: Frame, digest: bytes) -> None:
        """Examine the next frame and write what it holds; refuses as `Examiner.take` does."""
        self.examiner.take(frame, digest)
        match frame:
            case Header(tables=tables):
                self._tables = dict(tables)
            case KeptBlob() if (hashed := address(frame.data)) not in self._erased:
                row: dict[str, Cell] = {
                    "address": hashed,
                    "bytes": frame.data,
                    "kind": frame.kind,
                    "first_use": frame.first_use,
                }
                self._changes.add(Put(table=Blob, row=row))
            case SignedHead():
                self._add_head()
                self._changes.add(Put(table=Projected, row={"id": 1, "version": PROJECTED}))
            case Rows(table=name, rows=rows):
                self._add_rows(name, rows)
            case _:
                pass
        await self._write()

    async def go_on(self, command: ContinueLog, *, at: Instant, nonce: bytes) -> Continuation:
        """Let the log go on, once the whole backup was taken: with the entry that says so, and nothing before it.

        Raises:
            Refusal: it may not go on so.
        """
        fold = self.examiner.fold
        fact = fold.federation.decide(command, actor=OPERATOR, at=at).fact
        sealed = seal(fact, seq=fold.size, at=at, actor=OPERATOR, nonce=nonce)
        stored = Stored(seq=sealed.seq, data=write_record(sealed), batch_end=sealed.seq + 1)
        self._seen(stored, fold.add(stored))
        self._add_head()
        await self._write()
        return fold.federation.state.continuations[-1]

    async def _write(self) -> None:
        changes, self._changes = self._changes, Changes()
        await self._writer.write(changes)

    def _add_head(self) -> None:
        fold = self.examiner.fold
        at = fold.federation.state.at
        self._changes.add(Put(table=LogHead, row={"id": 1, "size": fold.size, "root": fold.root, "at": at}))

    def _seen(self, stored: Stored, record: Record) -> None:
        for level, index, hashed in self._edge.append_nodes(leaf_hash(stored.data)):
            self._changes.add(Put(table=TreeNode, row={"position": position(level, index), "hash": hashed}))
        row: dict[str, Cell] = {
            "seq": stored.seq,
            "bytes": stored.data,
            "type": record.type,
            "at": record.at,
            "batch_end": stored.batch_end,
        }
        self._changes.add(Put(table=LogEntry, row=row))
        for change in project(self.examiner.fold.federation.state, record):
            self._changes.add(change)

    def _add_rows(self, name: str, rows: tuple[tuple[Cell, ...], ...]) -> None:
        table = TABLES[name]
        # An older backup lacks the columns that came since.
        missing = {
            column._meta.db_column_name: column.get_default_value()  # noqa: SLF001 - Piccolo's documented metadata
            for column in table._meta.columns  # noqa: SLF001 - as above
            if column._meta.db_column_name not in self._tables[name]  # noqa: SLF001 - as above
        }
        for row in rows:
            self._changes.add(Put(table=table, row={**missing, **dict(zip(self._tables[name], row, strict=True))}))
