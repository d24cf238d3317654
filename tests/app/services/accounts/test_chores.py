import asyncio
import logging

import pytest

from app.services.accounts import chores
from app.services.accounts.chores import run_chores
from app.services.accounts.sweeping import sweep
from app.store.tables import Contact, Invitation, Throttle
from tests.app.services.accounts.people import HOME, People

pytestmark = pytest.mark.anyio


async def test_trouble_stops_no_chore_and_all_are_done(
    people: People, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await Contact.insert(Contact(mandate=await people.mandate(), address="ana@coop.example"))
    await Throttle.insert(Throttle(bucket=HOME, until=people.clock()))
    rounds: asyncio.Queue[None] = asyncio.Queue()

    async def failing_first(*_: object) -> None:
        rounds.put_nowait(None)
        if rounds.qsize() == 1:
            raise OSError("the database is away")
        await sweep(people.accounts)
        done.set()

    done = asyncio.Event()
    monkeypatch.setattr(chores, "sweep", failing_first)
    running = asyncio.create_task(run_chores(people.accounts, every=0.0))
    with caplog.at_level(logging.ERROR):
        await done.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert "could not be made" in caplog.text
    assert await Invitation.count() == 1
    assert await Throttle.count() == 0
