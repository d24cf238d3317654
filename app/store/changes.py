"""Row changes of one batch, collected and then written with few statements.

Rows are written whole. A batch changes each row at most once: later changes are folded into earlier ones here, so that
hundreds of commands cost one statement for each table, not for each command.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from piccolo.table import Table

from app.store.tables import Blob, IdempotencyKey, LogEntry, TreeNode
from governance.value import Value

Cell = int | str | bytes | None
Row = Mapping[str, Cell]
Statement = tuple[str, Sequence[tuple[Cell, ...]]]
"""SQL with `{}` for each argument, and the arguments of each time that it is to run."""

_APPEND_ONLY: Final = frozenset[type[Table]]({LogEntry, TreeNode, IdempotencyKey})
_KEEP_FIRST: Final = frozenset[type[Table]]({Blob})


class Put(Value):
    """This row stands in the table, in place of one with the same key."""

    table: type[Table]
    row: dict[str, Cell]


class Patch(Value):
    """The rows with these values get those."""

    table: type[Table]
    where: dict[str, Cell]
    values: dict[str, Cell]


class Delete(Value):
    """The rows with these values are gone."""

    table: type[Table]
    where: dict[str, Cell]


Change = Put | Patch | Delete


class Changes:
    """Changes in the order in which they were made, folded."""

    __slots__ = ("_before", "_rows")

    def __init__(self) -> None:
        """Start with none."""
        self._before: list[Patch | Delete] = []
        self._rows: dict[type[Table], dict[Cell, dict[str, Cell]]] = {}

    def add(self, change: Change) -> None:
        """Add one change after the others."""
        rows = self._rows.setdefault(change.table, {})
        match change:
            case Put(table=table, row=row):
                key = row[key_of(table)]
                if table in _KEEP_FIRST and key in rows:
                    return
                rows[key] = row
            case Patch(values=values):
                found = list(self._found(change.table, change.where))
                for key in found:
                    rows[key] = {**rows[key], **values}
                if not (found and set(change.where) == {key_of(change.table)}):
                    self._before.append(change)
            case Delete():
                for key in list(self._found(change.table, change.where)):
                    del rows[key]
                    # The row that this one was to take the place of goes too, whatever it says.
                    self._before.append(Delete(table=change.table, where={key_of(change.table): key}))
                self._before.append(change)

    def extend(self, others: "Changes") -> None:
        """Add all changes of another collection after these."""
        for change in others.changes():
            self.add(change)

    def changes(self) -> Iterator[Change]:
        """What is to be done, in an order that gives the same result: what changes old rows, and then the new ones."""
        yield from self._before
        for table, rows in self._rows.items():
            for row in rows.values():
                yield Put(table=table, row=row)

    def row(self, table: type[Table], key: Cell) -> Row | None:
        """The row that is to be written under a key."""
        return self._rows.get(table, {}).get(key)

    def statements(self) -> list[Statement]:
        """The SQL that does it, equal statements run together."""
        together: list[tuple[str, list[tuple[Cell, ...]]]] = []
        for change in self._before:
            sql, args = _old_rows(change)
            if together and together[-1][0] == sql:
                together[-1][1].append(args)
            else:
                together.append((sql, [args]))
        for table, rows in self._rows.items():
            if rows:
                names = columns(table)
                together.append((_put(table), [tuple(row[name] for name in names) for row in rows.values()]))
        return [(sql, args) for sql, args in together]

    def _found(self, table: type[Table], where: Row) -> Iterator[Cell]:
        rows = self._rows.get(table, {})
        key = key_of(table)
        candidates = [one for one in (where[key],) if one in rows] if key in where else list(rows)
        return (one for one in candidates if all(rows[one][name] == value for name, value in where.items()))


@cache
def columns(table: type[Table]) -> tuple[str, ...]:
    """The names of a table's columns, in its order."""
    return tuple(column._meta.db_column_name for column in table._meta.columns)  # noqa: SLF001 - Piccolo's documented metadata


@cache
def key_of(table: type[Table]) -> str:
    """The name of a table's primary key."""
    return table._meta.primary_key._meta.db_column_name  # noqa: SLF001 - as above


def name_of(table: type[Table]) -> str:
    """The table's name in SQL, quoted."""
    return f'"{table._meta.tablename}"'  # noqa: SLF001 - as above


@cache
def _put(table: type[Table]) -> str:
    names = columns(table)
    listed = ", ".join(f'"{name}"' for name in names)
    sql = f"INSERT INTO {name_of(table)} ({listed}) VALUES ({', '.join(['{}'] * len(names))})"  # noqa: S608 - names are ours
    if table in _APPEND_ONLY:
        return sql
    key = key_of(table)
    if table in _KEEP_FIRST:
        return f'{sql} ON CONFLICT ("{key}") DO NOTHING'
    updates = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name != key)
    return f'{sql} ON CONFLICT ("{key}") DO UPDATE SET {updates}'


def _old_rows(change: Patch | Delete) -> tuple[str, tuple[Cell, ...]]:
    conditions = " AND ".join(
        f'"{name}" ' + ("IS NULL" if value is None else "= {}") for name, value in change.where.items()
    )
    args = tuple(value for value in change.where.values() if value is not None)
    if isinstance(change, Delete):
        return f"DELETE FROM {name_of(change.table)} WHERE {conditions}", args  # noqa: S608 - names are ours
    values = ", ".join(f'"{name}" = {{}}' for name in change.values)
    sql = f"UPDATE {name_of(change.table)} SET {values} WHERE {conditions}"  # noqa: S608 - names are ours
    return sql, (*change.values.values(), *args)
