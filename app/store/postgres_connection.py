"""How a connection to PostgreSQL is made, and how it is told that one is lost."""

from typing import Any, Final
from urllib.parse import urlsplit

import asyncpg

from app.store.reaching import DatabaseUnreachable

PATIENCE: Final = 30.0
"""Seconds to wait for an answer."""
_SETTINGS: Final = {
    "application_name": "rochdale",
    # Sent when the connection begins, so that no default of a role or a database takes away what is promised:
    "synchronous_commit": "on",  # a commit is on disk, and on the synchronous standby if there is one, when it returns
    "default_transaction_isolation": "read committed",  # what follows a lock sees what was committed before it
    # A process that hangs, or whose host is gone, must not hold its locks for ever.
    "idle_in_transaction_session_timeout": "60s",
    "lock_timeout": "20s",
    "tcp_keepalives_idle": "30",
}
_LOST: Final = (
    OSError,  # which a timeout is too
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InternalClientError,
)


async def connect(url: str, **options: Any) -> Any:  # noqa: ANN401 - asyncpg is untyped, and its pool passes what it likes
    """A connection. TLS, time limits and whatever else the driver knows are options of the URL.

    Raises:
        DatabaseUnreachable: nothing answers there, or it refuses.
    """
    try:
        return await asyncpg.connect(url, **{"timeout": PATIENCE, **options, "server_settings": _SETTINGS})
    except (OSError, asyncpg.PostgresError) as error:
        raise DatabaseUnreachable(f"PostgreSQL at {_host(url)} cannot be used: {_said(error)}.") from error
    except asyncpg.InterfaceError as error:
        # What the driver says of a URL that it does not understand can repeat a part of it, and so the password.
        raise DatabaseUnreachable(
            "The driver does not understand the options of the database's URL. Correct them."
        ) from error


def is_lost(error: Exception) -> bool:
    """Whether an error says that a connection cannot be used any more."""
    # Of a closed connection the driver says so with the root of its own errors; what derives from that is something else.
    return isinstance(error, _LOST) or type(error) is asyncpg.InterfaceError


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}{f':{parts.port}' if parts.port else ''}"


def _said(error: Exception) -> str:
    return str(error).rstrip(".") or type(error).__name__
