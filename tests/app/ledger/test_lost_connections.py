"""What becomes of a batch when its connection to PostgreSQL is lost, at each place where it can be."""

import asyncio
from typing import Any

import asyncpg
import pytest

from app.ledger.asking import Answer
from app.ledger.errors import OutcomeUnknown
from app.settings import PostgresDatabase
from app.store.postgres_writer import PostgresWriter
from app.store.reaching import DatabaseUnreachable
from governance.ids import PollId
from tests.app.ledger.small_federation import COOPS, Running
from tests.app.store.databases import ON_POSTGRES

pytestmark = [pytest.mark.anyio, ON_POSTGRES]
_OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


async def beside(running: Running) -> Any:
    """A connection of the test's own."""
    assert isinstance(running.database, PostgresDatabase)
    return await asyncpg.connect(running.database.url)


async def kill_all(running: Running) -> None:
    """End every connection to the database, as a server does that is restarted."""
    connection = await beside(running)
    assert await connection.fetch(f"SELECT pg_terminate_backend(pid, 5000) {_OTHERS}")
    await connection.close()


def writer_of(running: Running) -> PostgresWriter:
    writer = running.ledger._writer
    assert isinstance(writer, PostgresWriter)
    return writer


async def assert_cast_once(running: Running, poll: PollId, before: int) -> None:
    """Three ballots stand in the log, each once."""
    assert running.ledger.size == before + 3
    rows = await running.rows("SELECT coop FROM ballot WHERE poll = ? ORDER BY coop", poll)
    assert [row["coop"] for row in rows] == [*COOPS]
    assert all(table.differ == 0 for table in await running.ledger.rebuild())


async def test_connections_that_are_lost_while_nothing_happens_are_made_anew(running: Running) -> None:
    poll = await running.propose()
    before = running.ledger.size
    await kill_all(running)
    assert all(table.differ == 0 for table in await running.ledger.rebuild())
    await kill_all(running)
    assert all(isinstance(result, Answer) for result in await running.cast_together(poll, *COOPS))
    await assert_cast_once(running, poll, before)


@pytest.mark.parametrize("step", ["run", "write", "commit"])
async def test_a_batch_whose_connection_is_lost_before_it_is_committed_is_tried_again(
    running: Running, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    poll = await running.propose()
    before = running.ledger.size
    writer = writer_of(running)
    original = getattr(writer, step)
    killed: list[str] = []

    async def after_a_kill(*args: object) -> object:
        if not killed:
            killed.append(step)
            await kill_all(running)
        return await original(*args)

    monkeypatch.setattr(writer, step, after_a_kill)
    assert all(isinstance(result, Answer) for result in await running.cast_together(poll, *COOPS))
    assert killed
    await assert_cast_once(running, poll, before)


async def test_a_commit_whose_answer_is_lost_is_found_in_the_log(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = await running.propose()
    before = running.ledger.size
    writer = writer_of(running)
    commit = writer.commit
    lost: list[bool] = []

    async def answer_lost() -> None:
        await commit()
        if not lost:
            lost.append(True)
            await kill_all(running)
            raise DatabaseUnreachable("The connection was lost.")

    monkeypatch.setattr(writer, "commit", answer_lost)
    assert all(isinstance(result, Answer) for result in await running.cast_together(poll, *COOPS))
    assert lost
    await assert_cast_once(running, poll, before)


async def test_a_commit_that_is_still_under_way_is_waited_for(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = await running.propose()
    before = running.ledger.size
    writer = writer_of(running)
    commit = writer.commit
    under_way: list[asyncio.Future[None]] = []

    async def finish(connection: Any) -> None:
        """Commit on the server, once somebody waits for the lock."""
        looking = await beside(running)
        while not await looking.fetchval(f"SELECT count(*) {_OTHERS} AND wait_event_type = 'Lock'"):  # noqa: ASYNC110 - the server tells it no other way
            await asyncio.sleep(0.01)
        await connection.execute("COMMIT")
        await looking.close()
        await connection.close()

    async def unheard() -> None:
        if under_way:
            return await commit()
        # Only this side of the connection is lost: the server goes on.
        connection, writer._connection = writer._connection, None
        under_way.append(asyncio.ensure_future(finish(connection)))
        raise DatabaseUnreachable("The connection was lost.")

    monkeypatch.setattr(writer, "commit", unheard)
    assert all(isinstance(result, Answer) for result in await running.cast_together(poll, *COOPS))
    await under_way[0]
    await assert_cast_once(running, poll, before)


async def test_an_outcome_that_cannot_be_found_out_is_told_as_unknown(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = await running.propose()
    before = running.ledger.size
    writer = writer_of(running)
    commit = writer.commit

    async def refused(*_: object, **__: object) -> None:
        raise DatabaseUnreachable("Nobody answers.")

    async def gone() -> None:
        await commit()
        await kill_all(running)
        patched.setattr("app.store.postgres_writer.connect", refused)
        raise DatabaseUnreachable("The connection was lost.")

    with monkeypatch.context() as patched:
        patched.setattr(writer, "commit", gone)
        results = await running.cast_together(poll, *COOPS)
        assert [type(result) for result in results] == [OutcomeUnknown] * 3
        with pytest.raises(DatabaseUnreachable):
            await running.ledger.tick()
    await running.ledger.tick()
    await assert_cast_once(running, poll, before)


async def test_a_transaction_that_the_server_undid_is_not_taken_for_committed(running: Running) -> None:
    writer = writer_of(running)
    await writer.begin()
    with pytest.raises(asyncpg.UndefinedTableError):
        await writer.execute("SELECT * FROM nowhere")
    with pytest.raises(RuntimeError, match="ROLLBACK"):
        await writer.commit()
    await writer.rollback()
    await running.ledger.tick()
