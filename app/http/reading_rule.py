"""The guards of what is read: they hold every route of a room to the federation's rule on reading."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from app.http.person import person_if_any
from app.services.reading.rule import What, require_reading
from app.services.serving import Service

Connection = ASGIConnection[Any, Any, Any, Any]


async def views_readable(connection: Connection, handler: BaseRouteHandler) -> None:
    """Hold what the service shows to the rule; refuses as `require_reading`."""
    del handler
    await _require(connection, "views")


async def log_readable(connection: Connection, handler: BaseRouteHandler) -> None:
    """Hold the log itself to the rule; refuses as `require_reading`."""
    del handler
    await _require(connection, "log")


async def _require(connection: Connection, what: What) -> None:
    service: Service = connection.app.state.service
    await require_reading(service, await person_if_any(connection, service), what)
