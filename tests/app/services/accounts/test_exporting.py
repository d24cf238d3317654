from pathlib import Path

import msgspec
import pytest

from app.services.accounts.accepting import bind
from app.services.accounts.exporting import export
from app.services.accounts.inviting import invite
from app.services.accounts.sessions import sign_out
from app.services.accounts.throttling import TooManyAttempts
from app.settings import Database
from tests.app.ledger.small_federation import COOPS, MovedClock, Running, delegate
from tests.app.services.accounts.people import HOME, People, people_on, person

pytestmark = pytest.mark.anyio


async def test_an_export_has_everything_and_no_secret(people: People) -> None:
    mandate = await people.mandate()
    ana = await people.enrol(mandate=mandate)
    await people.enrol("ben@coop.example")
    phone = await people.sign_in(device="phone")
    await sign_out(people.accounts, person(phone))
    waiting = await invite(people.accounts, mandate=await people.mandate(), address="ana@coop.example")
    told = await export(people.accounts, person(ana))
    assert told.profile.email == "ana@coop.example"
    assert [(one.device, one.ended is None) for one in told.sessions] == [("laptop", True), ("phone", False)]
    assert [one.mandate for one in told.holdings] == [mandate]
    assert told.invitations == (waiting.mandate,)
    assert [one.kind for one in told.mails] == ["invitation", "invitation"]
    assert len(told.networks) == 2
    said = msgspec.json.encode(told).decode()
    for secret in (ana.access, ana.refresh, waiting.token, "argon2", HOME, "ben@"):
        assert secret not in said


async def test_an_export_is_given_a_few_times_an_hour(people: People) -> None:
    ana = person(await people.enrol())
    for _ in range(3):
        await export(people.accounts, ana)
    with pytest.raises(TooManyAttempts):
        await export(people.accounts, ana)


async def test_an_export_names_the_entries_of_the_log_that_ones_mandates_wrote(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.accounts.exporting._PAGE", 7)
    async with Running(tmp_path, MovedClock(), database=database) as running:
        await running.found()
        poll = await running.propose()
        cast = [await running.cast(poll, coop) for coop in COOPS]
    async with people_on(database, tmp_path, projected=True) as people:
        ana = await people.enrol(mandate=delegate(COOPS[1]))
        told = await export(people.accounts, person(ana))
        assert [(one.seq, one.type, one.mandate) for one in told.acted] == [
            (cast[1].seq, "ballot.cast", delegate(COOPS[1]))
        ]
        invited = await invite(people.accounts, mandate=delegate(COOPS[0]), address="ana@coop.example")
        await bind(people.accounts, person(ana), invited.token)
        told = await export(people.accounts, person(ana))
        assert [one.type for one in told.acted] == ["proposal.submitted", "ballot.cast", "ballot.cast"]
