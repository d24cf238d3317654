"""The small federation, served: whole requests, and the ledger behind them to let the log grow."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import httpx
from litestar import Litestar

from app.http.application import create_app
from app.http.health import HEALTH
from app.http.routes import LOG_PUBLIC, LOG_READING
from app.services.serving import Service, serving
from app.settings import read_settings
from governance.commands.proposals import Comment, Submit
from governance.effect import Resolve
from governance.ids import ProposalId, TextHash
from tests.app.ledger.small_federation import COOPS, MovedClock, Running, counted_bytes, delegate, text


class Served:
    """A client, the application that answers it, and the service behind."""

    def __init__(self, client: httpx.AsyncClient, app: Litestar, service: Service, clock: MovedClock) -> None:
        self.client = client
        self.app = app
        self.service = service
        self.clock = clock
        self.proposal: ProposalId | None = None

    async def grow(self, entries: int) -> None:
        """Let the log grow by so many entries: comments on the first proposal, many in a batch."""
        ledger, actor = self.service.ledger, delegate(COOPS[0])
        hashed, blob = text("Let us.")
        if self.proposal is None:
            answer = await ledger.submit(Submit(effect=Resolve(), text=hashed), actor=actor, blobs=(blob,))
            self.proposal = ProposalId(json.loads(answer.record)["body"]["proposal"])
        await ledger.submit_all([Comment(proposal=self.proposal, text=TextHash(hashed))] * entries, actor=actor)

    def scope(self, raw: str, headers: tuple[tuple[bytes, bytes], ...] = ()) -> dict[str, Any]:
        """A request for exactly this path, as a server gives it to the application."""
        path, _, query = raw.encode("latin-1").partition(b"?")
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": unquote_to_bytes(path).decode(errors="replace"),
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "headers": [(b"host", b"testserver.local"), *headers],
            "client": ("127.0.0.1", 1),
            "server": ("testserver.local", 80),
        }

    async def ask_raw(self, raw: bytes, *, headers: tuple[tuple[bytes, bytes], ...] = ()) -> tuple[int, bytes]:
        """Ask for exactly these bytes of a path, which a client would tidy up first."""
        sent: list[Any] = []
        scope = self.scope(raw.decode("latin-1"), headers)

        async def receive() -> dict[str, Any]:
            if sent:
                await asyncio.Event().wait()
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.app(scope, receive, send)  # type: ignore[arg-type]  # a scope of our own
        return sent[0]["status"], b"".join(message.get("body", b"") for message in sent)


@asynccontextmanager
async def served(place: Path, clock: MovedClock) -> AsyncIterator[Served]:
    """The federation in a place, founded and served until the block is left."""
    async with Running(place, clock) as running:
        await running.found()
    settings = read_settings({"ROCHDALE_HOME": str(place)})
    async with serving(settings, clock=clock, randomness=counted_bytes("served")) as service:
        # No lifespan: Litestar's own client runs it on another event loop than the test's.
        app = create_app(lambda: nullcontext(service), routes=(*HEALTH, *LOG_PUBLIC, *LOG_READING))
        app.state.service = service
        transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # Litestar's scopes are narrower
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver.local") as client:
            yield Served(client, app, service, clock)
