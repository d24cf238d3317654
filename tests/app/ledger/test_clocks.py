from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.clock import now
from app.ledger.errors import ClockBehind, ClockDiffers, LedgerClosed, StepBlocked
from app.ledger.ledger import Ledger
from app.settings import Database
from app.store.reaching import DatabaseUnreachable
from governance.commands.polls import TakeStep
from governance.commands.register import DeclareServices
from governance.deciding.decision import Decision
from governance.federation import DECIDE
from governance.ids import CoopId
from governance.instants import Instant, later
from governance.records import read_record
from governance.revealing import TextMissing
from tests.app.ledger.small_federation import COOPS, MovedClock, Running, steward
from tests.app.store.databases import ON_POSTGRES, ON_SQLITE

pytestmark = pytest.mark.anyio


@pytest.fixture
async def real(tmp_path: Path, database: Database) -> AsyncIterator[Running]:
    """A federation that lives by the clocks that there are."""
    async with Running(tmp_path, now, database=database) as running:  # type: ignore[arg-type]  # a clock that no test moves
        await running.found()
        yield running


def told(running: Running, monkeypatch: pytest.MonkeyPatch, *, by: timedelta) -> None:
    """Let the database's clock differ from this host's."""

    async def differing() -> Instant:
        return later(now(), by)

    monkeypatch.setattr(running.ledger._writer, "now", differing)


async def declared(running: Running, coop: CoopId = COOPS[0], *services: str) -> Instant:
    answer = await running.ledger.submit(DeclareServices(services=services or ("web",)), actor=steward(coop))
    return read_record(answer.record).at


@ON_POSTGRES
async def test_the_databases_clock_is_the_one(real: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    told(real, monkeypatch, by=timedelta(seconds=1.5))
    before = now()
    assert await declared(real) >= later(before, timedelta(seconds=1.5))


@ON_POSTGRES
async def test_the_databases_clock_is_read_in_utc_with_six_digits(real: Running) -> None:
    await real.ledger._writer.begin()
    await real.ledger._writer.execute("SET TIME ZONE 'Asia/Kolkata'")
    before, at, after = now(), await real.ledger._writer.now(), now()
    await real.ledger._writer.rollback()
    assert at is not None
    assert later(before, -timedelta(seconds=1)) < at < later(after, timedelta(seconds=1))


@ON_SQLITE
async def test_a_file_has_no_clock_but_the_hosts(real: Running) -> None:
    assert await real.ledger._writer.now() is None
    before = now()
    assert before <= await declared(real) <= now()


@pytest.mark.parametrize("seconds", [-3, 3])
@ON_POSTGRES
async def test_nothing_is_recorded_while_two_clocks_differ(
    real: Running, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    await real.ledger.ready()
    with monkeypatch.context() as patched:
        told(real, patched, by=timedelta(seconds=seconds))
        size = real.ledger.size
        for _ in range(2):
            with pytest.raises(ClockDiffers):
                await declared(real)
        with pytest.raises(ClockDiffers):
            await real.ledger.ready()
    await real.ledger.ready()
    assert real.ledger.size == size


async def test_a_clock_that_a_test_brings_is_the_only_one(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    told(running, monkeypatch, by=timedelta(days=1))
    before = running.clock()
    assert before < await declared(running) < running.clock()


async def test_a_ledger_is_ready_until_something_is_in_its_way(
    running: Running, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await running.ledger.ready()
    with monkeypatch.context() as patched:
        clock.time = later(clock.time, -timedelta(seconds=10))
        with pytest.raises(ClockBehind):
            await running.ledger.ready()
        clock.time = later(clock.time, timedelta(seconds=10))

        def refuses(*_: object) -> Decision:
            raise TextMissing("It is not there.")

        await running.propose()
        clock.move(days=7)
        patched.setitem(DECIDE, TakeStep, refuses)  # type: ignore[misc]  # a command is a Value
        with pytest.raises(StepBlocked):
            await running.ledger.ready()
    await running.ledger.ready()
    await running.ledger.close()
    with pytest.raises(LedgerClosed):
        await running.ledger.ready()


@ON_POSTGRES
async def test_a_ledger_whose_database_is_gone_says_so(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused(*_: object, **__: object) -> None:
        raise DatabaseUnreachable("Nobody answers.")

    ledger: Ledger = running.ledger
    with monkeypatch.context() as patched:
        patched.setattr("app.store.postgres_writer.connect", refused)
        ledger._writer._connection.terminate()  # type: ignore[attr-defined]  # PostgreSQL's writer has one
        with pytest.raises(DatabaseUnreachable):
            await ledger.ready()
    await ledger.ready()
