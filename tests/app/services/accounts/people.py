"""People of a small federation, on a database that the test brings. What the log would say stands in its projections."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec

from app.security import token_keys
from app.security.passwords import Parameters
from app.security.people import Person
from app.services.accounts.accepting import accept
from app.services.accounts.accounts import Accounts
from app.services.accounts.inviting import invite
from app.services.accounts.signing_in import SignedIn, sign_in
from app.services.mail.letters import Letter
from app.settings import Database
from app.store.engines import engine_for
from app.store.migrating import migrate
from app.store.tables import Coop, Federation, Mandate, Office, Outbox
from governance.ids import MandateId
from governance.instants import Instant
from tests.app.ledger.small_federation import START, MovedClock, counted_bytes

CHEAP = Parameters(passes=1, memory=8, lanes=1)
PASSWORD = "correct horse battery staple"
HOME = "192.0.2.7"
ELSEWHERE = "198.51.100.9"
CAFE = "198.51.100.77"
"""Where everybody accepts their invitation."""
ISSUER = "https://coop.example"


def mandate_id(number: int) -> MandateId:
    return MandateId(f"m-{number:032x}")


class People:
    """Accounts with everything they need."""

    def __init__(self, accounts: Accounts, clock: MovedClock, database: Database) -> None:
        self.accounts = accounts
        self.clock = clock
        self.database = database
        self._numbers = itertools.count(1)

    async def mandate(
        self, role: str = "delegate", *, coop: str | None = "c1", office: str | None = None, **times: Any
    ) -> MandateId:
        """A mandate as the log would have given it."""
        mandate = mandate_id(next(self._numbers))
        given = {"starts": START, "ends": None, **times}
        await Mandate.insert(Mandate(id=mandate, role=role, coop=None if office else coop, office=office, **given))
        return mandate

    async def enrol(self, email: str = "ana@coop.example", mandate: MandateId | None = None) -> SignedIn:
        """Somebody who accepted an invitation to a mandate."""
        invited = await invite(self.accounts, mandate=mandate or await self.mandate(), address=email)
        return await self.accept(invited.token)

    async def accept(self, token: str, **given: str) -> SignedIn:
        filled = {
            "password": PASSWORD, "name": "Ana", "language": "es", "time_zone": "Europe/Madrid", "device": "laptop",
            "network": CAFE, **given
        }  # fmt: skip
        return await accept(self.accounts, token=token, **filled)

    async def sign_in(self, email: str = "ana@coop.example", **given: str) -> SignedIn:
        filled = {"password": PASSWORD, "device": "phone", "network": HOME, **given}
        return await sign_in(self.accounts, email=email, **filled)

    async def letters(self) -> list[Letter]:
        """What waits in the outbox, in the order in which it was put there."""
        rows = await Outbox.select().where(Outbox.body.is_not_null()).order_by(Outbox.created)
        return [msgspec.json.decode(row["body"], type=Letter) for row in rows]


def person(signed_in: SignedIn) -> Person:
    return Person(account=signed_in.account, session=signed_in.session)


@asynccontextmanager
async def people_on(database: Database, place: Path, *, projected: bool = False) -> AsyncIterator[People]:
    """A federation of two coops and a board, without anybody; or, where it is `projected`, what the database holds."""
    clock = MovedClock()
    engine = engine_for(database)
    await engine.start_connection_pool()  # type: ignore[no-untyped-call]  # Piccolo does not type it
    try:
        await migrate(engine)
        token_keys.create_first(place, now=START, seed=bytes(range(32)))
        accounts = Accounts(engine, place, issuer=ISSUER, clock=clock, randomness=counted_bytes(), parameters=CHEAP)
        if not projected:
            await _write_projections(START)
        try:
            yield People(accounts, clock, database)
        finally:
            accounts.close()
    finally:
        await engine.close_connection_pool()  # type: ignore[no-untyped-call]  # as above


async def _write_projections(at: Instant) -> None:
    for number, name in enumerate(("Alerce", "Bruma"), 1):
        await Coop.insert(
            Coop(
                id=f"c{number}",
                number=number,
                name=name,
                country="AR",
                category="full",
                status="member",
                since=at,
                member_since=at,
                good_standing=1,
                services="[]",
                seq=number,
            )
        )
    await Office.insert(Office(id="board", title="Board", powers="[]", seats=3))
    await Federation.insert(
        Federation(
            id=1,
            origin="coop.example/log",
            key="k",
            name="Two Coops",
            founded=1,
            founding="d",
            charter_version=1,
            provisions_version=1,
            provisions="{}",
        )
    )
