"""For whoever keeps the server: whether the process lives, whether it is ready, and how it does."""

import hmac
import os
from collections.abc import Iterator
from typing import Any, Final

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.types import ControllerRouterHandler
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from app.http.refusals import AddressUnknown
from app.http.surroundings.metrics import REGISTRY
from app.services.health import Health, Readiness, numbers
from app.services.serving import Service

_NOT_KEPT: Final = {"Cache-Control": "no-store"}
_SHARED: Final = "PROMETHEUS_MULTIPROC_DIR"
_SCHEME: Final = "bearer"


@get("/health/live", tags=["health"], operation_id="getLive", media_type="text/plain", sync_to_thread=False)
def get_live() -> Response[str]:
    """Ask whether the process lives.

    It asks nothing else: a process whose database is away lives, and is not to be begun again for it.
    """
    return Response("alive\n", media_type="text/plain", headers=_NOT_KEPT)


@get(
    "/health/ready",
    tags=["health"],
    operation_id="getReady",
    responses={503: ResponseSpec(Readiness, description="Nothing can be recorded now.", generate_examples=False)},
)
async def get_ready(state: State, service: NamedDependency[Service]) -> Response[Readiness]:
    """Ask whether something could be recorded now.

    The database answers, has every table of this version, clock and log are right, and the signer signs. Otherwise 503 and
    a list of reasons, each with the permanent code of what would be refused.
    """
    health: Health = state.health
    found = await health.ready(service)
    return Response(
        found,
        status_code=200 if found.ready else 503,
        headers=_NOT_KEPT if found.ready else {**_NOT_KEPT, "Retry-After": "5"},
    )


@get("/metrics", include_in_schema=False)
async def get_metrics(request: Request[Any, Any, Any], service: NamedDependency[Service]) -> Response[bytes]:
    """Give what is counted, as Prometheus reads it, to whoever has the operator's token; to all others there is nothing."""
    wanted = service.settings.metrics_token
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if wanted is None or scheme.lower() != _SCHEME or not hmac.compare_digest(given.encode(), wanted.encode()):
        raise AddressUnknown("There is nothing at this address. The API's description is at /api.")
    registry = REGISTRY
    if os.environ.get(_SHARED):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # prometheus_client leaves it untyped
    present = CollectorRegistry()
    present.register(Present(await numbers(service)))
    content = generate_latest(registry) + generate_latest(present)
    return Response(content, media_type=CONTENT_TYPE_LATEST, headers=_NOT_KEPT)


class Present(Collector):
    """Numbers that are read when somebody asks, and so kept nowhere, however many processes there are."""

    def __init__(self, found: dict[str, float]) -> None:
        """Take the numbers by name."""
        self._found = found

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Give each as Prometheus wants it."""
        for name, number in self._found.items():
            yield GaugeMetricFamily(f"rochdale_{name}", f"Now: {name.replace('_', ' ')}.", value=number)


HEALTH: Final[tuple[ControllerRouterHandler, ...]] = (get_live, get_metrics, get_ready)
