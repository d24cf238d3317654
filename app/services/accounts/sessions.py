"""Sessions, seen and ended by those whose they are."""

import re
from typing import Final

from piccolo.querystring import QueryString

from app.ledger.errors import SessionEnded
from app.security.people import AccountId, Person, SessionId
from app.services.accounts.accounts import Accounts
from app.services.accounts.drawing import hash_of
from app.store.tables import RefreshToken
from app.store.tables import Session as Row
from governance.errors import Refusal
from governance.instants import Instant
from governance.value import Value

_PATTERN: Final = re.compile("s-[0-9a-f]{32}")


class SessionUnknown(Refusal):
    """You have no such session."""

    code = "session_unknown"


class Session(Value):
    """A session that goes on. `here` is the one that asks."""

    id: SessionId
    device: str
    created: Instant
    last_seen: Instant
    expires: Instant
    here: bool


async def authenticate(accounts: Accounts, access: str) -> Person:
    """Who an access token names, once its signature and its session hold (one short query).

    Raises:
        TokenRefused: the token is none of ours, or has expired.
        SessionEnded: its session was ended.
    """
    person = accounts.tokens.verify(access, now=accounts.clock())
    await require_session(accounts, person)
    return person


async def require_session(accounts: Accounts, person: Person) -> None:
    """Return if somebody's session goes on.

    Raises:
        SessionEnded: it was ended, or was erased with its account.
    """
    going_on = (Row.account == person.account) & Row.ended.is_null() & (Row.expires > accounts.clock())
    if not await Row.exists().where(Row.id == person.session, going_on):
        raise SessionEnded("This session has ended, here or on another device. Sign in again.")


async def sessions(accounts: Accounts, person: Person) -> tuple[Session, ...]:
    """The sessions of somebody that go on, the one seen last first."""
    rows = (
        await Row.select()
        .where(Row.account == person.account, Row.ended.is_null(), Row.expires > accounts.clock())
        .order_by(Row.last_seen, ascending=False)
    )
    return tuple(
        Session(
            id=SessionId(row["id"]),
            device=row["device"],
            created=row["created"],
            last_seen=row["last_seen"],
            expires=row["expires"],
            here=row["id"] == person.session,
        )
        for row in rows
    )


async def sign_out(accounts: Accounts, person: Person) -> None:
    """End the session that asks. A second time nothing happens."""
    await Row.update({Row.ended: accounts.clock()}).where(
        Row.id == person.session, Row.account == person.account, Row.ended.is_null()
    )


async def sign_out_by_refresh(accounts: Accounts, token: str) -> None:
    """End the session of a refresh token, for a browser whose access token has expired; an unknown one ends nothing."""
    found = await RefreshToken.select(RefreshToken.session).where(RefreshToken.hash == hash_of(token))
    if found:
        await Row.update({Row.ended: accounts.clock()}).where(Row.id == found[0]["session"], Row.ended.is_null())


async def end_session(accounts: Accounts, person: Person, session: SessionId) -> None:
    """End one of one's own sessions.

    Raises:
        SessionUnknown: there is none such that goes on.
    """
    now = accounts.clock()
    # What is no id is not asked for: PostgreSQL refuses text with a zero byte.
    ended = _PATTERN.fullmatch(session) and (
        await Row.update({Row.ended: now})
        .where(Row.id == session, Row.account == person.account, Row.ended.is_null(), Row.expires > now)
        .returning(Row.id)
    )
    if not ended:
        raise SessionUnknown("Look at the list of your sessions: it may have ended already.")


async def end_other_sessions(accounts: Accounts, person: Person) -> int:
    """End all of one's sessions but the one that asks, and say how many those were."""
    return await end_all(accounts, person.account, but=person.session)


async def end_all(accounts: Accounts, account: AccountId, *, but: SessionId | None = None) -> int:
    """End the sessions of an account, but one, and say how many went on until then."""
    now = accounts.clock()
    rows = await accounts.run(
        QueryString(
            'UPDATE "session" SET "ended" = {} WHERE "account" = {} AND "id" <> {} AND "ended" IS NULL '
            'RETURNING "expires"',
            now,
            account,
            but or "",
        )
    )
    return sum(row["expires"] > now for row in rows)
