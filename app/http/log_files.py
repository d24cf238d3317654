"""The log's large answers: tiles, which never change, and the bundle, which is streamed."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from pathlib import PurePosixPath
from typing import Any, Final

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from app.http.log import BYTES, NEVER_KEPT, kept
from app.services.log_reading.bundles import open_bundle
from app.services.log_reading.tiles import read_tile
from app.services.serving import Service
from governance.log.errors import TilePathInvalid
from governance.log.tiles import WIDTH, parse_path

_ROOM: Final = b"/log/"
_MINUTE: Final = 60
"""A partial tile never changes either, but a wider one soon takes its place."""
_PATIENCE: Final = 60.0
"""Seconds in which whoever downloads the bundle has to take its next piece."""
_log: Final = logging.getLogger(__name__)


@get("/log/tile/{path:path}", tags=["log"], operation_id="getTile", media_type=BYTES)
async def get_tile(
    request: Request[Any, Any, Any], service: NamedDependency[Service], path: FromPath[PurePosixPath]
) -> Response[bytes]:
    """Get a tile.

    `tile/<L>/<N>` with the hashes of level L, or `tile/entries/<N>` with the entries themselves, each 256 wide, or `.p/<W>`
    after it for the first W (c2sp.org/tlog-tiles). N is written in groups of three digits: `x001/x234/067`.
    """
    del (
        path
    )  # Litestar has tidied it up: slashes that were doubled, dots, percent signs. There is one spelling of a tile.
    tile = parse_path(_asked(request.scope))
    content = await read_tile(service, tile)
    return Response(content, media_type=BYTES, headers=kept(request) if tile.width == WIDTH else kept(request, _MINUTE))


class Download(Stream):
    """A stream that is given up when nobody takes its next piece."""

    def __init__(self, pieces: AsyncGenerator[bytes, None], **more: Any) -> None:  # noqa: ANN401 - as Litestar's own
        """Take the pieces; they are closed when the response ends, however it ends."""
        super().__init__(pieces, **more)
        self._pieces = pieces

    def to_asgi_response(self, app: Any, request: Request[Any, Any, Any], **more: Any) -> ASGIApp:  # type: ignore[override]  # noqa: ANN401 - Litestar's own signature
        """The response, with patience that ends."""
        stream = super().to_asgi_response(app, request, **more)

        async def send_in_time(scope: Scope, receive: Receive, send: Send) -> None:
            async def send_one(message: Message) -> None:
                async with asyncio.timeout(_PATIENCE):
                    await send(message)

            try:
                await stream(scope, receive, send_one)
            except* TimeoutError:
                _log.info("a download was given up")
            finally:
                # Whoever left it half-read holds no place of a download, and no page of the log.
                await self._pieces.aclose()

        return send_in_time


@get("/log/bundle", tags=["log"], operation_id="getBundle", media_type=BYTES)
async def get_bundle(service: NamedDependency[Service]) -> Stream:
    """Get the bundle.

    The one file from which everything can be recomputed offline, of the log as it is now: `rochdale verify` reads it.
    """
    bundle = await open_bundle(service)
    name = f"log-{bundle.size}.bundle"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', **NEVER_KEPT}
    return Download(bundle.pieces(), media_type=BYTES, headers=headers)


def _asked(scope: Scope) -> str:
    """What was asked for below the room of the log, exactly as it was sent."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    path = raw.partition(b"?")[0].removeprefix(scope.get("root_path", "").encode())
    if not path.startswith(_ROOM):
        raise TilePathInvalid("The path of a tile is written like /log/tile/0/x001/234, in no other way.")
    return path.removeprefix(_ROOM).decode("ascii", errors="replace")
