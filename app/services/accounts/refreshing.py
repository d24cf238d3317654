"""Refreshing: a new pair of tokens for a refresh token, which is spent by that (RFC 9700, 4.14.2).

A spent token that comes again was stolen, or its thief was faster: the whole session ends. But an answer can get lost on the way,
and two tabs of a browser can ask at once. So a spent token is taken again within ten seconds, as long as none of the tokens that
came from it was used. Those are siblings: the first that is used spends the others, and whoever comes later with one of them
has a spent token. A thief thus has ten seconds, and is found out as soon as both sides have asked once more.
"""

from datetime import timedelta
from typing import Any, Final

from piccolo.querystring import QueryString

from app.security.people import AccountId, Person, SessionId
from app.services.accounts.accounts import Accounts
from app.services.accounts.drawing import hash_of
from app.services.accounts.signing_in import SignedIn, next_tokens
from app.store.tables import RefreshToken as Row
from app.store.tables import Session
from governance.errors import Refusal
from governance.instants import Instant, later

GRACE: Final = timedelta(seconds=10)
"""How long a spent token is taken again, while what came from it is unused."""
_SIBLINGS: Final = 32


class RefreshRefused(Refusal):
    """This session cannot be continued."""

    code = "refresh_refused"


class RefreshReused(RefreshRefused):
    """This session was ended, because its refresh token was used a second time."""

    code = "refresh_reused"


async def refresh(accounts: Accounts, token: str) -> SignedIn:
    """The next pair of tokens of a session.

    Raises:
        RefreshRefused: the token is unknown, expired, or its session has ended.
        RefreshReused: it was spent before; whoever has it, the session is ended.
    """
    hashed = hash_of(token)
    found = await Row.select(Row.session).where(Row.hash == hashed)
    if not found:
        raise _refused()
    async with accounts.transaction():
        # The session's row first, which everybody who refreshes waits for; the token is only then looked at.
        session = await _locked(accounts, SessionId(found[0]["session"]))
        rows = await Row.select().where(Row.hash == hashed)
        if session is None or not rows or rows[0]["expires"] <= accounts.clock():
            raise _refused()
        person = Person(account=AccountId(session["account"]), session=SessionId(session["id"]))
        if await _fresh(accounts, person.session, rows[0]):
            generation = rows[0]["generation"] + 1
            return await next_tokens(
                accounts, person, generation=generation, session_expires=Instant(session["expires"])
            )
        # Committed, so not raised within the transaction.
        await Session.update({Session.ended: accounts.clock()}).where(Session.id == person.session)
    raise RefreshReused("Somebody may have copied it. Sign in again; if it was not you, change your password.")


async def _locked(accounts: Accounts, session: SessionId) -> Any:  # noqa: ANN401 - a row by column
    """The session, seen now and held until the transaction ends, or None where it has ended."""
    now = accounts.clock()
    rows = await accounts.run(
        QueryString(
            'UPDATE "session" SET "last_seen" = {} WHERE "id" = {} AND "ended" IS NULL AND "expires" > {} RETURNING *',
            now,
            session,
            now,
        )
    )
    return rows[0] if rows else None


async def _fresh(accounts: Accounts, session: SessionId, row: Any) -> bool:  # noqa: ANN401 - as above
    """Whether a token may be used: it never was, or just now and without consequence. Afterwards it is spent."""
    now = accounts.clock()
    if row["used"] is None:
        # Its siblings are spent with it.
        await Row.update({Row.used: now}).where(
            Row.session == session, Row.generation == row["generation"], Row.used.is_null()
        )
        return True
    children = await Row.select(Row.used).where(Row.session == session, Row.generation == row["generation"] + 1)
    if now > later(row["used"], GRACE) or any(child["used"] is not None for child in children):
        return False
    if len(children) >= _SIBLINGS:
        raise _refused()
    return True


def _refused() -> RefreshRefused:
    return RefreshRefused("It has ended, or was too long unused. Sign in again.")
