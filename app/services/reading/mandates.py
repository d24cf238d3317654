"""Mandates in force. Who holds one is not said here: a mandate is a random id, and never a person."""

from typing import Any

from piccolo.querystring import QueryString

from app.services.reading.coops import require_coop
from app.services.reading.when import asked_instant
from app.services.serving import Service
from app.store.log_reading import Run
from app.store.moment import at_one_moment
from governance.ids import MandateId
from governance.instants import Instant
from governance.mandate import Role
from governance.value import Value


class MandateView(Value):
    """Authority to act, from `starts` until `ends`, or until it is revoked."""

    id: MandateId
    role: Role
    starts: Instant
    ends: Instant | None


class MandatesView(Value):
    """Mandates in force, those of stewards last."""

    items: tuple[MandateView, ...]


async def read_mandates(service: Service, coop: str, at: str | None) -> MandatesView:
    """The mandates of a coop that are in force at an instant.

    Raises:
        CoopUnknown: there is no such coop.
        NotAnInstant: `at` is no instant or day.
    """
    when = service.clock() if at is None else asked_instant(at)
    async with at_one_moment(service.engine) as run:
        await require_coop(run, coop)
        return MandatesView(items=await mandates_of(run, "coop", coop, when))


async def mandates_of(run: Run, column: str, whose: str, at: Instant) -> tuple[MandateView, ...]:
    """The mandates of a coop or an office in force at an instant."""
    rows = await run(
        QueryString(
            'SELECT "id", "role", "starts", "ends" FROM "mandate" '  # noqa: S608 - only our words
            f'WHERE "{column}" = {{}} AND "starts" <= {{}} AND ("ends" IS NULL OR "ends" > {{}}) '
            'ORDER BY "role", "starts", "id"',
            whose,
            at,
            at,
        )
    )
    return tuple(map(_mandate, rows))


def _mandate(row: dict[str, Any]) -> MandateView:
    return MandateView(id=row["id"], role=row["role"], starts=row["starts"], ends=row["ends"])
