import asyncio

import pytest
from piccolo.querystring import QueryString

from app.security.passwords import Parameters, Passwords
from app.services.accounts.changing import change_password
from app.services.accounts.sessions import authenticate, sessions
from app.services.accounts.signing_in import SignInRefused, sign_in
from app.services.accounts.throttling import TooManyAttempts
from app.store.tables import Account, Throttle
from tests.app.services.accounts.people import CAFE, ELSEWHERE, HOME, PASSWORD, People, person

pytestmark = pytest.mark.anyio


async def fail(people: People, times: int, *, email: str = "ana@coop.example", network: str = HOME) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            await people.sign_in(email, password="not the password", network=network)


async def test_who_signs_in_is_known_by_the_access_token(people: People) -> None:
    enrolled = await people.enrol()
    signed_in = await people.sign_in(device="  phone\n\u200b")
    assert signed_in.account == enrolled.account
    assert await authenticate(people.accounts, signed_in.access) == person(signed_in)
    shown = await sessions(people.accounts, person(signed_in))
    assert [(one.device, one.here) for one in shown] == [("phone", True), ("laptop", False)]


@pytest.mark.parametrize("email", ["ANA@coop.example", " ana@COOP.example ", "ana@coop.example"])
async def test_an_address_has_one_spelling(people: People, email: str) -> None:
    await people.enrol()
    await people.sign_in(email)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ana@coop.example", "wrong"),
        ("ana@coop.example", ""),
        ("ana@coop.example", "x" * 100_000),
        ("ana@coop.example", "\ud800\x00"),
        ("nobody@coop.example", PASSWORD),
        ("no address\x00", PASSWORD),
        ("\ud800@coop.example", PASSWORD),
        ("", ""),
    ],
)
async def test_nobody_learns_which_of_the_two_was_wrong(people: People, email: str, password: str) -> None:
    await people.enrol()
    with pytest.raises(SignInRefused) as refused:
        await people.sign_in(email, password=password)
    assert str(refused.value) == "Check both and try again, or ask for a link to set a new password."


async def test_an_unknown_address_costs_as_much_work_as_a_known_one(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    await people.enrol()
    checked: list[str] = []
    verify = Passwords._verify

    def counting(self: Passwords, stored: str, prepared: bytes) -> bool:
        checked.append(stored.rpartition("$")[0].rpartition("$")[0])
        return verify(self, stored, prepared)

    monkeypatch.setattr(Passwords, "_verify", counting)
    await fail(people, 1)
    await fail(people, 1, email="nobody@coop.example")
    assert len(checked) == 2
    assert checked[0] == checked[1]


async def test_guessing_from_one_network_is_slowed_down_for_that_network_alone(people: People) -> None:
    await people.enrol()
    await fail(people, 10)
    with pytest.raises(TooManyAttempts) as refused:
        await people.sign_in()
    assert 0 < refused.value.retry_after <= 60
    await people.sign_in(network=ELSEWHERE)
    people.clock.move(seconds=refused.value.retry_after)
    await people.sign_in()


async def test_guessing_at_an_unknown_address_is_slowed_down_just_the_same(people: People) -> None:
    await fail(people, 10, email="nobody@coop.example")
    with pytest.raises(TooManyAttempts):
        await people.sign_in("nobody@coop.example")


async def test_guessing_from_everywhere_locks_nobody_out_of_where_they_have_signed_in_before(people: People) -> None:
    await people.enrol()
    await people.sign_in(network=HOME)
    for number in range(100):
        await fail(people, 1, network=f"203.0.113.{number}")
    with pytest.raises(TooManyAttempts):
        await people.sign_in(network="203.0.113.200")
    await people.sign_in(network=HOME)
    await people.sign_in(network=CAFE)


async def test_a_hall_behind_one_address_signs_in_within_a_minute(people: People) -> None:
    for number in range(70):
        await people.enrol(f"ana{number}@coop.example")
    signed_in = await asyncio.gather(*(people.sign_in(f"ana{number}@coop.example") for number in range(70)))
    assert len({one.session for one in signed_in}) == 70


async def test_many_wrong_passwords_from_one_network_stop_it(people: People) -> None:
    for number in range(300):
        await fail(people, 1, email=f"nobody{number}@coop.example")
    with pytest.raises(TooManyAttempts):
        await people.sign_in("nobody300@coop.example")


async def test_right_passwords_use_nothing_up(people: People) -> None:
    await people.enrol()
    for _ in range(12):
        await people.sign_in()


async def test_the_neighbours_of_an_ipv6_address_are_one_network(people: People) -> None:
    for number in range(10):
        await fail(people, 1, network=f"2001:db8::{number:x}")
    with pytest.raises(TooManyAttempts):
        await people.sign_in(network="2001:db8::ffff")
    await fail(people, 1, network="2001:db8:0:1::1")


async def test_throttles_tell_nobody_who_they_are(people: People) -> None:
    await people.enrol()
    await fail(people, 1)
    held = str(await Throttle.select()) + str(await people.accounts.run(QueryString('SELECT * FROM "known_network"')))
    assert "ana" not in held
    assert HOME not in held


async def test_a_hash_of_other_costs_is_made_again_when_the_password_is_known(people: People) -> None:
    enrolled = await people.enrol()
    (before,) = await Account.select(Account.password)
    people.accounts.passwords.close()
    people.accounts.passwords = Passwords(Parameters(passes=2, memory=16, lanes=1))
    await people.sign_in()
    (after,) = await Account.select(Account.password)
    assert "m=8,t=1" in before["password"]
    assert "m=16,t=2" in after["password"]
    assert (await people.sign_in()).account == enrolled.account


async def test_a_password_changed_while_the_old_one_is_being_checked_lets_nobody_in(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled = await people.enrol()
    check = people.accounts.passwords.check

    async def meanwhile(_: Passwords, password: str, stored: str | None) -> bool:
        right = await check(password, stored)
        monkeypatch.undo()
        new = "another password, quite long"
        await change_password(people.accounts, person(enrolled), old=PASSWORD, new=new, network=ELSEWHERE)
        return right

    monkeypatch.setattr(Passwords, "check", meanwhile)
    with pytest.raises(SignInRefused):
        await sign_in(people.accounts, email="ana@coop.example", password=PASSWORD, device="", network=HOME)
