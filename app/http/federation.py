"""The federation itself, as it is now."""

from litestar import get
from litestar.di import NamedDependency

from app.services.reading.federation import FederationView, read_federation
from app.services.serving import Service


@get("/api/v1/federation", tags=["federation"], operation_id="getFederation")
async def get_federation(service: NamedDependency[Service]) -> FederationView:
    """Get the federation.

    Its name, the origin and key of its log, whether its founding was ratified, and which versions of charter and general
    provisions are in force.
    """
    return await read_federation(service)
