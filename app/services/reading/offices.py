"""The offices, what they may do without a vote, and the mandates by which they are held."""

from datetime import timedelta
from typing import Any, Final

import msgspec
from piccolo.querystring import QueryString

from app.services.reading.mandates import MandateView, mandates_of
from app.services.serving import Service
from app.store.log_reading import Run
from app.store.moment import at_one_moment
from governance.ids import Digest, OfficeId
from governance.instants import Instant
from governance.mandate import Office, OfficeUnknown, Power, office_digest
from governance.rule_words import duration_words
from governance.value import Value

_read_powers: Final = msgspec.json.Decoder(tuple[Power, ...]).decode
_COLUMNS: Final = '"id", "title", "powers", "seats", "term"'


class OfficeView(Value):
    """An office. `base` names it as it is, for a proposal to change it; `term_words` says its term in words."""

    id: OfficeId
    title: str
    powers: tuple[Power, ...]
    seats: int
    term: timedelta | None
    term_words: str
    base: Digest
    holders: tuple[MandateView, ...]


class OfficesView(Value):
    """Every office, in order of its id."""

    items: tuple[OfficeView, ...]


async def list_offices(service: Service) -> OfficesView:
    """Every office."""
    now = service.clock()
    async with at_one_moment(service.engine) as run:
        rows = await run(QueryString(f'SELECT {_COLUMNS} FROM "office" ORDER BY "id"'))  # noqa: S608 - only our words
        return OfficesView(items=tuple([await _office(run, row, now) for row in rows]))


async def read_office(service: Service, office: str) -> OfficeView:
    """An office.

    Raises:
        OfficeUnknown: there is none.
    """
    async with at_one_moment(service.engine) as run:
        rows = await run(QueryString(f'SELECT {_COLUMNS} FROM "office" WHERE "id" = {{}}', office))  # noqa: S608 - as above
        if not rows:
            raise OfficeUnknown(f"There is no office {office[:40]!r}.")
        return await _office(run, rows[0], service.clock())


async def _office(run: Run, row: dict[str, Any], now: Instant) -> OfficeView:
    term = None if row["term"] is None else msgspec.convert(row["term"], timedelta)
    office = Office(id=row["id"], title=row["title"], powers=_read_powers(row["powers"]), seats=row["seats"], term=term)
    return OfficeView(
        id=office.id,
        title=office.title,
        powers=office.powers,
        seats=office.seats,
        term=term,
        term_words="until it ends otherwise" if term is None else duration_words(term),
        base=office_digest(office),
        holders=await mandates_of(run, "office", office.id, now),
    )
