import pytest

from app.ledger.errors import SessionEnded
from app.security.passwords import PasswordTooPlain
from app.services.accounts.changing import ProfileInvalid, change_password, change_profile, profile
from app.services.accounts.knowing import PasswordWrong
from app.services.accounts.refreshing import RefreshRefused, refresh
from app.services.accounts.resetting import ResetRefused, request_reset, reset
from app.services.accounts.sessions import authenticate
from app.services.accounts.signing_in import SignInRefused
from app.services.accounts.throttling import TooManyAttempts
from app.services.mail.letters import PasswordChangedLetter, ResetLetter
from app.store.tables import Outbox, PasswordReset
from tests.app.services.accounts.people import ELSEWHERE, HOME, PASSWORD, People, person

pytestmark = pytest.mark.anyio
NEW = "a new and different password"


async def token_of(people: People) -> str:
    """The token of the latest link to set a new password."""
    return [one for one in await people.letters() if isinstance(one, ResetLetter)][-1].token


async def ask(people: People, email: str = "ana@coop.example", network: str = HOME) -> None:
    await request_reset(people.accounts, email=email, network=network)


async def test_a_changed_password_ends_the_other_sessions_and_says_so_by_mail(people: People) -> None:
    other, here = await people.enrol(), await people.sign_in()
    await change_password(people.accounts, person(here), old=PASSWORD, new=NEW, network=HOME)
    with pytest.raises(SessionEnded):
        await authenticate(people.accounts, other.access)
    with pytest.raises(RefreshRefused):
        await refresh(people.accounts, other.refresh)
    await refresh(people.accounts, here.refresh)
    with pytest.raises(SignInRefused):
        await people.sign_in()
    await people.sign_in(password=NEW)
    assert isinstance((await people.letters())[-1], PasswordChangedLetter)


async def test_a_wrong_old_password_changes_nothing_and_is_slowed_down(people: People) -> None:
    here = person(await people.enrol())
    for _ in range(10):
        with pytest.raises(PasswordWrong):
            await change_password(people.accounts, here, old="wrong", new=NEW, network=HOME)
    with pytest.raises(TooManyAttempts):
        await change_password(people.accounts, here, old=PASSWORD, new=NEW, network=HOME)
    await people.sign_in()


async def test_a_bad_new_password_changes_nothing(people: People) -> None:
    here = person(await people.enrol())
    with pytest.raises(PasswordTooPlain):
        await change_password(people.accounts, here, old=PASSWORD, new="Ana@coop.example", network=HOME)
    await people.sign_in()


async def test_a_profile_can_be_changed(people: People) -> None:
    here = person(await people.enrol())
    changed = await change_profile(
        people.accounts, here, name="Ana Belén", language="en", time_zone="America/Argentina/Buenos_Aires"
    )
    assert changed == await profile(people.accounts, here)
    assert (changed.name, changed.language, changed.email) == ("Ana Belén", "en", "ana@coop.example")
    assert "Ana" not in repr(changed)


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "a\nb"}, {"name": "x" * 121}, {"language": "de"}, {"time_zone": "Mars"}]
)
async def test_what_no_profile_can_say_is_refused(people: People, wrong: dict[str, str]) -> None:
    here = person(await people.enrol())
    with pytest.raises(ProfileInvalid):
        await change_profile(
            people.accounts, here, **{"name": "Ana", "language": "en", "time_zone": "Europe/Madrid", **wrong}
        )
    assert (await profile(people.accounts, here)).language == "es"


async def test_a_forgotten_password_is_replaced_by_a_link_that_is_good_once(people: People) -> None:
    lost = await people.enrol()
    await ask(people, " ANA@coop.example")
    token = await token_of(people)
    assert token not in str(await PasswordReset.select())
    await reset(people.accounts, token=token, password=NEW, network=HOME)
    with pytest.raises(SessionEnded):
        await authenticate(people.accounts, lost.access)
    await people.sign_in(password=NEW)
    with pytest.raises(ResetRefused):
        await reset(people.accounts, token=token, password=PASSWORD, network=HOME)
    assert isinstance((await people.letters())[-1], PasswordChangedLetter)


async def test_a_bad_password_leaves_the_link_good(people: People) -> None:
    await people.enrol()
    await ask(people)
    token = await token_of(people)
    with pytest.raises(PasswordTooPlain):
        await reset(people.accounts, token=token, password="ana@coop.example", network=HOME)
    await reset(people.accounts, token=token, password=NEW, network=HOME)


async def test_a_later_link_replaces_an_earlier_one_and_each_is_good_for_an_hour(people: People) -> None:
    await people.enrol()
    await ask(people)
    first = await token_of(people)
    await ask(people)
    second = await token_of(people)
    with pytest.raises(ResetRefused):
        await reset(people.accounts, token=first, password=NEW, network=HOME)
    people.clock.move(hours=1)
    with pytest.raises(ResetRefused):
        await reset(people.accounts, token=second, password=NEW, network=HOME)


async def test_a_changed_password_voids_a_link(people: People) -> None:
    here = person(await people.enrol())
    await ask(people)
    await change_password(people.accounts, here, old=PASSWORD, new=NEW, network=HOME)
    with pytest.raises(ResetRefused):
        await reset(people.accounts, token=await token_of(people), password=PASSWORD, network=HOME)


@pytest.mark.parametrize("email", ["nobody@coop.example", "no address", "\x00", ""])
async def test_asking_for_an_unknown_address_answers_the_same_and_sends_nothing(people: People, email: str) -> None:
    await people.enrol()
    before = await Outbox.count()
    await ask(people, email)
    assert await Outbox.count() == before


async def test_a_mailbox_is_not_filled_with_links_and_nobody_is_told(people: People) -> None:
    await people.enrol()
    for number in range(6):
        await ask(people, network=f"203.0.113.{number}")
    assert sum(isinstance(one, ResetLetter) for one in await people.letters()) == 3


async def test_one_network_cannot_ask_without_end(people: People) -> None:
    for number in range(100):
        await ask(people, f"nobody{number}@coop.example")
    with pytest.raises(TooManyAttempts):
        await ask(people)
    await ask(people, network=ELSEWHERE)


async def test_a_new_password_lets_its_owner_in_however_many_guess_at_it(people: People) -> None:
    await people.enrol()
    for number in range(100):
        with pytest.raises(SignInRefused):
            await people.sign_in(password="wrong", network=f"203.0.113.{number}")
    for _ in range(10):
        with pytest.raises((SignInRefused, TooManyAttempts)):
            await people.sign_in(password="wrong")
    await ask(people)
    await reset(people.accounts, token=await token_of(people), password=NEW, network=HOME)
    await people.sign_in(password=NEW)
