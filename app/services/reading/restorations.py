"""Stewards that are being restored to coops whose people are gone: everybody is told before it takes effect."""

from typing import Final

import msgspec
from piccolo.querystring import QueryString

from app.services.serving import Service
from app.store.log_reading import Run
from app.store.moment import at_one_moment
from governance.ids import CoopId, MandateId
from governance.instants import Instant
from governance.value import Value

_read_attested: Final = msgspec.json.Decoder(dict[str, str]).decode


class Attestation(Value):
    """Whom a coop attests as the new steward."""

    by: CoopId
    steward: MandateId


class RestorationView(Value):
    """A steward being restored to a coop. Once two coops attest the same `steward`, it takes effect at `due`."""

    coop: CoopId
    attested: tuple[Attestation, ...]
    steward: MandateId | None
    due: Instant | None


class RestorationsView(Value):
    """Every restoration under way, in order of the coops' numbers."""

    items: tuple[RestorationView, ...]


async def list_restorations(service: Service) -> RestorationsView:
    """The restorations under way."""
    async with at_one_moment(service.engine) as run:
        return RestorationsView(items=await restorations(run))


async def restorations(run: Run, coop: str | None = None) -> tuple[RestorationView, ...]:
    """The restorations under way, of one coop or of all."""
    only, args = ('WHERE "coop" = {} ', [coop]) if coop is not None else ("", [])
    rows = await run(
        QueryString(
            f'SELECT "coop", "attested", "steward", "due" FROM "restoration" {only}'  # noqa: S608 - only our words
            'ORDER BY CAST(SUBSTR("coop", 2) AS BIGINT)',
            *args,
        )
    )
    return tuple(
        RestorationView(
            coop=row["coop"],
            attested=tuple(
                Attestation(by=CoopId(by), steward=MandateId(steward))
                for by, steward in _read_attested(row["attested"]).items()
            ),
            steward=row["steward"],
            due=row["due"],
        )
        for row in rows
    )
