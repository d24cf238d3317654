"""The small federation, served on either engine, with people who sign in and ask as their browsers would."""

import itertools
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from app.http.application import create_app
from app.services.accounts.inviting import invite
from app.services.serving import Service, serving
from app.settings import Database, read_settings
from governance.ids import CoopId, MandateId, PollId
from tests.app.ledger.small_federation import OFFICER, MovedClock, Running, counted_bytes, delegate, steward
from tests.app.services.accounts.people import CHEAP, PASSWORD
from tests.app.store.databases import copied, url_of

Json = dict[str, Any]
EMAIL = "{}@coop.example"


class Somebody:
    """Somebody who is signed in."""

    def __init__(self, client: httpx.AsyncClient, tokens: Json, numbers: "itertools.count[int]") -> None:
        self.client = client
        self.tokens = tokens
        self._numbers = numbers

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens['access']}"}

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.client.get(path, headers={**self.headers, **_spelled(headers)})

    async def post(self, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> httpx.Response:
        """Post, under a new idempotency key unless one is given."""
        sent = {**self.headers, "Idempotency-Key": key or f"key-{next(self._numbers):08}", **_spelled(headers)}
        return await self.client.post(path, json=body, headers=sent)

    async def put(self, path: str, body: Any) -> httpx.Response:
        return await self.client.put(path, json=body, headers=self.headers)

    async def delete(self, path: str) -> httpx.Response:
        return await self.client.delete(path, headers=self.headers)

    async def propose(self, title: str = "Meet in spring", effect: Json | None = None, **more: Any) -> str:
        """Bring a proposal, and give its id."""
        motion = {"title": title, "text": "Let us.", "effect": effect or {"effect": "resolve"}, **more}
        return str(done(await self.post("/api/v1/proposals", motion))["proposal"])

    async def cast(self, paper: Json, *, key: str | None = None, **changes: Any) -> httpx.Response:
        filled = {**paper, **changes}
        return await self.post(f"/api/v1/polls/{filled.pop('poll')}/ballots", filled, key=key)


class Site:
    """A client, the service behind it, and the clock."""

    def __init__(self, client: httpx.AsyncClient, service: Service, clock: MovedClock) -> None:
        self.client = client
        self.service = service
        self.clock = clock
        self._numbers = itertools.count(1)
        self._people: dict[str, Somebody] = {}

    async def holder(self, name: str, *mandates: MandateId) -> Somebody:
        """Somebody who was invited to mandates and accepted. Of the same name, the same person."""
        for mandate in mandates:
            invited = await invite(self.service.accounts, mandate=mandate, address=EMAIL.format(name))
            if name in self._people:
                done(await self._people[name].post("/api/v1/invitations/bind", {"token": invited.token}))
                continue
            await self.accept(name, invited.token)
        return self._people[name]

    async def accept(self, name: str, token: str) -> Somebody:
        """Somebody who accepts an invitation that a steward gave them."""
        body = {"token": token, "password": PASSWORD, "name": name.title()}
        answer = await self.client.post("/api/v1/invitations/accept", json=body)
        self._people[name] = Somebody(self.client, done(answer), self._numbers)
        return self._people[name]

    async def sign_in_again(self) -> None:
        """Sign everybody in again, after time in which their tokens have expired."""
        for name, somebody in self._people.items():
            body = {"email": EMAIL.format(name), "password": PASSWORD}
            somebody.tokens = done(await self.client.post("/api/v1/sessions", json=body))

    async def delegate(self, coop: str, nth: int = 1) -> Somebody:
        name = f"delegate-{coop}-{nth}"
        return self._people.get(name) or await self.holder(name, delegate(CoopId(coop), nth))

    async def steward(self, coop: str) -> Somebody:
        return self._people.get(f"steward-{coop}") or await self.holder(f"steward-{coop}", steward(CoopId(coop)))

    async def officer(self) -> Somebody:
        return self._people.get("officer") or await self.holder("officer", OFFICER)

    async def open_poll(self) -> PollId:
        """A vote that is open."""
        proposal = await (await self.delegate("c1")).propose()
        await self.service.ledger.tick()
        return PollId(f"{proposal}.v1")

    async def paper(self, poll: str, coop: str, choice: str = "yes") -> Json:
        """A ballot paper, filled in from what the vote says."""
        (row,) = await self.rows('SELECT "text", "rule" FROM "poll" WHERE "id" = {}', poll)
        return {"poll": poll, "coop": coop, "choice": choice, "text": row["text"], "rule": row["rule"]}

    async def rows(self, sql: str, *args: object) -> list[Json]:
        from piccolo.querystring import QueryString  # noqa: PLC0415 - looked behind the curtain here only

        return [dict(row) for row in await self.service.engine.run_querystring(QueryString(sql, *args))]


def done(response: httpx.Response) -> Json:
    """What a successful answer says."""
    assert response.is_success, response.text
    answer: Json = response.json()
    return answer


def refused(response: httpx.Response) -> tuple[int, str]:
    """The status and the code of a problem document, which is one in every respect."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    problem = response.json()
    assert problem["status"] == response.status_code
    assert problem["type"] == f"/problems/{problem['code']}"
    assert problem["title"]
    assert problem["detail"]
    assert "Traceback" not in response.text
    return response.status_code, problem["code"]


class Founded(NamedTuple):
    """A federation that nobody has open: its keys and its database."""

    place: Path
    database: Database

    @contextmanager
    def copy(self, place: Path) -> Iterator[Database]:
        """A copy of it in another place, until the block is left."""
        shutil.copytree(self.place / "keys", place / "keys")
        with copied(self.database, place) as database:
            yield database


async def found(place: Path, database: Database) -> None:
    """Found the small federation."""
    async with Running(place, MovedClock(), database=database) as running:
        await running.found()


@asynccontextmanager
async def site_on(place: Path, database: Database, clock: MovedClock | None = None) -> AsyncIterator[Site]:
    """The small federation in a place, served until the block is left."""
    clock = clock or MovedClock()
    settings = read_settings({"ROCHDALE_HOME": str(place), "ROCHDALE_DATABASE": url_of(database)})
    async with serving(settings, clock=clock, randomness=counted_bytes("served"), passwords=CHEAP) as service:
        app = create_app(lambda: nullcontext(service))
        # In this loop, not in one of its own as Litestar's client does it: the test reaches behind the service.
        app.state.service = service
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]  # Litestar types its scope closer
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver.local") as client:
            yield Site(client, service, clock)


def _spelled(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
