"""What is counted of requests, for Prometheus. Routes stand in it as templates: nobody's id, name or address does."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram

_BOUNDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
REGISTRY: Final = CollectorRegistry()
"""What this process counts. With PROMETHEUS_MULTIPROC_DIR the numbers of all processes stand in files in that directory."""
_REQUESTS: Final = Counter(
    "rochdale_http_requests", "Requests that were answered.", ("method", "route", "status"), registry=REGISTRY
)
_SECONDS: Final = Histogram(
    "rochdale_http_request_seconds", "How long answering took.", ("route",), buckets=_BOUNDS, registry=REGISTRY
)
_requests: Final[dict[tuple[str, str, int], Counter]] = {}
_seconds: Final[dict[str, Histogram]] = {}


def count(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request. Methods are of a closed list, routes our own templates: so the numbers do not grow without end."""
    key = (method if method in _METHODS else "other", route, status)
    requests = _requests.get(key)
    if requests is None:
        requests = _requests[key] = _REQUESTS.labels(key[0], route, str(status))
    requests.inc()
    duration = _seconds.get(route)
    if duration is None:
        duration = _seconds[route] = _SECONDS.labels(route)
    duration.observe(seconds)
