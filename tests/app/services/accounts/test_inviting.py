import asyncio

import pytest

from app.security.passwords import PasswordTooShort
from app.services.accounts.accepting import AccountExists, InvitationRefused, bind, look_at
from app.services.accounts.addresses import AddressInvalid
from app.services.accounts.changing import ProfileInvalid
from app.services.accounts.holding import holdings
from app.services.accounts.inviting import (
    Invited,
    MandateHeld,
    NotSteward,
    invite,
    invite_as,
    invite_waiting,
)
from app.services.accounts.sessions import authenticate
from app.services.accounts.throttling import TooManyAttempts
from app.services.mail.letters import InvitationLetter
from app.store.tables import Account, Contact, Mandate
from app.store.tables import Holding as HoldingRow
from app.store.tables import Invitation as Row
from governance.ids import MandateId
from governance.instants import Instant
from governance.mandate import MandateUnknown
from tests.app.ledger.small_federation import START
from tests.app.services.accounts.people import People, mandate_id, person

pytestmark = pytest.mark.anyio
OVER = Instant("2026-03-02T00:00:00.000000Z")


async def contact(mandate: MandateId, address: str = "ana@coop.example") -> None:
    await Contact.insert(Contact(mandate=mandate, address=address))


async def test_an_invitation_makes_an_account_that_holds_the_mandate(people: People) -> None:
    mandate = await people.mandate("steward")
    invited = await invite(people.accounts, mandate=mandate, address=" Ana@Coop.example ", language="es")
    shown = await look_at(people.accounts, invited.token)
    assert (shown.email, shown.account_exists) == ("ana@coop.example", False)
    assert (shown.mandate.role, shown.mandate.name) == ("steward", "Alerce")
    signed_in = await people.accept(invited.token)
    assert await authenticate(people.accounts, signed_in.access) == person(signed_in)
    assert [one.mandate for one in await holdings(people.accounts, signed_in.account)] == [mandate]


async def test_the_mail_carries_the_link_and_the_row_only_its_hash(people: People) -> None:
    invited = await invite(people.accounts, mandate=await people.mandate(), address="ana@coop.example")
    assert await people.letters() == [
        InvitationLetter(
            token=invited.token, federation="Two Coops", role="delegate", name="Alerce", expires=invited.expires
        )
    ]
    assert invited.token not in str(await Row.select())
    assert invited.token not in repr(invited)


async def test_an_invitation_is_good_once(people: People) -> None:
    invited = await invite(people.accounts, mandate=await people.mandate(), address="ana@coop.example")
    await people.accept(invited.token)
    with pytest.raises(InvitationRefused):
        await look_at(people.accounts, invited.token)
    with pytest.raises(InvitationRefused):
        await people.accept(invited.token)
    assert (await Row.select(Row.email))[0]["email"] is None


async def test_of_two_who_accept_at_once_one_is_refused_and_leaves_nothing(people: People) -> None:
    invited = await invite(people.accounts, mandate=await people.mandate(), address="ana@coop.example")
    ben = await people.enrol("ben@coop.example")
    answers = await asyncio.gather(
        people.accept(invited.token), bind(people.accounts, person(ben), invited.token), return_exceptions=True
    )
    assert sum(isinstance(answer, InvitationRefused) for answer in answers) == 1
    assert await HoldingRow.count().where(HoldingRow.mandate == invited.mandate) == 1
    assert await Account.count() == (1 if isinstance(answers[0], InvitationRefused) else 2)


async def test_an_existing_account_signs_in_and_binds(people: People) -> None:
    ana = await people.enrol()
    invited = await invite(
        people.accounts, mandate=await people.mandate("officer", office="board"), address="ana@coop.example"
    )
    assert (await look_at(people.accounts, invited.token)).account_exists
    with pytest.raises(AccountExists):
        await people.accept(invited.token)
    held = await bind(people.accounts, person(ana), invited.token)
    assert (held.role, held.office, held.name) == ("officer", "board", "Board")
    assert len(await holdings(people.accounts, ana.account)) == 2


async def test_two_accounts_with_one_address_cannot_come_to_be(people: People) -> None:
    invited = [
        await invite(people.accounts, mandate=await people.mandate(), address="ana@coop.example") for _ in range(2)
    ]
    answers = await asyncio.gather(*(people.accept(one.token) for one in invited), return_exceptions=True)
    assert sum(isinstance(answer, AccountExists) for answer in answers) == 1
    assert await Account.count() == 1


async def test_a_refused_password_or_profile_leaves_the_invitation_good(people: People) -> None:
    invited = await invite(people.accounts, mandate=await people.mandate(), address="ana@coop.example")
    with pytest.raises(PasswordTooShort):
        await people.accept(invited.token, password="short")
    for wrong in ({"name": " "}, {"language": "xx"}, {"time_zone": "../etc/passwd"}, {"time_zone": "Mars"}):
        with pytest.raises(ProfileInvalid):
            await people.accept(invited.token, **wrong)
    await people.accept(invited.token)


