import importlib
import pkgutil

from piccolo.columns import BigInt, Bytea, Text
from piccolo.table import Table

import app.store.tables
from app.store.tables import BESIDE, FLEETING, KEPT, LOG, PEOPLE, PROJECTIONS, TABLES, IdempotencyKey


def test_every_table_that_is_written_down_is_listed() -> None:
    declared: set[type[Table]] = set()
    for module in pkgutil.iter_modules(app.store.tables.__path__):
        names = vars(importlib.import_module(f"app.store.tables.{module.name}")).values()
        declared |= {one for one in names if isinstance(one, type) and issubclass(one, Table) and one is not Table}
    assert declared == set(TABLES)
    assert len(TABLES) == len(declared)


def test_every_table_is_the_log_or_made_from_it_or_kept_by_backups_or_can_be_done_without() -> None:
    made = [table for table in LOG if table is not IdempotencyKey]
    sorts = [*made, *PROJECTIONS, *KEPT, *FLEETING, *BESIDE]
    assert sorted(table._meta.tablename for table in sorts) == sorted(table._meta.tablename for table in TABLES)
    assert set(PEOPLE) == {*KEPT, *FLEETING} - {IdempotencyKey}


def test_backups_can_hold_every_cell_of_what_they_keep() -> None:
    for table in KEPT:
        assert {type(column) for column in table._meta.columns} <= {BigInt, Bytea, Text}, table
