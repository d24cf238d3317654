"""A storm of ballots over HTTP, whose clients do what a client should: ask again, under the same key, until they are answered."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx

from tests.app.services.accounts.people import PASSWORD
from tests.app.serving.nodes import LONGEST, Node

Json = dict[str, Any]
_AWAY = {"database_unreachable", "outcome_unknown"}
"""What a client may be told while the database is away, or while nobody knows what became of its request."""
_TOO_OFTEN = {"too_many_requests", "too_many_attempts"}
"""What somebody is told who asks, or signs in, as often as a storm does."""
_NEVER = "abstain"
"""What only ballots say that have to be refused."""


@dataclass
class Attempt:
    """A request, and under which key it is made."""

    key: str
    paper: Json


@dataclass
class Stream:
    """One coop's ballots in one vote, each in place of the one before it."""

    coop: str
    paper: Json
    token: str
    address: str
    answered: list[tuple[Attempt, Json]] = field(default_factory=list)
    open: Attempt | None = None

    @property
    def vote(self) -> tuple[str, str]:
        return self.paper["poll"], self.coop

    def next(self, key: str) -> Attempt:
        """The next ballot, or the one that was not answered yet."""
        if self.open is None:
            choice = "no" if len(self.answered) % 2 else "yes"
            replaces = self.answered[-1][1]["seq"] if self.answered else None
            self.open = Attempt(key, {**self.paper, "choice": choice, "replaces": replaces})
        return self.open

    def forged(self, key: str) -> Attempt:
        """A ballot that replaces another one than that in force."""
        return Attempt(key, {**self.paper, "choice": _NEVER, "replaces": 0})


class Storm:
    """All streams, and what came of them so far."""

    def __init__(self, streams: Sequence[Stream], nodes: Sequence[Node], email: str) -> None:
        self.streams = streams
        self.email = email
        self.nodes = nodes
        self.refused = self.unavailable = self.silent = 0
        self._keys = (f"storm-{number:08}" for number in itertools.count())

    def __str__(self) -> str:
        told = f"{self.acknowledged} acknowledged, {self.refused} refused"
        return f"{told}, {self.silent} without an answer, {self.unavailable} told to come again"

    @property
    def acknowledged(self) -> int:
        return sum(len(stream.answered) for stream in self.streams)

    async def rage(self, course: Coroutine[Any, Any, None], *, through: bool = True) -> None:
        """Cast, and read, until a course of events is over. Without an answer a stream asks again, or ends if not `through`."""
        over = asyncio.Event()
        async with self._clients() as ask, asyncio.TaskGroup() as group:
            for number, stream in enumerate(self.streams):
                group.create_task(self._cast(ask, stream, number, over.is_set, through=through))
            group.create_task(self._read(over.is_set))
            await course
            over.set()

    async def settle(self) -> None:
        """Ask for what was not answered, until it is."""
        async with self._clients() as ask, asyncio.TaskGroup() as group:
            for number, stream in enumerate(self.streams):
                group.create_task(self._cast(ask, stream, number, partial(_settled, stream), through=True))

    async def until(self, holds: Callable[[], bool]) -> None:
        """Let the storm go on until something holds."""
        async with asyncio.timeout(LONGEST):
            while not holds():  # noqa: ASYNC110 - the streams tell it no other way
                await asyncio.sleep(0.002)

    async def everybody_answered(self, times: int = 2) -> None:
        """Let it go on until each stream has got so many answers from now on."""
        wanted = [len(stream.answered) + times for stream in self.streams]
        await self.until(
            lambda: all(len(stream.answered) >= least for stream, least in zip(self.streams, wanted, strict=True))
        )

    async def ask_again(self) -> None:
        """Ask once more for what was answered last: the answer is the same in every byte."""
        async with self._clients() as ask:
            for stream in self.streams:
                for attempt, answer in stream.answered[-2:]:
                    again = await ask(self.nodes[-1], stream, attempt)
                    assert again is not None
                    assert (again.status_code, again.json()) == (201, answer)

    async def _cast(
        self, ask: "_Ask", stream: Stream, number: int, until: Callable[[], bool], *, through: bool
    ) -> None:
        for turn in itertools.count(number):
            if until():
                return
            node = self.nodes[turn % len(self.nodes)]
            if turn % 5 == 0 and stream.answered:
                self._judge_forged(await ask(node, stream, stream.forged(next(self._keys))))
            attempt = stream.next(next(self._keys))
            answer = await ask(node, stream, attempt)
            if answer is not None and answer.status_code == 201:
                stream.answered.append((attempt, answer.json()))
                stream.open = None
                continue
            if answer is None:
                self.silent += 1
                if not through:
                    return
            else:
                self._judge_unavailable(answer)
            await asyncio.sleep(0.05)

    def _judge_forged(self, answer: httpx.Response | None) -> None:
        if answer is None:
            return
        if answer.status_code == 409:
            assert answer.json()["code"] == "ballot_superseded"
            self.refused += 1
        else:
            self._judge_unavailable(answer)

    def _judge_unavailable(self, answer: httpx.Response) -> None:
        """It could not be done now, said as it has to be."""
        busy = answer.json()["code"] in _TOO_OFTEN
        assert answer.status_code == (429 if busy else 503), answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert int(answer.headers["retry-after"]) > 0
        assert busy or answer.json()["code"] in _AWAY
        self.unavailable += not busy

    async def _read(self, over: Callable[[], bool]) -> None:
        """Ask for what needs the database beside the log, as people do meanwhile."""
        somebody = self.streams[0]
        named = {"name": "Somebody", "language": "en", "time_zone": "UTC"}
        asked: list[tuple[str, str, Json | None]] = [
            ("GET", "/api/v1/polls", None),
            ("GET", "/api/v1/me", None),
            ("PUT", "/api/v1/me/profile", named),
            ("POST", "/api/v1/sessions", {"email": self.email, "password": PASSWORD}),
            ("GET", "/log/checkpoint", None),
        ]
        headers = {"Authorization": f"Bearer {somebody.token}", "X-Forwarded-For": "192.0.2.200"}
        async with httpx.AsyncClient(timeout=LONGEST) as client:
            for number in itertools.count():
                if over():
                    return
                method, path, body = asked[number % len(asked)]
                url = f"{self.nodes[number % len(self.nodes)].url}{path}"
                try:
                    answer = await client.request(method, url, json=body, headers=headers)
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
                    continue
                if not answer.is_success:
                    self._judge_unavailable(answer)

    @asynccontextmanager
    async def _clients(self) -> AsyncIterator["_Ask"]:
        async with httpx.AsyncClient(timeout=LONGEST) as client:

            async def ask(node: Node, stream: Stream, attempt: Attempt) -> httpx.Response | None:
                body = {name: value for name, value in attempt.paper.items() if name != "poll"}
                headers = {
                    "Authorization": f"Bearer {stream.token}",
                    "Idempotency-Key": attempt.key,
                    "X-Forwarded-For": stream.address,
                }
                try:
                    return await client.post(
                        f"{node.url}/api/v1/polls/{attempt.paper['poll']}/ballots", json=body, headers=headers
                    )
                except httpx.TransportError:
                    return None

            yield ask


def _settled(stream: Stream) -> bool:
    return stream.open is None


_Ask = Callable[[Node, Stream, Attempt], Awaitable[httpx.Response | None]]
