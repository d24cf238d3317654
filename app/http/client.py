"""Where a request comes from, for throttling only. It is neither stored nor logged."""

from typing import Any

from litestar.connection import ASGIConnection


def network_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The client's IP address; an empty text over a socket that has none."""
    return connection.client.host if connection.client is not None else ""
