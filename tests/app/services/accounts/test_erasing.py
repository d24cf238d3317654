import asyncio

import pytest

from app.ledger.errors import SessionEnded
from app.services.accounts.accepting import InvitationRefused, bind
from app.services.accounts.changing import AccountUnknown, change_profile, profile
from app.services.accounts.erasing import before_erasing, erase
from app.services.accounts.holding import NotActing, acting, holdings
from app.services.accounts.inviting import invite
from app.services.accounts.knowing import PasswordWrong
from app.services.accounts.refreshing import RefreshRefused, refresh
from app.services.accounts.resetting import request_reset
from app.services.accounts.sessions import authenticate
from app.services.accounts.signing_in import SignInRefused
from app.store.tables import PEOPLE, Contact, Invitation, Mandate, RefreshToken, Throttle
from app.store.tables import Holding as HoldingRow
from tests.app.ledger.small_federation import START
from tests.app.services.accounts.people import HOME, PASSWORD, People, mandate_id, person

pytestmark = pytest.mark.anyio


async def everything() -> str:
    """All that stands in the tables of people."""
    rows = [await table.select() for table in PEOPLE]
    return str([[tuple(row.values()) for row in each] for each in rows])


async def test_nothing_personal_is_left_of_an_erased_account(people: People) -> None:
    ana, _ben = await people.enrol("ana@coop.example"), await people.enrol("ben@coop.example")
    await people.sign_in()
    await request_reset(people.accounts, email="ana@coop.example", network=HOME)
    await invite(people.accounts, mandate=await people.mandate(), address="ana@coop.example")
    await Contact.insert(Contact(mandate=mandate_id(77), address="Ana@coop.example"))
    before = await everything()
    assert {"ana@coop.example", ana.account, ana.session} <= set(before.replace("'", " ").split())
    await erase(people.accounts, person(ana), password=PASSWORD, network=HOME)
    left = await everything()
    for trace in ("ana@", "Ana@", ana.account, ana.session):
        assert trace not in left, trace
    assert "ben@coop.example" in left


async def test_an_erased_account_can_do_nothing_any_more(people: People) -> None:
    ana = await people.enrol()
    await erase(people.accounts, person(ana), password=PASSWORD, network=HOME)
    accounts = people.accounts
    with pytest.raises(SessionEnded):
        await authenticate(accounts, ana.access)
    with pytest.raises(RefreshRefused):
        await refresh(accounts, ana.refresh)
    with pytest.raises(SignInRefused):
        await people.sign_in()
    with pytest.raises(AccountUnknown):
        await profile(accounts, person(ana))
    with pytest.raises(AccountUnknown):
        await change_profile(accounts, person(ana), name="Ana", language="en", time_zone="Europe/Madrid")
    with pytest.raises(NotActing):
        await acting(accounts, ana.account, roles=["delegate"])
    with pytest.raises(PasswordWrong):
        await erase(accounts, person(ana), password=PASSWORD, network=HOME)
    invited = await invite(accounts, mandate=await people.mandate(), address="ana@coop.example")
    with pytest.raises(InvitationRefused):
        await bind(accounts, person(ana), invited.token)


async def test_the_log_is_as_it_was_and_the_mandate_can_be_given_to_somebody_else(people: People) -> None:
    mandate = await people.mandate("steward")
    ana = await people.enrol(mandate=mandate)
    before = await Mandate.select().where(Mandate.id == mandate)
    await erase(people.accounts, person(ana), password=PASSWORD, network=HOME)
    assert await Mandate.select().where(Mandate.id == mandate) == before
    ben = await people.enrol("ben@coop.example", mandate)
    assert [one.mandate for one in await holdings(people.accounts, ben.account)] == [mandate]


async def test_who_erases_is_told_first_what_is_left_behind(people: People) -> None:
    mandates = [await people.mandate("steward"), await people.mandate("steward", coop="c2"), await people.mandate()]
    ana = await people.enrol(mandate=mandates[0])
    for mandate in (*mandates[1:], await people.mandate("steward", coop="c2", ends=None)):
        invited = await invite(people.accounts, mandate=mandate, address="ana@coop.example")
        await bind(people.accounts, person(ana), invited.token)
    await people.enrol("ben@coop.example", await people.mandate("steward", coop="c2"))
    told = await before_erasing(people.accounts, person(ana))
    assert told.stewardless == ("c1",)
    assert set(mandates) < set(told.mandates)
    assert await HoldingRow.count() == 5
    assert await erase(people.accounts, person(ana), password=PASSWORD, network=HOME) == told
    assert await HoldingRow.count() == 1


async def test_an_ended_mandate_leaves_nobody_behind(people: People) -> None:
    mandate = await people.mandate("steward")
    ana = await people.enrol(mandate=mandate)
    await Mandate.update({Mandate.ends: START}).where(Mandate.id == mandate)
    told = await before_erasing(people.accounts, person(ana))
    assert (told.mandates, told.stewardless) == ((), ())


async def test_a_wrong_password_erases_nothing(people: People) -> None:
    ana = await people.enrol()
    with pytest.raises(PasswordWrong):
        await erase(people.accounts, person(ana), password="wrong", network=HOME)
    await authenticate(people.accounts, ana.access)


async def test_signing_in_refreshing_and_erasing_at_once_leave_no_session_behind(people: People) -> None:
    ana = await people.enrol()
    invited = await invite(people.accounts, mandate=await people.mandate(), address="ana@coop.example")
    answers = await asyncio.gather(
        people.sign_in(),
        refresh(people.accounts, ana.refresh),
        erase(people.accounts, person(ana), password=PASSWORD, network=HOME),
        bind(people.accounts, person(ana), invited.token),
        people.sign_in(),
        refresh(people.accounts, ana.refresh),
        return_exceptions=True,
    )
    allowed = (SignInRefused, RefreshRefused, InvitationRefused)
    assert all(not isinstance(answer, BaseException) or isinstance(answer, allowed) for answer in answers), answers
    left = await everything()
    assert ana.account not in left
    assert not await RefreshToken.exists()


async def test_throttles_are_all_that_is_left_and_name_nobody(people: People) -> None:
    ana = await people.enrol()
    await people.sign_in()
    await erase(people.accounts, person(ana), password=PASSWORD, network=HOME)
    assert not await Invitation.exists()
    assert all(set(row) == {"bucket", "until"} for row in await Throttle.select())
