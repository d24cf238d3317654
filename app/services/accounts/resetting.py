"""A forgotten password: a link by mail, once, for an hour."""

from datetime import timedelta
from typing import Final

from piccolo.querystring import QueryString

from app.services.accounts.accounts import Accounts
from app.services.accounts.addresses import spelled
from app.services.accounts.changing import set_password
from app.services.accounts.drawing import hash_of, new_secret
from app.services.accounts.sessions import end_all
from app.services.accounts.signing_in import welcome
from app.services.accounts.throttling import Limit, TooManyAttempts, bucket, charge, network_of
from app.services.mail.letters import ResetLetter
from app.services.mail.outbox import Envelope, queue
from app.store.tables import Account, PasswordReset
from governance.errors import Refusal
from governance.instants import later

LIFETIME: Final = timedelta(hours=1)
"""How long the link is good."""
FOR_ONE_ADDRESS: Final = Limit(burst=3, every=timedelta(minutes=20))
"""Links sent to one address, whoever asks."""
OF_ONE_NETWORK: Final = Limit(burst=100, every=timedelta(seconds=30))
"""Links asked for from one network."""
_SALT: Final = 16


class ResetRefused(Refusal):
    """This link to set a new password is not good any more."""

    code = "reset_refused"


async def request_reset(accounts: Accounts, *, email: str, network: str) -> None:
    """Send a link to the address, if there is an account with it. What comes back is the same if there is none.

    Raises:
        TooManyAttempts: too many were asked for from this network. Too many for one address are silently not sent.
    """
    address = spelled(email)
    await charge(accounts, bucket(accounts, OF_ONE_NETWORK, "reset", network_of(network)))
    try:
        await charge(accounts, bucket(accounts, FOR_ONE_ADDRESS, "reset", address))
    except TooManyAttempts:
        # Said aloud, it would tell others that somebody's mailbox is full of links; those who have them need no other.
        return
    now, secret = accounts.clock(), new_secret(accounts.randomness)
    async with accounts.transaction():
        found = await Account.select(Account.id, Account.language).where(Account.email == address)
        present = await accounts.locked(found[0]["id"]) if found else None
        if present is None:
            return
        expires = later(now, LIFETIME)
        await accounts.run(
            QueryString(
                'INSERT INTO "password_reset" ("account", "hash", "created", "expires") VALUES ({}, {}, {}, {}) '
                'ON CONFLICT ("account") DO UPDATE SET "hash" = excluded."hash", "created" = excluded."created", '
                '"expires" = excluded."expires"',
                present["id"],
                secret.hash,
                now,
                expires,
            )
        )
        to = Envelope(email=address, language=present["language"], account=present["id"])
        letter = ResetLetter(token=secret.token, expires=expires)
        await queue(letter, to, now=now, randomness=accounts.randomness, expires=expires)


async def reset(accounts: Accounts, *, token: str, password: str, network: str) -> None:
    """Set a new password with the token of the link. All sessions end, and a mail says that it happened.

    Whoever could read the mail can then sign in from this network, however many others guess at the password.

    Raises:
        ResetRefused: the link is unknown, used, replaced by a later one, or too old.
        PasswordRefused: this cannot be a password; its subclasses say why. The link stays good.
        PasswordsBusy: as in `sign_in`.
    """
    hashed_token = hash_of(token)
    good = (PasswordReset.hash == hashed_token) & (PasswordReset.expires > accounts.clock())
    found = await PasswordReset.select(PasswordReset.account).where(good)
    rows = await Account.select(Account.id, Account.email).where(Account.id == found[0]["account"]) if found else []
    if not rows:
        raise _refused()
    hashed = await accounts.passwords.hash(password, accounts.randomness(_SALT), rows[0]["email"])
    async with accounts.transaction():
        present = await accounts.locked(rows[0]["id"])
        if present is None or not await PasswordReset.delete().where(good).returning(PasswordReset.account):
            raise _refused()
        await set_password(accounts, present, hashed)
        await end_all(accounts, present["id"])
        await welcome(accounts, account=present["id"], email=present["email"], network=network)


def _refused() -> ResetRefused:
    return ResetRefused("It was used, replaced by a later one, or is older than an hour. Ask for a new one.")
