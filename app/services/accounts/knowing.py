"""Asking somebody who is signed in for their password again, before something that cannot be undone."""

from app.security.people import Person
from app.services.accounts.accounts import Accounts
from app.services.accounts.signing_in import FROM_ONE_NETWORK
from app.services.accounts.throttling import bucket, charge, network_of, refund
from app.store.tables import Account
from governance.errors import Refusal
from governance.value import Value


class PasswordWrong(Refusal):
    """This is not your password."""

    code = "password_wrong"


class Known(Value):
    """An account whose password was just given: the hash that it had then, and its address."""

    stored: str
    email: str

    def __repr__(self) -> str:
        """Without either."""
        return "Known()"


async def check_own_password(accounts: Accounts, person: Person, password: str, network: str) -> Known:
    """The account, where the password is right.

    Raises:
        PasswordWrong: it is not.
        TooManyAttempts: it was wrong too often.
        PasswordsBusy: too many are waiting to be checked.
    """
    limit = bucket(accounts, FROM_ONE_NETWORK, "own password", person.account, network_of(network))
    await charge(accounts, limit)
    rows = await Account.select(Account.password, Account.email).where(Account.id == person.account)
    if not await accounts.passwords.check(password, rows[0]["password"] if rows else None):
        raise wrong()
    async with accounts.transaction():
        await refund(accounts, limit)
    return Known(stored=rows[0]["password"], email=rows[0]["email"])


def wrong() -> PasswordWrong:
    """The refusal, for where the password changed meanwhile."""
    return PasswordWrong(
        "Type the password that you sign in with. If you have forgotten it, ask for a link to set a new one."
    )
