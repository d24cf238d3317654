"""Asking a service that runs on this machine whether it is ready, as whoever watches it does."""

import asyncio
import http.client
from typing import Final
from urllib.parse import urlsplit

from app.settings import LOCAL, Settings

_PATIENCE: Final = 5.0
_PAUSE: Final = 0.25
_ANYWHERE: Final = {"0.0.0.0": LOCAL, "::": "::1"}  # noqa: S104 - who listens everywhere is asked here
_OK: Final = 200
_LONGEST: Final = 4_096


async def ask(settings: Settings, wait: float = 0) -> tuple[bool, str]:
    """Whether the service is ready, and what it said; for as many seconds as `wait` it is asked again until it is."""
    loop = asyncio.get_running_loop()
    until = loop.time() + wait
    while True:
        ready, said = await asyncio.to_thread(_ask, settings)
        if ready or loop.time() >= until:
            return ready, said
        await asyncio.sleep(_PAUSE)


def _ask(settings: Settings) -> tuple[bool, str]:
    host = _ANYWHERE.get(settings.host, settings.host)
    connection = http.client.HTTPConnection(host, settings.port, timeout=_PATIENCE)
    try:
        # Who is known by a public name answers to that only.
        named = urlsplit(settings.public_url).hostname if settings.public_url else None
        connection.request("GET", "/health/ready", headers={"Host": named} if named else {})
        answer = connection.getresponse()
        return answer.status == _OK, answer.read(_LONGEST).decode(errors="replace").strip()
    except (OSError, http.client.HTTPException) as error:
        return False, f"Nothing that can be understood answers at {host}, port {settings.port}: {error}."
    finally:
        connection.close()
