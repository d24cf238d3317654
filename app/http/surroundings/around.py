"""The one layer around the application. It is outermost, so that refusals of every kind pass through it as well."""

import time
from collections.abc import Callable, Iterable
from typing import Any, Final

import msgspec
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from app.http.problems import MEDIA_TYPE, problem_of
from app.http.refusals import AddressUnknown, ParameterInvalid
from app.http.surroundings.clients import Hosts, Network, Proxies
from app.http.surroundings.json_lines import log_answer
from app.http.surroundings.limits import Limits, refusal
from app.http.surroundings.metrics import count
from app.http.surroundings.refusals import AddressTooLong
from app.http.surroundings.request_ids import request_id_of
from app.http.surroundings.security_headers import API_POLICY, POLICY, headers_for
from app.settings import Settings
from governance.errors import RochdaleError

Identify = Callable[[Scope], str | None]
"""Says whose request it is, from a token that it has verified, or None."""
LONGEST_ADDRESS: Final = 8_192
"""Bytes of path and query at most."""
_HEALTH: Final = "/health/"
_NOTHING: Final = "\0"
_NOTHING_SPELLED: Final = b"%00"
_UNAUTHENTICATED: Final = 401
_NO_ROUTE: Final = "none"
_encode: Final = msgspec.json.Encoder().encode


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What the layer was told: by the settings, and by whoever puts the application together."""

    public_url: str | None = None
    allowed_hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[Network, ...] = ()
    page_policies: dict[str, bytes] = {}


def rules_of(settings: Settings) -> Rules:
    """The rules that settings say."""
    return Rules(
        public_url=settings.public_url, allowed_hosts=settings.allowed_hosts, trusted_proxies=settings.trusted_proxies
    )


class Around:
    """Gives each request an id, refuses what is not for us or too much, and adds to each answer what all carry."""

    def __init__(
        self, app: ASGIApp, rules: Rules, *, identify: Identify, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Go around an application."""
        self._app = app
        self._identify = identify
        self._clock = clock
        self._hosts = Hosts(rules.public_url, rules.allowed_hosts)
        self._proxies = Proxies(rules.trusted_proxies)
        self._limits = Limits()
        self._headers = headers_for(rules.public_url)
        self._policies = rules.page_policies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        await self._answer(scope, receive, send)

    async def _answer(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        began = self._clock()
        headers = _wanted(scope["headers"])
        path = scope["path"]
        known = scope["request_id"] = request_id_of(headers.get(b"x-request-id"))  # type: ignore[typeddict-unknown-key]  # our own
        peer = scope["client"]
        address = self._proxies.client(peer[0] if peer else "", headers.get(b"x-forwarded-for"))
        scope["client"] = (address, 0)
        policy = self._policies.get(path, API_POLICY)
        status = 500

        async def send_surrounded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                given = [header for header in message["headers"] if header[0] != b"server"]
                if not any(name == POLICY for name, _ in given):
                    given.append((POLICY, policy))
                given += self._headers
                given.append((b"x-request-id", known.encode()))
                message["headers"] = given
            await send(message)

        try:
            refused = self._refuse(scope, headers, address, began)
            if refused is None:
                await self._app(scope, receive, send_surrounded)
            else:
                await _refuse(*refused, known, send_surrounded)
        finally:
            seconds = self._clock() - began
            route = scope.get("path_template") or _NO_ROUTE
            if status == _UNAUTHENTICATED and b"authorization" in headers:
                self._limits.failed(address, began)
            count(scope["method"], route, status, seconds)
            if not path.startswith(_HEALTH):
                log_answer(scope["method"], route, status, seconds, known)

    def _refuse(
        self, scope: HTTPScope, headers: dict[bytes, bytes], address: str, now: float
    ) -> "tuple[RochdaleError, Iterable[tuple[bytes, bytes]]] | None":
        """Why a request goes no further, if it does not, with the headers that belong to that."""
        if len(scope.get("raw_path") or scope["path"]) + len(scope["query_string"]) > LONGEST_ADDRESS:
            return AddressTooLong(f"An address has at most {LONGEST_ADDRESS} bytes. Ask for less at once."), ()
        if _NOTHING in scope["path"]:
            # No name has this character, and PostgreSQL takes no text with it: so it is looked for nowhere.
            return AddressUnknown("There is nothing at this address. The API's description is at /api."), ()
        if _NOTHING_SPELLED in scope["query_string"]:
            return ParameterInvalid("A parameter has the character with the number 0 in it. Leave it out."), ()
        if scope["path"].startswith(_HEALTH):
            # Whoever watches the service asks by the name of a machine, and has to get an answer when it is busy.
            return None
        try:
            self._hosts.check(headers.get(b"host"))
        except RochdaleError as error:
            return error, ()
        claims = b"authorization" in headers
        account = self._identify(scope) if claims else None
        empty = self._limits.admit(account, address, scope["method"], claims=claims, now=now)
        return None if empty is None else refusal(empty)


async def _refuse(
    error: RochdaleError,
    headers: Iterable[tuple[bytes, bytes]],
    request_id: str,
    send: Any,  # noqa: ANN401 - as ASGI's
) -> None:
    problem = problem_of(error, f"urn:uuid:{request_id}")
    body = _encode(problem)
    own = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        *headers,
    ]
    await send({"type": "http.response.start", "status": problem.status, "headers": own})
    await send({"type": "http.response.body", "body": body, "more_body": False})


_WANTED: Final = frozenset({b"authorization", b"host", b"x-forwarded-for", b"x-request-id"})


def _wanted(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """The headers that matter here. Several lines X-Forwarded-For are one list (RFC 9110 §5.3)."""
    found: dict[bytes, bytes] = {}
    for name, value in headers:
        if name in _WANTED:
            found[name] = found[name] + b"," + value if name in found else value
    return found
