"""Making every projection again from the log, and comparing it with what was there."""

from functools import partial
from typing import Final

from piccolo.querystring import QueryString
from piccolo.table import Table

from app.ledger.errors import DatabaseNotMigrated
from app.ledger.folding import Fold, check_head, fold_page
from app.ledger.projecting import PROJECTED, project
from app.store.changes import Changes, Put, key_of, name_of
from app.store.log_reading import Head, head
from app.store.tables import PROJECTIONS, Projected
from app.store.writing import Writer
from governance.records import Record
from governance.value import Value

_SHOWN: Final = 10


class Compared(Value):
    """A table before and after: how many rows it had, how many differ, and the keys of the first that do."""

    table: str
    before: int
    after: int
    differ: int
    keys: tuple[str, ...]


async def rebuild(writer: Writer, *, outdated_only: bool = False, mend: bool = True) -> tuple[Compared, ...]:
    """Empty every projection, fill it from the log, and compare table by table; all in one transaction under the lock.

    With `outdated_only`, nothing where another process has done it meanwhile. Without `mend`, everything is undone in the end.

    Raises:
        LogDamaged, RecordUnknown: the log cannot be folded; nothing was changed.
    """
    await writer.begin()
    try:
        present = await _head(writer)
        if outdated_only and present.projected >= PROJECTED:
            await writer.rollback()
            return ()
        for table in PROJECTIONS:
            await writer.execute(f"CREATE TEMP TABLE {_before(table)} AS SELECT * FROM {name_of(table)}")  # noqa: S608 - names are ours
            await writer.execute(f"DELETE FROM {name_of(table)}")  # noqa: S608 - as above
        fold = Fold()
        while fold.size < present.size:
            changes = Changes()
            await fold_page(fold, writer.run, present.size, seen=partial(_project, fold, changes))
            await writer.write(changes)
        check_head(fold, present)
        done = Changes()
        done.add(Put(table=Projected, row={"id": 1, "version": PROJECTED}))
        await writer.write(done)
        compared = tuple([await _compare(writer, table) for table in PROJECTIONS])
        for table in PROJECTIONS:
            await writer.execute(f"DROP TABLE {_before(table)}")
    except BaseException:
        await writer.rollback()
        raise
    await (writer.commit() if mend else writer.rollback())
    return compared


async def _head(writer: Writer) -> Head:
    present = await head(writer.run)
    if present is None:
        raise DatabaseNotMigrated("There is no log in this database. Begin one first.")
    return present


def _project(fold: Fold, changes: Changes, record: Record) -> None:
    for change in project(fold.federation.state, record):
        changes.add(change)


async def _compare(writer: Writer, table: type[Table]) -> Compared:
    now, before, key = name_of(table), _before(table), key_of(table)
    differ = (
        f'SELECT "{key}" AS "key" FROM (SELECT * FROM {before} EXCEPT SELECT * FROM {now}) AS "lost" '  # noqa: S608 - as above
        f'UNION SELECT "{key}" FROM (SELECT * FROM {now} EXCEPT SELECT * FROM {before}) AS "gained"'
    )
    counts = await writer.run(
        QueryString(
            f'SELECT (SELECT COUNT(*) FROM {before}) AS "before", (SELECT COUNT(*) FROM {now}) AS "after", '  # noqa: S608 - as above
            f'(SELECT COUNT(*) FROM ({differ}) AS "all") AS "differ"'
        )
    )
    keys = await writer.run(QueryString(f'SELECT "key" FROM ({differ}) AS "some" ORDER BY "key" LIMIT {_SHOWN}'))  # noqa: S608 - as above
    return Compared(
        table=now.strip('"'),
        before=counts[0]["before"],
        after=counts[0]["after"],
        differ=counts[0]["differ"],
        keys=tuple(str(row["key"]) for row in keys),
    )


def _before(table: type[Table]) -> str:
    return f'"before_{name_of(table).strip(chr(34))}"'
