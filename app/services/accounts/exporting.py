"""Everything that is stored about a person, for that person."""

from datetime import timedelta
from typing import Any, Final

from app.security.people import Person
from app.services.accounts.accounts import Accounts
from app.services.accounts.changing import Profile, profile
from app.services.accounts.holding import Holding, holdings
from app.services.accounts.throttling import Limit, bucket, charge
from app.store.log_reading import entries, head
from app.store.tables import Invitation, KnownNetwork, Outbox
from app.store.tables import Session as SessionRow
from governance.ids import MandateId
from governance.instants import Instant
from governance.records import read_record
from governance.value import Value

OFTEN: Final = Limit(burst=3, every=timedelta(minutes=20))
"""Exports of one person: each reads the whole log."""
_PAGE: Final = 500


class Acted(Value):
    """An entry of the log that one of a person's mandates wrote."""

    seq: int
    type: str
    at: Instant
    mandate: MandateId


class Mailed(Value):
    """A mail that was, or is to be, sent to a person."""

    kind: str
    created: Instant
    sent: Instant | None


class Visited(Value):
    """A session, also one that has ended."""

    device: str
    created: Instant
    last_seen: Instant
    expires: Instant
    ended: Instant | None


class Export(Value):
    """All of it. Secrets are left out: of the password and the tokens only hashes are stored.

    `networks` is when each known network was seen last: which one it was is stored as a keyed hash only.
    """

    at: Instant
    profile: Profile
    sessions: tuple[Visited, ...]
    holdings: tuple[Holding, ...]
    invitations: tuple[MandateId, ...]
    mails: tuple[Mailed, ...]
    networks: tuple[Instant, ...]
    acted: tuple[Acted, ...]


async def export(accounts: Accounts, person: Person) -> Export:
    """Everything that is stored about somebody. It reads the whole log, page by page: throttled to a few times an hour.

    Raises:
        AccountUnknown: the account was erased.
        TooManyAttempts: it was asked for too often.
    """
    own = await profile(accounts, person)
    await charge(accounts, bucket(accounts, OFTEN, "export", person.account))
    held = await holdings(accounts, person.account)
    visits = await SessionRow.select().where(SessionRow.account == person.account).order_by(SessionRow.created)
    invited = await Invitation.select(Invitation.mandate).where(Invitation.email == own.email)
    mails = (
        await Outbox.select()
        .where((Outbox.account == person.account) | (Outbox.email == own.email))
        .order_by(Outbox.created)
    )
    networks = await KnownNetwork.select(KnownNetwork.seen).where(KnownNetwork.account == person.account)
    return Export(
        at=accounts.clock(),
        profile=own,
        sessions=tuple(_visited(row) for row in visits),
        holdings=held,
        invitations=tuple(row["mandate"] for row in invited),
        mails=tuple(Mailed(kind=row["kind"], created=row["created"], sent=row["sent"]) for row in mails),
        networks=tuple(sorted(row["seen"] for row in networks)),
        acted=await _acted(accounts, [one.mandate for one in held]),
    )


async def _acted(accounts: Accounts, mandates: list[MandateId]) -> tuple[Acted, ...]:
    found: list[Acted] = []
    last = await head(accounts.run)
    wanted = [mandate.encode() for mandate in mandates]
    for start in range(0, last.size if last is not None and wanted else 0, _PAGE):
        for stored in await entries(accounts.run, start, start + _PAGE):
            # Most entries name none of them: only those that do are read.
            if any(one in stored.data for one in wanted):
                record = read_record(stored.data)
                if record.actor in mandates:
                    found.append(Acted(seq=record.seq, type=record.type, at=record.at, mandate=record.actor))
    return tuple(found)


def _visited(row: Any) -> Visited:  # noqa: ANN401 - a row by column
    return Visited(
        device=row["device"],
        created=row["created"],
        last_seen=row["last_seen"],
        expires=row["expires"],
        ended=row["ended"],
    )
