"""A federation served in a loop of its own, and requests to it as schemathesis makes them up from the description."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import requests
import schemathesis
from anyio.from_thread import BlockingPortal, start_blocking_portal
from litestar.types import Receive, Scope, Send
from schemathesis import Case
from schemathesis.schemas import APIOperation

from app.settings import Database
from tests.app.http.site import EMAIL, Json, Site, Somebody, done, site_on
from tests.app.ledger.small_federation import delegate, steward
from tests.app.services.accounts.people import PASSWORD

ROLES: Final = ("nobody", "delegate", "steward", "officer")
BASE: Final = "http://testserver.local"
Operation = APIOperation[Any, Any, Any, Any]


class Roamer:
    """Somebody who sends whatever the description can be read to allow, and more."""

    def __init__(self, portal: BlockingPortal, site: Site, role: str) -> None:
        self._portal = portal
        self._site = site
        self._role = role
        self._numbers = itertools.count()
        self._token: str | None = None
        app = site.client._transport.app  # type: ignore[attr-defined]  # httpx keeps it so
        self.schema = schemathesis.openapi.from_dict(app.openapi_schema.to_schema())
        self.known: Json = portal.call(self._prepare)

        async def elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
            # Each request comes from an address of its own, so that nobody is told to ask less often.
            number = next(self._numbers)
            scope["client"] = (f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}", 1)
            await app(scope, receive, send)

        transport = httpx.ASGITransport(elsewhere, raise_app_exceptions=False)  # type: ignore[arg-type]  # Litestar types its scope closer
        self._client = httpx.AsyncClient(transport=transport, base_url=BASE)

    def operations(self) -> Iterator[Operation]:
        for one in self.schema.get_all_operations():
            yield one.ok()

    def sign_in(self) -> None:
        """Begin a session anew: what was roamed through may have ended the last one."""
        if self._role != "nobody":
            body = {"email": EMAIL.format(self._email), "password": PASSWORD}
            self._token = done(self._portal.call(self._send, "POST", "/api/v1/sessions", {}, body))["access"]

    @property
    def _email(self) -> str:
        return {"delegate": "delegate-c1-1", "steward": "steward-c1"}.get(self._role, "officer")

    def send(self, case: Case) -> httpx.Response:
        """Send what was made up, as it is."""
        made = case.as_transport_kwargs(base_url=BASE)
        request = requests.Request(**{name: made[name] for name in made if name not in {"timeout", "verify"}}).prepare()
        headers = {name: value for name, value in request.headers.items() if name.lower() != "content-length"}
        return self._portal.call(self._client_request, str(request.method), str(request.url), headers, request.body)

    def ask(self, method: str, path: str, body: bytes | None = None) -> httpx.Response:
        """Send a request as it is written."""
        headers = {"Content-Type": "application/json"} if body is not None else {}
        return self._portal.call(self._client_request, method, BASE + path, headers, body)

    async def _client_request(
        self, method: str, url: str, headers: dict[str, str], body: bytes | str | None
    ) -> httpx.Response:
        sent = {name.lower(): value for name, value in headers.items()}
        sent.setdefault("idempotency-key", f"roaming-{next(self._numbers):08}")
        if self._token is not None:
            sent["authorization"] = f"Bearer {self._token}"
        # Latin-1 is what header bytes are read as.
        raw = {name: value.encode("latin-1", "replace") for name, value in sent.items()}
        return await self._client.request(method, url, headers=raw, content=body)

    async def _send(self, method: str, path: str, headers: dict[str, str], body: Json) -> httpx.Response:
        return await self._client.request(method, path, headers=headers, json=body)

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
            "poll": [poll], "proposal": [proposal], "coop": ["c1", "c2"], "mandate": [delegate("c1"), steward("c2")],
            "matter": ["resolution", "charter"], "office": ["board"], "article": ["first"], "hashed": [text["text"]],
            "text": [text["text"]], "address": [text["text"]], "seq": ["0", str(ballot["seq"])],
            "path": ["0/000.p/3", "entries/000.p/2"], "session": [sessions[0]["id"]],
        }  # fmt: skip


@contextmanager
def roaming(place: Path, database: Database, role: str) -> Iterator[Roamer]:
    """Somebody who roams through a federation, until the block is left."""
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(site_on(place, database)) as site:
        yield Roamer(portal, site, role)
