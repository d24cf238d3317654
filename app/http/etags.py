"""Entity tags (RFC 9110 §8.8.3): who has the newest already is told so, and is not sent it again."""

import hashlib
from typing import Any, Final, TypeVar

from litestar import Request, Response
from litestar.response.base import ASGIResponse
from litestar.status_codes import HTTP_200_OK, HTTP_304_NOT_MODIFIED

_LENGTH: Final = 32
_KEPT: Final = frozenset({"cache-control", "content-location", "vary", "expires", "link"})
_CHANGING: Final = "no-cache"
"""What can change may be kept, and is asked for again each time. Who asks decides whether it is given: never `public`."""
T = TypeVar("T")


class Tagged(Response[T]):
    """A response with a strong entity tag over its bytes: 304 without them where `If-None-Match` names it.

    It is checked again each time unless the handler says otherwise in `Cache-Control`.
    """

    def to_asgi_response(self, app: Any, request: Request[Any, Any, Any], **more: Any) -> ASGIResponse:  # noqa: ANN401 - passed on
        """Render, and compare."""
        full = super().to_asgi_response(app, request, **more)
        if full.status_code != HTTP_200_OK:
            return full
        tag = tag_of(full.body)
        full.headers["etag"] = tag
        full.headers.setdefault("cache-control", _CHANGING)
        full.headers.add("vary", "Authorization")
        if not matches(request.headers.get("if-none-match", ""), tag):
            return full
        kept = [(name, value) for name, value in full.headers.items() if name.lower() in _KEPT]
        return ASGIResponse(status_code=HTTP_304_NOT_MODIFIED, headers=[("etag", tag), *kept])


def tag_of(content: bytes) -> str:
    """A strong entity tag of a representation: the first half of its SHA-256."""
    return f'"{hashlib.sha256(content).hexdigest()[:_LENGTH]}"'


def matches(header: str, tag: str) -> bool:
    """Whether a header If-None-Match names a tag, by weak comparison (RFC 9110 §13.1.2)."""
    named = [one.strip().removeprefix("W/") for one in header.split(",")]
    return "*" in named or tag in named
