"""A federation served in a loop of its own, and requests to it as schemathesis makes them up from the description."""

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import requests
import schemathesis
from anyio.from_thread import BlockingPortal, start_blocking_portal
from litestar.types import Receive, Scope, Send
from schemathesis import Case
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation

from app.http.surroundings.limits import Bucket
from app.settings import Database
from tests.app.http.site import Json, Site, Somebody, done, site_on
from tests.app.ledger.small_federation import COOPS, delegate, steward

ROLES: Final = ("nobody", "delegate", "steward", "officer")
BASE: Final = "http://testserver.local"
Operation = APIOperation[Any, Any, Any, Any]


class Roamer:
    """People of every role who send whatever the description can be read to allow, and more."""

    def __init__(self, portal: BlockingPortal, site: Site) -> None:
        self._portal = portal
        self._site = site
        self._numbers = itertools.count()
        self._tokens: dict[str, str] = {}
        app = site.client._transport.app  # type: ignore[attr-defined]  # httpx keeps it so
        described = app.openapi_schema.to_schema()
        for operations in described["paths"].values():
            for operation in operations.values():
                # Who asks is not made up.
                operation.pop("security", None)
        self.schema = schemathesis.openapi.from_dict(described)
        self.known: Json = portal.call(self._prepare)
        limits = app.asgi_handler._limits
        limits.readers = limits.writers = limits.addresses = limits.failures = Bucket(rate=1e6, burst=1_000_000)

        async def elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
            # Each request comes from an address of its own: passwords are not to be guessed at from one.
            number = next(self._numbers)
            scope["client"] = (f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}", 1)
            await app(scope, receive, send)

        transport = httpx.ASGITransport(elsewhere, raise_app_exceptions=False)  # type: ignore[arg-type]  # Litestar types its scope closer
        self._client = httpx.AsyncClient(transport=transport, base_url=BASE)

    def operations(self) -> Iterator[Operation]:
        for found in self.schema.get_all_operations():
            assert isinstance(found, Ok)
            yield found.ok()

    def sign_in(self) -> None:
        """Begin sessions anew: what was sent may have ended the last ones."""
        self._tokens = self._portal.call(self._sign_in)

    def send(self, case: Case[Any], role: str) -> httpx.Response:
        """Send what was made up, as it is."""
        made = case.as_transport_kwargs(base_url=BASE)
        request = requests.Request(**{name: made[name] for name in made if name not in {"timeout", "verify"}}).prepare()
        headers = {name: str(value) for name, value in request.headers.items() if name.lower() != "content-length"}
        body = request.body
        assert body is None or isinstance(body, str | bytes)
        return self.ask(str(request.method), str(request.url), body, role, headers)

    def ask(
        self,
        method: str,
        url: str,
        body: bytes | str | None = None,
        role: str = "nobody",
        headers: Mapping[str, str | bytes] | None = None,
    ) -> httpx.Response:
        """Send a request as it is written."""
        sent: dict[str, str | bytes] = {name.lower(): value for name, value in (headers or {}).items()}
        sent.setdefault("idempotency-key", f"roaming-{next(self._numbers):08}")
        if body is not None:
            sent.setdefault("content-type", "application/json")
        if role in self._tokens and "authorization" not in sent:
            sent["authorization"] = f"Bearer {self._tokens[role]}"
        return self._portal.call(self._ask, method, url, sent, body)

    async def _ask(
        self, method: str, url: str, headers: dict[str, str | bytes], body: bytes | str | None
    ) -> httpx.Response:
        raw = [
            (name.encode(), value if isinstance(value, bytes) else value.encode()) for name, value in headers.items()
        ]
        return await self._client.request(method, url, headers=raw, content=body)

    async def _sign_in(self) -> dict[str, str]:
        await self._site.sign_in_again()
        return {
            "delegate": (await self._site.delegate(COOPS[0])).tokens["access"],
            "steward": (await self._site.steward(COOPS[0])).tokens["access"],
            "officer": (await self._site.officer()).tokens["access"],
        }

    async def _prepare(self) -> Json:
        """Something of everything, and the names that it has."""
        site = self._site
        ana: Somebody = await site.delegate("c1")
        await site.steward("c1")
        await site.officer()
        poll = await site.open_poll()
        proposal = poll.partition(".")[0]
        ballot = done(await ana.cast(await site.paper(poll, "c1")))
        done(await ana.post(f"/api/v1/proposals/{proposal}/comments", {"text": "Why not."}))
        (text,) = await site.rows('SELECT "text" FROM "poll"')
        sessions = (await ana.get("/api/v1/me/sessions")).json()
        return {
            "poll": [poll], "proposal": [proposal], "coop": ["c1", "c2"], "mandate": [delegate(COOPS[0]), steward(COOPS[1])],
            "matter": ["resolution", "charter"], "office": ["board"], "article": ["first"], "hashed": [text["text"]],
            "text": [text["text"]], "address": [text["text"]], "seq": ["0", str(ballot["seq"])],
            "path": ["0/000.p/3", "entries/000.p/2"], "session": [sessions[0]["id"]],
        }  # fmt: skip


@contextmanager
def roaming(place: Path, database: Database) -> Iterator[Roamer]:
    """People who roam through a federation, until the block is left."""
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(site_on(place, database)) as site:
        yield Roamer(portal, site)
