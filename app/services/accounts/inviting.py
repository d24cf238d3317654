"""Inviting whoever is to hold a mandate: a link that makes, or finds, their account and binds the mandate to it."""

import logging
from datetime import timedelta
from typing import Any, Final, get_args

from piccolo.querystring import QueryString

from app.security.people import Person
from app.services.accounts.accounts import Accounts
from app.services.accounts.addresses import AddressInvalid, address_of
from app.services.accounts.drawing import new_secret
from app.services.accounts.holding import Holding, holdings, mandate_of_log
from app.services.accounts.throttling import Limit, bucket, charge
from app.services.mail.letters import InvitationLetter, Language
from app.services.mail.outbox import Envelope, queue
from app.store.tables import Federation
from app.store.tables import Holding as HoldingRow
from governance.errors import Refusal
from governance.ids import MandateId
from governance.instants import Instant, later
from governance.mandate import MandateUnknown
from governance.value import Value

LIFETIME: Final = timedelta(days=14)
"""How long an invitation is good."""
TRIES: Final = 3
"""How often somebody is invited who does not answer, without anybody asking for it."""
BY_ONE: Final = Limit(burst=30, every=timedelta(minutes=2))
"""Invitations that one person sends."""
_log: Final = logging.getLogger(__name__)
_WAITING: Final = (
    'SELECT c."mandate", c."address" FROM "contact" AS c JOIN "mandate" AS m ON m."id" = c."mandate" '
    'LEFT JOIN "holding" AS h ON h."mandate" = c."mandate" LEFT JOIN "invitation" AS i ON i."mandate" = c."mandate" '
    'WHERE h."mandate" IS NULL AND (m."ends" IS NULL OR m."ends" > {}) '
    'AND (i."mandate" IS NULL OR (i."used" IS NULL AND i."expires" <= {} AND i."times" < {})) ORDER BY c."mandate"'
)
_PUT: Final = (
    'INSERT INTO "invitation" ("mandate", "hash", "email", "created", "expires", "times") VALUES ({}, {}, {}, {}, {}, 1) '
    'ON CONFLICT ("mandate") DO UPDATE SET "hash" = excluded."hash", "email" = excluded."email", '
    '"created" = excluded."created", "expires" = excluded."expires", "used" = NULL, "times" = "invitation"."times" + 1 '
)
# Of two nodes that find the same waiting, one gets a row back and sends the mail.
_PUT_WAITING: Final = f'{_PUT} WHERE "invitation"."used" IS NULL AND "invitation"."expires" <= {{}} RETURNING "times"'


class MandateHeld(Refusal):
    """Somebody holds this mandate already."""

    code = "mandate_held"


class NotSteward(Refusal):
    """Only a steward of the mandate's coop can invite somebody to it."""

    code = "not_steward"


class Invited(Value):
    """An invitation that was made. Its token is shown once, here; stored is only its hash."""

    mandate: MandateId
    token: str
    expires: Instant

    def __repr__(self) -> str:
        """Without the token."""
        return f"Invited(mandate={self.mandate!r}, expires={self.expires!r})"


async def invite(accounts: Accounts, *, mandate: MandateId, address: str, language: str | None = None) -> Invited:
    """Invite somebody to hold a mandate of the log: a mail is queued, and the link comes back too. It replaces an earlier one.

    For the service itself and the command line; people use `invite_as`. Without a language the mail is in all of them.

    Raises:
        MandateUnknown: the log has no such mandate, or it has ended.
        MandateHeld: somebody holds it already.
        AddressInvalid: this is no e-mail address.
    """
    to = Envelope(email=address_of(address), language=_language(language))
    async with accounts.transaction():
        found = await _open(accounts, mandate)
        return await _put(accounts, found, to, f'{_PUT} RETURNING "times"')


async def invite_as(
    accounts: Accounts, person: Person, *, mandate: MandateId, address: str, language: str | None = None
) -> Invited:
    """Invite somebody to a mandate of the coop that one is a steward of; refuses as `invite` does.

    Raises:
        NotSteward: one is not a steward of that mandate's coop.
        TooManyAttempts: one has invited too many in the last hour.
    """
    found = await mandate_of_log(accounts, mandate)
    stewarded = {
        held.coop for held in await holdings(accounts, person.account) if held.in_force and held.role == "steward"
    }
    if found is None or found.coop is None or found.coop not in stewarded:
        raise NotSteward("Ask a steward of that coop. Whoever takes an office is invited by the service.")
    await charge(accounts, bucket(accounts, BY_ONE, "invite", person.account))
    return await invite(accounts, mandate=mandate, address=address, language=language)


async def invite_waiting(accounts: Accounts) -> tuple[Invited, ...]:
    """Invite everybody whose address is known, whose mandate goes on, and who neither holds it nor has an open invitation.

    Call it when the server starts and after mandates were given. Each mandate is tried three times at most.
    """
    now = accounts.clock()
    invited = [
        await _invite_contact(accounts, MandateId(row["mandate"]), row["address"])
        for row in await accounts.run(QueryString(_WAITING, now, now, TRIES))
    ]
    return tuple(one for one in invited if one is not None)


async def _invite_contact(accounts: Accounts, mandate: MandateId, address: str) -> Invited | None:
    try:
        to = Envelope(email=address_of(address), language=None)
        async with accounts.transaction():
            return await _put(accounts, await _open(accounts, mandate), to, _PUT_WAITING, accounts.clock())
    except AddressInvalid:
        # One bad address of a founding file keeps nobody else from being invited.
        _log.warning("the holder of %s cannot be written to: their address is none", mandate)
    except (MandateHeld, MandateUnknown, _TakenByAnother):
        pass
    return None


class _TakenByAnother(Exception):
    """Another node has invited them meanwhile."""


async def _open(accounts: Accounts, mandate: MandateId) -> Holding:
    """A mandate that goes on and that nobody holds."""
    found = await mandate_of_log(accounts, mandate)
    if found is None or found.ended(accounts.clock()):
        raise MandateUnknown("There is no such mandate, or it has ended. Give a new one first.")
    if await HoldingRow.exists().where(HoldingRow.mandate == mandate):
        raise MandateHeld("Whoever is to take it over needs a mandate of their own.")
    return found


async def _put(accounts: Accounts, mandate: Holding, to: Envelope, sql: str, *more: Any) -> Invited:  # noqa: ANN401 - arguments of SQL
    now = accounts.clock()
    secret = new_secret(accounts.randomness)
    expires = later(now, LIFETIME)
    rows = await accounts.run(QueryString(sql, mandate.mandate, secret.hash, to.email, now, expires, *more))
    if not rows:
        raise _TakenByAnother
    names = await Federation.select(Federation.name)
    letter = InvitationLetter(
        token=secret.token,
        federation=names[0]["name"] if names else "",
        role=mandate.role,
        name=mandate.name,
        expires=expires,
    )
    await queue(letter, to, now=now, randomness=accounts.randomness, expires=expires)
    return Invited(mandate=mandate.mandate, token=secret.token, expires=expires)


def _language(language: str | None) -> str | None:
    return language if language in get_args(Language) else None
