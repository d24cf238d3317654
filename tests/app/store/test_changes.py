import sqlite3
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.store.changes import Change, Changes, Delete, Patch, Put
from app.store.tables import Ballot, Blob, Resolution

CREATE = (
    "CREATE TABLE resolution (number INTEGER PRIMARY KEY, proposal TEXT, since TEXT, review TEXT, superseded_by TEXT)"
)
numbers = st.integers(1, 4)
words = st.sampled_from(["p1", "p2", None])
changes_made = st.one_of(
    st.builds(
        lambda number, word, by: Put(
            table=Resolution,
            row={"number": number, "proposal": word, "since": "t", "review": None, "superseded_by": by},
        ),
        numbers,
        words,
        words,
    ),
    st.builds(
        lambda word, by: Patch(table=Resolution, where={"proposal": word}, values={"superseded_by": by}), words, words
    ),
    st.builds(
        lambda number, by: Patch(table=Resolution, where={"number": number}, values={"review": by}), numbers, words
    ),
    st.builds(lambda word: Delete(table=Resolution, where={"superseded_by": word}), words),
)


def run(connection: sqlite3.Connection, changes: Changes) -> None:
    for sql, rows in changes.statements():
        connection.executemany(sql.replace("{}", "?"), rows)


@given(made=st.lists(changes_made, max_size=12), cuts=st.lists(st.integers(0, 12), max_size=2))
def test_folded_changes_do_what_the_single_ones_would_have_done(made: list[Change], cuts: list[int]) -> None:
    one_by_one, folded = sqlite3.connect(":memory:"), sqlite3.connect(":memory:")
    try:
        for connection in (one_by_one, folded):
            connection.execute(CREATE)
            connection.execute("INSERT INTO resolution VALUES (1, 'p1', 't', NULL, NULL), (2, 'p2', 't', 'p1', 'p1')")
        for change in made:
            single = Changes()
            single.add(change)
            run(one_by_one, single)
        whole = Changes()
        edges = [0, *sorted(cuts), len(made)]
        for start, stop in pairwise(edges):
            part = Changes()
            for change in made[start:stop]:
                part.add(change)
            whole.extend(part)
        run(folded, whole)
        listed = "SELECT * FROM resolution ORDER BY number"
        assert folded.execute(listed).fetchall() == one_by_one.execute(listed).fetchall()
    finally:
        one_by_one.close()
        folded.close()


def test_the_first_blob_stays() -> None:
    changes = Changes()
    for first_use in (3, 9):
        row: dict[str, int | str | bytes | None] = {
            "address": "a",
            "bytes": b"b",
            "kind": "text",
            "first_use": first_use,
        }
        changes.add(Put(table=Blob, row=row))
    ((sql, rows),) = changes.statements()
    assert "DO NOTHING" in sql
    assert rows == [("a", b"b", "text", 3)]


def test_equal_statements_run_together() -> None:
    changes = Changes()
    for seq in range(5):
        changes.add(Patch(table=Ballot, where={"seq": seq}, values={"replaced_by": seq + 10}))
    assert [len(rows) for _, rows in changes.statements()] == [5]
