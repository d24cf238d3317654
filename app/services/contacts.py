"""Addresses of those who hold a mandate, until they have an account. Personal data: it can be erased and never enters the log."""

from collections.abc import Iterable

from piccolo.querystring import QueryString

from app.store.engines import AnyEngine
from app.store.tables import Contact as Row
from governance.ids import MandateId
from governance.value import Value


class Contact(Value):
    """Where to write to the holder of a mandate."""

    mandate: MandateId
    address: str

    def __repr__(self) -> str:
        """Without the address."""
        return f"Contact(mandate={self.mandate!r})"


async def remember(contacts: Iterable[Contact]) -> None:
    """Keep these addresses, in place of what a founding that was interrupted may have left."""
    rows = [Row(mandate=contact.mandate, address=contact.address) for contact in contacts]
    async with Row._meta.db.transaction():  # noqa: SLF001 - Piccolo's documented way to a table's engine
        await Row.delete(force=True)
        if rows:
            await Row.insert(*rows)


async def remember_also(engine: AnyEngine, contact: Contact) -> None:
    """Keep one more address. The first one that is given for a mandate stays."""
    await engine.run_querystring(
        QueryString(
            'INSERT INTO "contact" ("mandate", "address") VALUES ({}, {}) ON CONFLICT ("mandate") DO NOTHING',
            contact.mandate,
            contact.address,
        )
    )
