import asyncio

import pytest

from app.ledger.errors import SessionEnded
from app.services.accounts.refreshing import RefreshRefused, RefreshReused, refresh
from app.services.accounts.sessions import authenticate, end_all, sign_out
from tests.app.services.accounts.people import People, person

pytestmark = pytest.mark.anyio


async def test_each_refresh_gives_the_next_pair_and_the_session_goes_on(people: People) -> None:
    first = await people.enrol()
    people.clock.move(minutes=9)
    second = await refresh(people.accounts, first.refresh)
    third = await refresh(people.accounts, second.refresh)
    assert len({first.refresh, second.refresh, third.refresh}) == 3
    assert first.session == second.session == third.session
    assert await authenticate(people.accounts, third.access) == person(first)


async def test_a_spent_token_ends_the_whole_session(people: People) -> None:
    first = await people.enrol()
    second = await refresh(people.accounts, first.refresh)
    people.clock.move(seconds=11)
    with pytest.raises(RefreshReused):
        await refresh(people.accounts, first.refresh)
    with pytest.raises(RefreshRefused):
        await refresh(people.accounts, second.refresh)
    with pytest.raises(SessionEnded):
        await authenticate(people.accounts, second.access)


async def test_a_spent_token_ends_the_session_at_once_where_its_successor_was_used(people: People) -> None:
    first = await people.enrol()
    second = await refresh(people.accounts, first.refresh)
    third = await refresh(people.accounts, second.refresh)
    with pytest.raises(RefreshReused):
        await refresh(people.accounts, first.refresh)
    with pytest.raises(RefreshRefused):
        await refresh(people.accounts, third.refresh)


async def test_a_retry_after_a_lost_answer_goes_on(people: People) -> None:
    first = await people.enrol()
    await refresh(people.accounts, first.refresh)
    people.clock.move(seconds=8)
    again = await refresh(people.accounts, first.refresh)
    people.clock.move(minutes=30)
    assert (await refresh(people.accounts, again.refresh)).session == first.session


async def test_two_refreshes_at_once_both_get_tokens_and_of_those_one_goes_on(people: People) -> None:
    first = await people.enrol()
    one, other = await asyncio.gather(refresh(people.accounts, first.refresh), refresh(people.accounts, first.refresh))
    assert one.refresh != other.refresh
    await refresh(people.accounts, one.refresh)
    people.clock.move(seconds=11)
    with pytest.raises(RefreshReused):
        await refresh(people.accounts, other.refresh)


async def test_a_token_cannot_have_siblings_without_end(people: People) -> None:
    first = await people.enrol()
    people.clock.move(minutes=1)
    for _ in range(32):
        await refresh(people.accounts, first.refresh)
    with pytest.raises(RefreshRefused) as refused:
        await refresh(people.accounts, first.refresh)
    assert not isinstance(refused.value, RefreshReused)


async def test_a_refresh_and_the_end_of_the_session_at_once_leave_it_ended(people: People) -> None:
    first = await people.enrol()
    answers = await asyncio.gather(
        refresh(people.accounts, first.refresh),
        sign_out(people.accounts, person(first)),
        refresh(people.accounts, first.refresh),
        return_exceptions=True,
    )
    for answer in answers:
        assert answer is None or isinstance(answer, RefreshRefused) or answer.session == first.session  # type: ignore[union-attr]  # asserted
    with pytest.raises(SessionEnded):
        await authenticate(people.accounts, first.access)


@pytest.mark.parametrize("token", ["", "nonsense", "a" * 10_000, "\x00", "\ud800"])
async def test_what_is_no_token_continues_nothing(people: People, token: str) -> None:
    with pytest.raises(RefreshRefused):
        await refresh(people.accounts, token)


async def test_an_unused_session_ends_after_thirty_days(people: People) -> None:
    first = await people.enrol()
    people.clock.move(days=30)
    with pytest.raises(RefreshRefused):
        await refresh(people.accounts, first.refresh)


async def test_a_session_ends_after_ninety_days_however_busy(people: People) -> None:
    tokens = await people.enrol()
    for _ in range(3):
        people.clock.move(days=29)
        tokens = await refresh(people.accounts, tokens.refresh)
    people.clock.move(days=3)
    with pytest.raises(RefreshRefused):
        await refresh(people.accounts, tokens.refresh)


async def test_a_token_of_an_ended_session_continues_nothing(people: People) -> None:
    first = await people.enrol()
    assert await end_all(people.accounts, first.account) == 1
    with pytest.raises(RefreshRefused):
        await refresh(people.accounts, first.refresh)
