"""The federation as it is now."""

import msgspec
from piccolo.querystring import QueryString

from app.services.opening import FederationMissing
from app.services.serving import Service


class FederationView(msgspec.Struct, frozen=True, kw_only=True):
    """The federation: `founding` is the digest to ratify, `ratified_by` the proposal that did."""

    name: str
    origin: str
    key: str
    founding: str
    ratified_by: str | None
    charter_version: int
    provisions_version: int


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
    return FederationView(**rows[0])
