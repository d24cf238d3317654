"""Signing in with an e-mail address and a password.

Who guesses is slowed down, and nobody is locked out by others: the narrow limit is for one address from one network. The limit
for one address from everywhere does not hold for networks from which its owner has signed in before. The limit for one network
counts only what was wrong, so that a whole hall behind one address can sign in within a minute.
"""

from datetime import timedelta
from typing import Final

from piccolo.querystring import QueryString

from app.security.people import AccountId, Person, SessionId
from app.services.accounts.accounts import Accounts
from app.services.accounts.addresses import spelled
from app.services.accounts.drawing import new_id, new_secret
from app.services.accounts.throttling import Bucket, Limit, bucket, charge, network_of, refund
from app.store.tables import Account, KnownNetwork, RefreshToken, Throttle
from app.store.tables import Session as Row
from governance.errors import Refusal
from governance.instants import Instant, later
from governance.value import Value

SESSION_LIFETIME: Final = timedelta(days=90)
"""After this one signs in anew, however busy the session was."""
REFRESH_LIFETIME: Final = timedelta(days=30)
"""How long a session lasts that is not used."""
FROM_ONE_NETWORK: Final = Limit(burst=10, every=timedelta(minutes=1))
"""Wrong passwords for one address from one network."""
FROM_EVERYWHERE: Final = Limit(burst=100, every=timedelta(minutes=1))
"""Wrong passwords for one address from networks that it has not signed in from. 100 is what NIST SP 800-63B allows."""
OF_ONE_NETWORK: Final = Limit(burst=300, every=timedelta(seconds=6))
"""Wrong passwords from one network, for whatever addresses."""
_KNOWN: Final = timedelta(days=90)
_SALT: Final = 16
_LONGEST_DEVICE: Final = 80


class SignInRefused(Refusal):
    """The address or the password is wrong."""

    code = "sign_in_refused"


class SignedIn(Value):
    """A session with its tokens: the access token for requests, the refresh token for the next of both."""

    account: AccountId
    session: SessionId
    access: str
    access_expires: Instant
    refresh: str
    refresh_expires: Instant

    def __repr__(self) -> str:
        """Without the tokens."""
        return f"SignedIn(account={self.account!r}, session={self.session!r})"


async def sign_in(accounts: Accounts, *, email: str, password: str, device: str, network: str) -> SignedIn:
    """Begin a session. `device` is a label for its owner; `network` the client's IP address, which is not kept.

    Raises:
        SignInRefused: the address or the password is wrong; which of them is not said.
        TooManyAttempts: too many attempts went before; it says when to try again.
        PasswordsBusy: more passwords are waiting to be checked than this server can check soon.
    """
    address, near = spelled(email), network_of(network)
    known = accounts.keyed("known network", address, near)
    buckets = await _buckets(accounts, address, near, known)
    await charge(accounts, *buckets)
    rows = await Account.select(Account.id, Account.password).where(Account.email == address)
    stored: str | None = rows[0]["password"] if rows else None
    if not await accounts.passwords.check(password, stored) or stored is None:
        raise _refused()
    account = AccountId(rows[0]["id"])
    again = (
        await accounts.passwords.hash_known(password, accounts.randomness(_SALT))
        if accounts.passwords.outdated(stored)
        else stored
    )
    async with accounts.transaction():
        present = await accounts.locked(account)
        if present is None or present["password"] != stored:
            # It was erased, or its password changed, while this one was being checked.
            raise _refused()
        if again != stored:
            await Account.update({Account.password: again}).where(Account.id == account)
        await refund(accounts, *buckets)
        await _remember(accounts, known, account)
        return await begin(accounts, account, device)


async def welcome(accounts: Accounts, *, account: AccountId, email: str, network: str) -> None:
    """Let somebody who has just shown otherwise who they are sign in from there, whatever others tried, within a transaction."""
    near = network_of(network)
    await _remember(accounts, accounts.keyed("known network", email, near), account)
    await Throttle.delete().where(Throttle.bucket == bucket(accounts, FROM_ONE_NETWORK, "sign in", email, near).id)


async def begin(accounts: Accounts, account: AccountId, device: str) -> SignedIn:
    """Begin a session of an account that is there, within a transaction."""
    now = accounts.clock()
    session = SessionId(new_id("s", accounts.randomness))
    expires = later(now, SESSION_LIFETIME)
    await Row.insert(
        Row(id=session, account=account, device=label_of(device), created=now, last_seen=now, expires=expires)
    )
    return await next_tokens(accounts, Person(account=account, session=session), generation=0, session_expires=expires)


async def next_tokens(accounts: Accounts, person: Person, *, generation: int, session_expires: Instant) -> SignedIn:
    """An access token and a refresh token of a generation, which is written down, within a transaction."""
    now = accounts.clock()
    secret = new_secret(accounts.randomness)
    expires = min(later(now, REFRESH_LIFETIME), session_expires)
    await RefreshToken.insert(
        RefreshToken(hash=secret.hash, session=person.session, generation=generation, created=now, expires=expires)
    )
    access, access_expires = accounts.tokens.issue(person, now=now, unique=accounts.randomness(_SALT))
    return SignedIn(
        account=person.account,
        session=person.session,
        access=access,
        access_expires=access_expires,
        refresh=secret.token,
        refresh_expires=expires,
    )


def label_of(device: str) -> str:
    """A label that can be shown: one short line, whatever a client sends."""
    shown = "".join(letter for letter in device if letter.isprintable()).strip()
    return shown[:_LONGEST_DEVICE].strip() or "?"


async def _buckets(accounts: Accounts, address: str, near: str, known: str) -> tuple[Bucket, ...]:
    narrow = bucket(accounts, FROM_ONE_NETWORK, "sign in", address, near)
    spray = bucket(accounts, OF_ONE_NETWORK, "sign in", near)
    since = later(accounts.clock(), -_KNOWN)
    if await KnownNetwork.exists().where(KnownNetwork.id == known, KnownNetwork.seen >= since):
        return narrow, spray
    return narrow, spray, bucket(accounts, FROM_EVERYWHERE, "sign in", address)


async def _remember(accounts: Accounts, known: str, account: AccountId) -> None:
    await accounts.run(
        QueryString(
            'INSERT INTO "known_network" ("id", "account", "seen") VALUES ({}, {}, {}) '
            'ON CONFLICT ("id") DO UPDATE SET "account" = excluded."account", "seen" = excluded."seen"',
            known,
            account,
            accounts.clock(),
        )
    )


def _refused() -> SignInRefused:
    return SignInRefused("Check both and try again, or ask for a link to set a new password.")
