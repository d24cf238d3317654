"""The headers that every answer carries, so that a browser does nothing with it that was not meant."""

import base64
import hashlib
from typing import Final

Headers = tuple[tuple[bytes, bytes], ...]
POLICY: Final = b"content-security-policy"
API_POLICY: Final = b"default-src 'none'; frame-ancestors 'none'"
_ALWAYS: Final[Headers] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-embedder-policy", b"require-corp"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
_TRANSPORT: Final = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


def headers_for(public_url: str | None) -> Headers:
    """The headers of every answer; that only HTTPS is spoken here is said where people reach the service by it."""
    return (*_ALWAYS, _TRANSPORT) if public_url is not None and public_url.startswith("https:") else _ALWAYS


def page_policy(style: str) -> bytes:
    """The policy of a page without scripts, whose one style sheet stands in the page."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    said = (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return said.encode()
