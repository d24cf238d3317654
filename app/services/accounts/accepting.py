"""Accepting an invitation, with a new account or an existing one."""

from typing import Final

from piccolo.querystring import QueryString

from app.security.people import AccountId, Person
from app.services.accounts.accounts import Accounts
from app.services.accounts.changing import check_profile
from app.services.accounts.drawing import hash_of, new_id
from app.services.accounts.holding import Holding, mandate_of_log
from app.services.accounts.signing_in import SignedIn, begin, welcome
from app.store.tables import Account, Contact
from app.store.tables import Invitation as Row
from governance.errors import Refusal
from governance.ids import MandateId
from governance.instants import Instant
from governance.value import Value

_SALT: Final = 16


class InvitationRefused(Refusal):
    """This invitation is not good any more."""

    code = "invitation_refused"


class AccountExists(Refusal):
    """There is an account with this address already."""

    code = "account_exists"


class Invitation(Value):
    """What an invitation is for, to be shown before it is accepted. `account_exists`: its address has an account already."""

    email: str
    expires: Instant
    mandate: Holding
    account_exists: bool


async def look_at(accounts: Accounts, token: str) -> Invitation:
    """What an invitation is for.

    Raises:
        InvitationRefused: the link is unknown, used, replaced by a later one, or too old, or its mandate has ended.
    """
    now = accounts.clock()
    rows = await Row.select().where(Row.hash == hash_of(token), Row.used.is_null(), Row.expires > now)
    mandate = await mandate_of_log(accounts, MandateId(rows[0]["mandate"])) if rows else None
    if mandate is None or mandate.ended(now):
        raise _refused()
    email = str(rows[0]["email"])
    return Invitation(
        email=email,
        expires=rows[0]["expires"],
        mandate=mandate,
        account_exists=await Account.exists().where(Account.email == email),
    )


async def accept(  # noqa: PLR0913 - a form with these fields, each named
    accounts: Accounts,
    *,
    token: str,
    password: str,
    name: str,
    language: str,
    time_zone: str,
    device: str,
    network: str,
) -> SignedIn:
    """Make an account with the invitation's address, bind the mandate to it, and begin a session.

    Raises:
        InvitationRefused: as in `look_at`.
        AccountExists: this address has an account; sign in and accept with `bind`.
        PasswordRefused, ProfileInvalid: these cannot be. The invitation stays good.
        PasswordsBusy: as in `sign_in`.
    """
    invitation = await look_at(accounts, token)
    check_profile(name, language, time_zone)
    if invitation.account_exists:
        raise _exists()
    hashed = await accounts.passwords.hash(password, accounts.randomness(_SALT), invitation.email, name)
    account = AccountId(new_id("a", accounts.randomness))
    now = accounts.clock()
    async with accounts.transaction():
        made = await accounts.run(
            QueryString(
                'INSERT INTO "account" ("id", "email", "password", "name", "language", "time_zone", "created", "changed") '
                'VALUES ({}, {}, {}, {}, {}, {}, {}, {}) ON CONFLICT ("email") DO NOTHING RETURNING "id"',
                account,
                invitation.email,
                hashed,
                name,
                language,
                time_zone,
                now,
                now,
            )
        )
        if not made:
            raise _exists()
        await _take(accounts, token, account)
        await welcome(accounts, account=account, email=invitation.email, network=network)
        return await begin(accounts, account, device)


async def bind(accounts: Accounts, person: Person, token: str) -> Holding:
    """Bind the mandate of an invitation to one's own account, whatever address it was sent to.

    Raises:
        InvitationRefused: as in `look_at`.
    """
    invitation = await look_at(accounts, token)
    async with accounts.transaction():
        if await accounts.locked(person.account) is None:
            raise _refused()
        await _take(accounts, token, person.account)
    return invitation.mandate


async def _take(accounts: Accounts, token: str, account: AccountId) -> None:
    """Use an invitation, once: whoever comes second is refused. What was known of the address only for this is forgotten."""
    now = accounts.clock()
    used = (
        await Row.update({Row.used: now, Row.email: None})
        .where(Row.hash == hash_of(token), Row.used.is_null(), Row.expires > now)
        .returning(Row.mandate)
    )
    if not used:
        raise _refused()
    mandate = MandateId(used[0]["mandate"])
    held = await accounts.run(
        QueryString(
            'INSERT INTO "holding" ("mandate", "account", "since") VALUES ({}, {}, {}) '
            'ON CONFLICT ("mandate") DO NOTHING RETURNING "mandate"',
            mandate,
            account,
            now,
        )
    )
    if not held:
        raise _refused()
    await Contact.delete().where(Contact.mandate == mandate)


def _refused() -> InvitationRefused:
    return InvitationRefused(
        "It was used, replaced by a later one, is too old, or its mandate ended. Ask for a new one."
    )


def _exists() -> AccountExists:
    return AccountExists("Sign in with it, and open the link again: the mandate is added to your account.")
