"""Changing one's password and profile."""

import zoneinfo
from functools import cache
from typing import Any, Final

from app.security.people import AccountId, Person
from app.services.accounts.accounts import Accounts
from app.services.accounts.knowing import check_own_password, wrong
from app.services.accounts.sessions import end_all
from app.services.mail.letters import LANGUAGES, PasswordChangedLetter
from app.services.mail.outbox import Envelope, queue
from app.store.tables import Account, PasswordReset
from governance.errors import Refusal
from governance.instants import Instant
from governance.lines import problem_of_line
from governance.value import Value

_SALT: Final = 16
_LONGEST_NAME: Final = 120


class AccountUnknown(Refusal):
    """This account is not there any more."""

    code = "account_unknown"


class ProfileInvalid(Refusal):
    """A profile cannot say this."""

    code = "profile_invalid"


class Profile(Value):
    """What somebody says of themselves. `email` is the address they sign in with."""

    account: AccountId
    email: str
    name: str
    language: str
    time_zone: str
    created: Instant

    def __repr__(self) -> str:
        """Without what is personal."""
        return f"Profile(account={self.account!r})"


async def profile(accounts: Accounts, person: Person) -> Profile:
    """One's own profile.

    Raises:
        AccountUnknown: the account was erased.
    """
    del accounts
    rows = await Account.select().where(Account.id == person.account)
    if not rows:
        raise unknown()
    return _profile(rows[0])


async def change_profile(accounts: Accounts, person: Person, *, name: str, language: str, time_zone: str) -> Profile:
    """Change the display name, the language (`en` or `es`) and the time zone (an IANA name such as `Europe/Madrid`).

    Raises:
        ProfileInvalid: one of them is none.
        AccountUnknown: the account was erased.
    """
    check_profile(name, language, time_zone)
    changed = (
        await Account.update(
            {
                Account.name: name,
                Account.language: language,
                Account.time_zone: time_zone,
                Account.changed: accounts.clock(),
            }
        )
        .where(Account.id == person.account)
        .returning(*Account.all_columns())
    )
    if not changed:
        raise unknown()
    return _profile(changed[0])


async def change_password(accounts: Accounts, person: Person, *, old: str, new: str, network: str) -> None:
    """Change one's password. All other sessions end, and a mail says that it happened.

    Raises:
        PasswordWrong: `old` is not the present one.
        PasswordRefused: `new` cannot be a password; its subclasses say why.
        TooManyAttempts, PasswordsBusy: as in `sign_in`.
    """
    known = await check_own_password(accounts, person, old, network)
    hashed = await accounts.passwords.hash(new, accounts.randomness(_SALT), known.email)
    async with accounts.transaction():
        present = await accounts.locked(person.account)
        if present is None or present["password"] != known.stored:
            raise wrong()
        await set_password(accounts, present, hashed)
        await end_all(accounts, person.account, but=person.session)


async def set_password(accounts: Accounts, present: Any, hashed: str) -> None:  # noqa: ANN401 - a row by column
    """Write a new password's hash, within a transaction that holds the account's row; links to set another are void."""
    now = accounts.clock()
    await Account.update({Account.password: hashed, Account.changed: now}).where(Account.id == present["id"])
    await PasswordReset.delete().where(PasswordReset.account == present["id"])
    to = Envelope(email=present["email"], language=present["language"], account=present["id"])
    await queue(PasswordChangedLetter(at=now), to, now=now, randomness=accounts.randomness)


def check_profile(name: str, language: str, time_zone: str) -> None:
    """Refuse what a profile cannot say.

    Raises:
        ProfileInvalid: an empty or over-long name, another language, or no time zone.
    """
    if problem := problem_of_line(name, _LONGEST_NAME):
        raise ProfileInvalid(f"The name {problem}. Write it on one line, as others are to see it.")
    if language not in LANGUAGES:
        raise ProfileInvalid(f"There is no such language here. Choose one of: {', '.join(LANGUAGES)}.")
    if time_zone not in _time_zones():
        raise ProfileInvalid(
            "There is no such time zone. Write it like Europe/Madrid or America/Argentina/Buenos_Aires."
        )


def unknown() -> AccountUnknown:
    """The refusal, for whoever looks an account up."""
    return AccountUnknown("It was erased, with everything that was stored about its owner.")


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _profile(row: Any) -> Profile:  # noqa: ANN401 - a row by column
    return Profile(
        account=row["id"],
        email=row["email"],
        name=row["name"],
        language=row["language"],
        time_zone=row["time_zone"],
        created=row["created"],
    )
