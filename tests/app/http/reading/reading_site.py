"""A small federation with its reading half served: no guard, no sign-in, the ledger beside it to let things happen."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from datetime import timedelta
from typing import Any

import httpx
from msgspec.structs import replace

from app.http.application import create_app
from app.http.routes import READING
from app.services.serving import Service
from governance.effect import ChangeRules, SetRule
from tests.app.ledger.small_federation import Running, rule


class Site:
    """The ledger, and a client that reads."""

    def __init__(self, running: Running, client: httpx.AsyncClient) -> None:
        self.running = running
        self.client = client

    async def get(self, path: str, **query: object) -> Any:
        """What is at an address."""
        answer = await self.client.get(f"/api/v1{path}", params=query)  # type: ignore[arg-type]  # plain values
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def walk(self, path: str, **query: object) -> list[Any]:
        """Every item of a list, page after page."""
        found: list[Any] = []
        while True:
            page = await self.get(path, **query)
            found += page["items"]
            if page["next"] is None:
                return found
            assert page["items"]
            query["cursor"] = page["next"]

    async def change_rule(self, matter: str, **changes: Any) -> None:
        """Let the federation give a matter the usual rule with these changes."""
        (row,) = await self.running.rows("SELECT MAX(version) AS newest FROM rule WHERE matter = ?", matter)
        changed = replace(rule(matter), **changes)
        effect = ChangeRules(changes=(SetRule(rule=changed, base=row["newest"]),))
        await self.running.carry(await self.running.propose(effect, words=f"# Another rule on {matter}"))
        # It also falls under the matter's present rule, which may let it wait.
        self.running.clock.move(hours=2)
        await self.running.ledger.tick()

    async def set_notice(self, matter: str, **by: int) -> None:
        """Let proposals on a matter be announced."""
        await self.change_rule(matter, notice=timedelta(**by))

    async def refused(self, path: str, **query: object) -> tuple[int, str]:
        """With which status and code an address is refused."""
        answer = await self.client.get(f"/api/v1{path}", params=query)  # type: ignore[arg-type]  # as above
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert problem["detail"]
        return answer.status_code, problem["code"]


@asynccontextmanager
async def reading(running: Running) -> AsyncIterator[Site]:
    """Serve what reads of a federation that runs, until the block is left; in the loop in which it runs."""
    # What reads needs the engine and the clock, and must not need anything else.
    service = Service.__new__(Service)
    service.engine, service.clock = running.engine, running.clock
    app = create_app(lambda: nullcontext(service), routes=READING)
    app.state.service = service
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # Litestar has narrower types for the same things
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver.local") as client:
        yield Site(running, client)
