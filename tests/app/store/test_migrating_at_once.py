import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import Database, PostgresDatabase, SQLiteDatabase
from app.store.engines import engine_for
from app.store.migrating import migrate, pending, untouched
from tests.app.store.databases import KINDS, empty, url_of

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[3]
SCRIPT = """
import asyncio, sys
from app.settings import parse_database
from app.store.engines import engine_for
from app.store.migrating import migrate
async def main():
    engine = engine_for(parse_database(sys.argv[1]))
    sys.stdin.readline()
    await engine.start_connection_pool()
    print(len(await migrate(engine)))
    await engine.close_connection_pool()
asyncio.run(main())
"""


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with empty(request.param, tmp_path) as made:
        yield made


async def test_of_processes_that_migrate_at_once_one_does_it(database: Database) -> None:
    started = [
        subprocess.Popen(  # noqa: ASYNC220 - it waits for a line
            [sys.executable, "-c", SCRIPT, url_of(database)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    said = await asyncio.gather(*(asyncio.to_thread(process.communicate, "\n") for process in started))
    counts = sorted(int(out) for out, _ in said)
    assert counts[:2] == [0, 0]
    assert counts[2] > 1


async def test_a_migration_that_breaks_leaves_nothing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = engine_for(database)
    await engine.start_connection_pool()  # type: ignore[no-untyped-call]  # Piccolo does not type it
    broken = "app.store.migrating.Migration.get_migrations_which_ran"
    asked = []

    async def breaks_at_the_end(**_: object) -> list[str]:
        asked.append(True)
        if len(asked) > 2:
            raise ZeroDivisionError
        return []

    with monkeypatch.context() as patched:
        patched.setattr(broken, breaks_at_the_end)
        with pytest.raises(ZeroDivisionError):
            await migrate(engine)
    assert await untouched(engine)
    assert await migrate(engine)
    assert not await untouched(engine)
    assert await pending(engine) == ()
    await engine.close_connection_pool()  # type: ignore[no-untyped-call]  # as above


def test_where_a_database_is_told_to_another_process(tmp_path: Path) -> None:
    assert url_of(SQLiteDatabase(path=tmp_path)) == str(tmp_path)
    assert url_of(PostgresDatabase(url="postgresql://h/d")) == "postgresql://h/d"
