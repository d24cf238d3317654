"""The outbox: mails that wait to be sent."""

from datetime import timedelta
from typing import Final

import msgspec

from app.ledger.batch import Randomness
from app.security.people import AccountId
from app.services.mail.letters import Letter, kind_of
from app.store.tables import Outbox as Row
from governance.instants import Instant, later
from governance.value import Value

PATIENCE: Final = timedelta(days=3)
"""How long a mail is tried that says no earlier end."""


class Envelope(Value):
    """To whom a letter goes."""

    email: str
    language: str | None
    account: AccountId | None = None

    def __repr__(self) -> str:
        """Without the address."""
        return f"Envelope(account={self.account!r})"


async def queue(
    letter: Letter, to: Envelope, *, now: Instant, randomness: Randomness, expires: Instant | None = None
) -> None:
    """Put a letter into the outbox, within the transaction of what causes it: either both are there, or neither."""
    await Row.insert(
        Row(
            id=f"o-{randomness(16).hex()}",
            kind=kind_of(letter),
            account=to.account,
            email=to.email,
            language=to.language,
            body=msgspec.json.encode(letter).decode(),
            created=now,
            expires=expires or later(now, PATIENCE),
            due=now,
            attempts=0,
        )
    )


async def waiting() -> int:
    """How many mails wait to be sent."""
    return int(await Row.count().where(Row.sent.is_null(), Row.failed.is_null()))