async def test_a_later_invitation_replaces_an_earlier_one(people: People) -> None:
    mandate = await people.mandate()
    first = await invite(people.accounts, mandate=mandate, address="ana@coop.example")
    second = await invite(people.accounts, mandate=mandate, address="ben@coop.example")
    with pytest.raises(InvitationRefused):
        await look_at(people.accounts, first.token)
    assert (await look_at(people.accounts, second.token)).email == "ben@coop.example"


async def test_an_invitation_is_good_for_two_weeks(people: People) -> None:
    invited = await invite(people.accounts, mandate=await people.mandate(), address="ana@coop.example")
    people.clock.move(days=13, hours=23)
    await look_at(people.accounts, invited.token)
    people.clock.move(hours=1)
    with pytest.raises(InvitationRefused):
        await people.accept(invited.token)


async def test_an_invitation_ends_with_its_mandate(people: People) -> None:
    mandate = await people.mandate()
    invited = await invite(people.accounts, mandate=mandate, address="ana@coop.example")
    await Mandate.update({Mandate.ends: START}).where(Mandate.id == mandate)
    with pytest.raises(InvitationRefused):
        await look_at(people.accounts, invited.token)


async def test_nobody_is_invited_to_what_is_not_there_or_is_held(people: People) -> None:
    held = await people.mandate()
    await people.enrol(mandate=held)
    ended = await people.mandate(ends=START)
    for mandate, refusal in ((mandate_id(99), MandateUnknown), (ended, MandateUnknown), (held, MandateHeld)):
        with pytest.raises(refusal):
            await invite(people.accounts, mandate=mandate, address="ben@coop.example")


@pytest.mark.parametrize(
    "address", ["", "ana", "ana@", "Ana <ana@coop.example>", "a@b.example\nBcc: c@d.example", "a@b@c.example"]
)
async def test_what_is_no_address_is_refused_without_repeating_it(people: People, address: str) -> None:
    with pytest.raises(AddressInvalid) as refused:
        await invite(people.accounts, mandate=await people.mandate(), address=address)
    assert not address or address not in str(refused.value)


async def test_a_steward_invites_to_their_own_coop_and_nobody_else_does(people: People) -> None:
    steward = person(await people.enrol("ana@coop.example", await people.mandate("steward")))
    delegate = person(await people.enrol("ben@coop.example", await people.mandate("delegate")))
    former = person(await people.enrol("cat@coop.example", await people.mandate("steward", ends=OVER)))
    people.clock.move(days=1)
    own, others = await people.mandate(), await people.mandate(coop="c2")
    office = await people.mandate("officer", office="board")
    for who, mandate in (
        (steward, others),
        (steward, office),
        (delegate, own),
        (former, own),
        (steward, mandate_id(99)),
    ):
        with pytest.raises(NotSteward):
            await invite_as(people.accounts, who, mandate=mandate, address="dan@coop.example")
    assert isinstance(await invite_as(people.accounts, steward, mandate=own, address="dan@coop.example"), Invited)


async def test_a_steward_cannot_send_mails_without_end(people: People) -> None:
    steward = person(await people.enrol("ana@coop.example", await people.mandate("steward")))
    own = await people.mandate()
    for _ in range(30):
        await invite_as(people.accounts, steward, mandate=own, address="dan@coop.example")
    with pytest.raises(TooManyAttempts):
        await invite_as(people.accounts, steward, mandate=own, address="dan@coop.example")


async def test_whoever_waits_is_invited_once(people: People) -> None:
    waiting, held, ended, bad = [await people.mandate() for _ in range(4)]
    await people.enrol("ben@coop.example", held)
    await Mandate.update({Mandate.ends: START}).where(Mandate.id == ended)
    for mandate in (waiting, held, ended, mandate_id(99)):
        await contact(mandate)
    await contact(bad, "no address")
    (invited,) = await invite_waiting(people.accounts)
    assert invited.mandate == waiting
    assert await invite_waiting(people.accounts) == ()
    signed_in = await people.accept(invited.token)
    assert not await Contact.exists().where(Contact.mandate == waiting)
    assert [one.mandate for one in await holdings(people.accounts, signed_in.account)] == [waiting]


async def test_who_does_not_answer_is_asked_three_times_and_no_more(people: People) -> None:
    await contact(await people.mandate())
    asked = 0
    for _ in range(6):
        asked += len(await invite_waiting(people.accounts))
        people.clock.move(days=15)
    assert asked == 3


async def test_two_nodes_that_look_at_once_send_one_mail(people: People) -> None:
    for _ in range(5):
        await contact(await people.mandate())
    both = await asyncio.gather(invite_waiting(people.accounts), invite_waiting(people.accounts))
    tokens = [invited.token for one in both for invited in one]
    assert len(tokens) == 5
    for token in tokens:
        await look_at(people.accounts, token)
    assert len(await people.letters()) == 5
