"""What is counted of requests, for Prometheus. Routes stand in it as templates: nobody's id, name or address does."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram

from app.ledger.watching import Worked

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
_BATCHES: Final = Counter("rochdale_ledger_batches", "Batches that were appended together.", registry=REGISTRY)
_ASKED: Final = Histogram(
    "rochdale_ledger_batch_size",
    "Groups of commands in a batch.",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256),
    registry=REGISTRY,
)
_ENTRIES: Final = Counter("rochdale_ledger_entries", "Entries that this process appended.", registry=REGISTRY)
_APPENDING: Final = Histogram(
    "rochdale_ledger_batch_seconds", "From the lock to the last answer of a batch.", buckets=_BOUNDS, registry=REGISTRY
)
_SIGNING: Final = Histogram(
    "rochdale_ledger_signing_seconds", "How long signing a batch took.", buckets=_BOUNDS, registry=REGISTRY
)
_WAITING: Final = Histogram(
    "rochdale_ledger_waiting",
    "Groups of commands that had come when a batch was done.",
    buckets=(0, 1, 4, 16, 64, 256),
    registry=REGISTRY,
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


def count_batch(worked: Worked) -> None:
    """Count a batch of the ledger. Looking what is due without anything to record is none."""
    if not worked.entries:
        return
    _BATCHES.inc()
    _ASKED.observe(worked.groups)
    _ENTRIES.inc(worked.entries)
    _APPENDING.observe(worked.seconds)
    _SIGNING.observe(worked.signing)
    _WAITING.observe(worked.waiting)
