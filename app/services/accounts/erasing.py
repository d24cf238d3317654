"""Erasing one's own account. What stands in the log stays there, as a random id that nobody is known by any more."""

from piccolo.querystring import QueryString

from app.security.people import AccountId, Person
from app.services.accounts.accounts import Accounts
from app.services.accounts.holding import holdings
from app.services.accounts.knowing import check_own_password, wrong
from app.store.tables import Account, Contact, Invitation, KnownNetwork, Outbox, PasswordReset, RefreshToken, Session
from app.store.tables import Holding as HoldingRow
from governance.ids import CoopId, MandateId
from governance.instants import Instant
from governance.value import Value


class Erased(Value):
    """What erasing does, or did: mandates in force that nobody holds then, and coops that are left without a steward."""

    mandates: tuple[MandateId, ...]
    stewardless: tuple[CoopId, ...]


async def before_erasing(accounts: Accounts, person: Person) -> Erased:
    """What erasing would do, to be shown first."""
    held = [one for one in await holdings(accounts, person.account) if not one.ended(accounts.clock())]
    stewarded = {one.coop for one in held if one.role == "steward" and one.coop is not None}
    return Erased(
        mandates=tuple(one.mandate for one in held),
        stewardless=tuple(
            sorted(
                [coop for coop in stewarded if not await _other_steward(accounts, person.account, coop)],
                key=lambda coop: int(coop[1:]),
            )
        ),
    )


async def erase(accounts: Accounts, person: Person, *, password: str, network: str) -> Erased:
    """Erase one's own account: its rows go, its sessions end, its mandates have no holder.

    The log is as it was: a mandate is a random id there, and nothing leads from it to a person any more. Its coop's steward can
    revoke it; a coop that is left without a steward is restored as decision 28 says.

    Raises:
        PasswordWrong: this is not the password.
        TooManyAttempts, PasswordsBusy: as in `sign_in`.
    """
    known = await check_own_password(accounts, person, password, network)
    async with accounts.transaction():
        present = await accounts.locked(person.account)
        if present is None or present["password"] != known.stored:
            raise wrong()
        erased = await before_erasing(accounts, person)
        await _forget(person.account, present["email"])
    return erased


async def _forget(account: AccountId, email: str) -> None:
    """Delete every row about a person. Throttles are keyed hashes, and are swept within days."""
    held = await HoldingRow.delete().where(HoldingRow.account == account).returning(HoldingRow.mandate)
    mandates = [row["mandate"] for row in held]
    if mandates:
        await Contact.delete().where(Contact.mandate.is_in(mandates))
        await Invitation.delete().where(Invitation.mandate.is_in(mandates))
    # Addresses of contacts are as people wrote them; what spells the same is the same person's.
    for row in await Contact.select():
        if row["address"].strip().casefold() == email:
            await Contact.delete().where(Contact.mandate == row["mandate"])
    await Invitation.delete().where(Invitation.email == email)
    sessions = [row["id"] for row in await Session.delete().where(Session.account == account).returning(Session.id)]
    if sessions:
        await RefreshToken.delete().where(RefreshToken.session.is_in(sessions))
    await PasswordReset.delete().where(PasswordReset.account == account)
    await KnownNetwork.delete().where(KnownNetwork.account == account)
    await Outbox.delete().where((Outbox.account == account) | (Outbox.email == email))
    await Account.delete().where(Account.id == account)


async def _other_steward(accounts: Accounts, account: AccountId, coop: CoopId) -> bool:
    """Whether another account holds a steward's mandate of a coop that is in force."""
    now: Instant = accounts.clock()
    return bool(
        await accounts.run(
            QueryString(
                'SELECT m."id" FROM "mandate" AS m JOIN "holding" AS h ON h."mandate" = m."id" WHERE m."coop" = {} '
                'AND m."role" = {} AND m."starts" <= {} AND (m."ends" IS NULL OR m."ends" > {}) AND h."account" <> {}',
                coop,
                "steward",
                now,
                now,
                account,
            )
        )
    )
