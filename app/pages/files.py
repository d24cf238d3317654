"""The files that pages need, served under names that change with their content, so that they can be kept for ever."""

import hashlib
from functools import cache
from importlib.resources import files
from typing import Final

from litestar import Response, get
from litestar.params import FromPath

from app.http.refusals import AddressUnknown

_TYPES: Final = {"css": "text/css"}
_LENGTH: Final = 12
_FOR_EVER: Final = "public, max-age=31536000, immutable"


@cache
def address_of(name: str) -> str:
    """Where a file is served: its name with the beginning of its SHA-256."""
    stem, _, ending = name.rpartition(".")
    return f"/static/{stem}.{hashlib.sha256(_read(name)).hexdigest()[:_LENGTH]}.{ending}"


@cache
def _read(name: str) -> bytes:
    return (files("app.pages") / "static" / name).read_bytes()


@get("/static/{name:str}", include_in_schema=False, sync_to_thread=False)
def get_file(name: FromPath[str]) -> Response[bytes]:
    """Get a file of the pages."""
    for known in ("style.css",):
        if address_of(known) == f"/static/{name}":
            kind = _TYPES[known.rpartition(".")[2]]
            return Response(_read(known), media_type=kind, headers={"Cache-Control": _FOR_EVER})
    raise AddressUnknown("There is no such file. The page that named it was changed: load it anew.")
