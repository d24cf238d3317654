import pytest

from app.services.accounts.inviting import invite, invite_waiting
from app.services.accounts.refreshing import refresh
from app.services.accounts.resetting import request_reset
from app.services.accounts.sessions import sessions, sign_out
from app.services.accounts.sweeping import sweep
from app.store.tables import PEOPLE, Contact, Outbox, RefreshToken, Session, Throttle
from tests.app.services.accounts.people import HOME, People, person

pytestmark = pytest.mark.anyio
KEPT = {"account", "holding", "invitation"}


async def test_what_has_expired_is_swept_out(people: People) -> None:
    await people.enrol()
    await request_reset(people.accounts, email="ana@coop.example", network=HOME)
    await invite(people.accounts, mandate=await people.mandate(), address="ben@coop.example")
    await people.sign_in()
    people.clock.move(days=121)
    await sweep(people.accounts)
    for table in PEOPLE:
        name = table._meta.tablename
        rows = await table.select()
        assert bool(rows) == (name in KEPT), name
        if name == "invitation":
            assert all(row["email"] is None for row in rows)


async def test_what_goes_on_is_left_alone(people: People) -> None:
    first = await people.enrol()
    second = await refresh(people.accounts, first.refresh)
    phone = await people.sign_in()
    await sign_out(people.accounts, person(phone))
    await sweep(people.accounts)
    assert len(await sessions(people.accounts, person(first))) == 1
    assert await Session.count() == 2
    assert await RefreshToken.count() == 3
    assert await Outbox.count() == 1
    await refresh(people.accounts, second.refresh)


async def test_a_throttle_in_use_is_left_alone(people: People) -> None:
    await request_reset(people.accounts, email="ana@coop.example", network=HOME)
    await sweep(people.accounts)
    assert await Throttle.count() == 2
    people.clock.move(hours=1)
    await sweep(people.accounts)
    assert await Throttle.count() == 0


async def test_who_was_asked_three_times_is_not_asked_again_after_a_sweep(people: People) -> None:
    await Contact.insert(Contact(mandate=await people.mandate(), address="ana@coop.example"))
    for _ in range(3):
        assert len(await invite_waiting(people.accounts)) == 1
        people.clock.move(days=200)
        await sweep(people.accounts)
    assert await invite_waiting(people.accounts) == ()
