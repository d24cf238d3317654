"""The federation as it is now."""

import msgspec
from piccolo.querystring import QueryString

from app.services.opening import FederationMissing
from app.services.serving import Service


class ContinuationView(msgspec.Struct, frozen=True, kw_only=True):
    """That the log went on after a loss, with the entry `seq`: from which origin and key to which.

    `signed` is how many entries are known to have been signed before, `lost` how many of them are gone.
    """

    seq: int
    at: str
    origin: str
    key: str
    origin_before: str
    key_before: str
    signed: int
    lost: int


class FederationView(msgspec.Struct, frozen=True, kw_only=True):
    """The federation: `founding` is the digest to ratify, `ratified_by` the proposal that did.

    Where there are `continuations`, entries of the log were lost, and with them what they recorded.
    """

    name: str
    origin: str
    key: str
    founding: str
    ratified_by: str | None
    charter_version: int
    provisions_version: int
    continuations: tuple[ContinuationView, ...]


async def read_federation(service: Service) -> FederationView:
    """The federation as the projections say.

    Raises:
        FederationMissing: none was founded.
    """
    rows = await service.engine.run_querystring(
        QueryString(
            'SELECT "name", "origin", "key", "founding", "ratified_by", "charter_version", "provisions_version" '
            'FROM "federation" WHERE "id" = 1'
        )
    )
    if not rows:
        raise FederationMissing("No federation was founded here yet.")
    losses = await service.engine.run_querystring(
        QueryString(
            'SELECT "seq", "at", "origin", "key", "origin_before", "key_before", "signed", "signed" - "seq" AS "lost" '
            'FROM "log_continuation" ORDER BY "seq"'
        )
    )
    return FederationView(**rows[0], continuations=tuple(ContinuationView(**row) for row in losses))
