from datetime import timedelta

import pytest

from app.ledger.errors import SessionEnded
from app.security.people import SessionId
from app.security.tokens import TokenRefused
from app.services.accounts.refreshing import refresh
from app.services.accounts.sessions import (
    SessionUnknown,
    authenticate,
    end_other_sessions,
    end_session,
    sessions,
    sign_out,
    sign_out_by_refresh,
)
from governance.instants import later
from tests.app.services.accounts.people import People, person

pytestmark = pytest.mark.anyio


async def test_who_signed_out_is_unknown_at_once(people: People) -> None:
    signed_in = await people.enrol()
    await sign_out(people.accounts, person(signed_in))
    await sign_out(people.accounts, person(signed_in))
    with pytest.raises(SessionEnded):
        await authenticate(people.accounts, signed_in.access)


async def test_a_browser_signs_out_by_its_refresh_token_even_a_spent_one(people: People) -> None:
    first = await people.enrol()
    second = await refresh(people.accounts, first.refresh)
    await sign_out_by_refresh(people.accounts, "nonsense")
    await authenticate(people.accounts, second.access)
    await sign_out_by_refresh(people.accounts, first.refresh)
    with pytest.raises(SessionEnded):
        await authenticate(people.accounts, second.access)


async def test_the_session_seen_last_comes_first(people: People) -> None:
    first = await people.enrol()
    second = await people.sign_in()
    third = await refresh(people.accounts, first.refresh)
    shown = await sessions(people.accounts, person(second))
    assert [one.id for one in shown] == [third.session, second.session]
    assert shown[0].last_seen > shown[1].last_seen > shown[0].created


async def test_one_session_can_be_ended_from_another(people: People) -> None:
    lost, kept = await people.enrol(), await people.sign_in()
    await end_session(people.accounts, person(kept), lost.session)
    with pytest.raises(SessionEnded):
        await authenticate(people.accounts, lost.access)
    assert [one.id for one in await sessions(people.accounts, person(kept))] == [kept.session]
    with pytest.raises(SessionUnknown):
        await end_session(people.accounts, person(kept), lost.session)


async def test_nobody_ends_the_session_of_another(people: People) -> None:
    ana, ben = await people.enrol(), await people.enrol("ben@coop.example")
    for session in (ben.session, SessionId("s-\x00"), SessionId("")):
        with pytest.raises(SessionUnknown):
            await end_session(people.accounts, person(ana), session)
    await authenticate(people.accounts, ben.access)


async def test_all_others_can_be_ended_and_they_are_counted(people: People) -> None:
    each = [await people.enrol(), await people.sign_in(), await people.sign_in()]
    await people.enrol("ben@coop.example")
    assert await end_other_sessions(people.accounts, person(each[1])) == 2
    assert await end_other_sessions(people.accounts, person(each[1])) == 0
    await authenticate(people.accounts, each[1].access)


async def test_an_access_token_is_good_for_ten_minutes(people: People) -> None:
    signed_in = await people.enrol()
    people.clock.move(minutes=10)
    with pytest.raises(TokenRefused):
        await authenticate(people.accounts, signed_in.access)


async def test_an_expired_session_is_over_though_nobody_ended_it(people: People) -> None:
    signed_in = await people.enrol()
    people.clock.move(days=90)
    at = people.clock()
    token, _ = people.accounts.tokens.issue(person(signed_in), now=later(at, timedelta(seconds=-1)), unique=b"u")
    with pytest.raises(SessionEnded):
        await authenticate(people.accounts, token)
    assert await sessions(people.accounts, person(signed_in)) == ()
