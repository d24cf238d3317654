"""Addresses of those who hold a mandate, until they have an account. Personal data: it can be erased and never enters the log."""

from collections.abc import Iterable

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
