"""What surrounds every request, on an application of a few routes."""

import io
import json
import logging
import re
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import nullcontext
from typing import Annotated, Any

import httpx
import msgspec
import pytest
from litestar import Litestar, Response, get, post
from litestar.params import Body, FromPath, FromQuery
from litestar.types import Scope

from app.http.application import LARGEST_BODY, create_app
from app.http.strict_body import StrictBody
from app.http.surroundings.around import LONGEST_ADDRESS, Rules
from app.http.surroundings.json_lines import JsonLines, log_as_json

pytestmark = pytest.mark.anyio
SECRET = "hunter2-token"
PERSON = "maria@coop.example"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Sent(msgspec.Struct, forbid_unknown_fields=True):
    text: str


@post("/take", dto=StrictBody, return_dto=None)
async def take(data: Annotated[Sent, Body()]) -> int:
    return len(data.text)


@post("/noop/{name:str}")
async def noop(name: FromPath[str], token: FromQuery[str] = "") -> None:
    del name, token


@post("/fault")
async def fault() -> None:
    raise KeyError(f"Key (email)=({PERSON}) already exists")


@get("/boast")
async def boast() -> Response[str]:
    return Response("", headers={"Server": "some server, version 1"})


@get("/denied", status_code=401)
async def denied() -> None:
    """Nobody is known here."""


def app_with(rules: Rules = Rules(), **more: Any) -> Litestar:  # noqa: B008 - frozen
    return create_app(lambda: nullcontext(None), routes=(take, noop, fault, denied, boast), rules=rules, **more)  # type: ignore[arg-type]  # no service is needed


def client_of(app: Litestar, peer: str = "192.0.2.1") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, client=(peer, 1))  # type: ignore[arg-type]  # Litestar's scopes are narrower
    return httpx.AsyncClient(transport=transport, base_url="http://coop.example")


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app_with()) as client:
        yield client


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What this process logs, as the operator gets it."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    log_as_json()
    root.handlers[:] = [handler]
    yield written
    root.handlers[:] = before
    root.setLevel(level)


async def test_a_plain_uuid_is_kept_as_the_id_and_anything_else_is_not(client: httpx.AsyncClient) -> None:
    mine = str(uuid.uuid4())
    kept = await client.get("/nothing", headers={"X-Request-Id": mine})
    assert kept.headers["x-request-id"] == mine
    assert kept.json()["instance"] == f"urn:uuid:{mine}"
    for sent in (PERSON, mine.upper(), f"{mine}x", ""):
        drawn = (await client.get("/nothing", headers={"X-Request-Id": sent})).headers["x-request-id"]
        assert drawn != sent
        assert str(uuid.UUID(drawn)) == drawn


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/noop/a"), ("GET", "/nothing"), ("PUT", "/noop/a"), ("POST", "/fault"), ("GET", "/boast")],
)
async def test_every_answer_carries_the_security_headers(method: str, path: str, client: httpx.AsyncClient) -> None:
    headers = (await client.request(method, path)).headers
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "permissions-policy" in headers
    for absent in ("server", "access-control-allow-origin", "strict-transport-security"):
        assert absent not in headers


async def test_https_alone_is_promised_only_where_it_is_spoken() -> None:
    for url, promised in (("https://coop.example", True), ("http://coop.example", False)):
        async with client_of(app_with(Rules(public_url=url))) as client:
            headers = (await client.post("/noop/a")).headers
            assert ("strict-transport-security" in headers) is promised


async def test_the_reference_page_needs_nothing_from_elsewhere_and_no_script(client: httpx.AsyncClient) -> None:
    page = await client.get("/api")
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert "/noop/{name}" in page.text
    assert not re.search(r"<script|https?://|src=|@import", page.text)
    assert (await client.get("/api/openapi.json")).json()["openapi"].startswith("3.1")
    assert (await client.get("/api/openapi.yaml")).status_code == 200


async def test_other_hosts_are_refused_except_for_whoever_watches() -> None:
    rules = Rules(public_url="https://coop.example", allowed_hosts=("inner", "::1"))
    async with client_of(app_with(rules)) as client:
        for host in ("coop.example", "COOP.example:8000", "inner:1", "[::1]:8000"):
            assert (await client.post("/noop/a", headers={"Host": host})).status_code == 201
        for host in ("evil.example", "coop.example.evil.example", "127.0.0.1"):
            refused = await client.post("/noop/a", headers={"Host": host})
            assert (refused.status_code, refused.json()["code"]) == (400, "host_unknown")
            assert (await client.get("/health/none", headers={"Host": host})).status_code == 404


async def test_an_address_too_long_is_refused(client: httpx.AsyncClient) -> None:
    assert (await client.post(f"/noop/{'a' * (LONGEST_ADDRESS - 6)}")).status_code == 201
    refused = await client.post(f"/noop/{'a' * (LONGEST_ADDRESS - 8)}?token=b")
    assert (refused.status_code, refused.json()["code"]) == (414, "address_too_long")


async def test_a_body_too_large_is_cut_off_whatever_it_says_of_its_length(client: httpx.AsyncClient) -> None:
    read = [0]

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(4 * LARGEST_BODY // 65_536):
            read[0] += 65_536
            yield b"a" * 65_536

    for headers in ({}, {"Content-Length": "10"}):
        sent = {"Content-Type": "application/json", **headers}
        refused = await client.post("/take", content=endless(), headers=sent)
        assert (refused.status_code, refused.json()["code"]) == (413, "body_too_large")
        assert refused.headers["content-type"] == "application/problem+json"
    honest = await client.post(
        "/take", content=b'{"text":"%s"}' % (b"a" * LARGEST_BODY), headers={"Content-Type": "application/json"}
    )
    assert (honest.status_code, honest.json()["code"]) == (413, "body_too_large")


async def test_json_nested_without_end_is_refused(client: httpx.AsyncClient) -> None:
    body = b'{"text":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    refused = await client.post("/take", content=body, headers={"Content-Type": "application/json"})
    assert refused.status_code == 400
    assert refused.json()["code"] in {"body_malformed", "body_invalid"}


async def test_a_hall_behind_one_address_is_let_in_and_a_flood_is_not() -> None:
    times = [0.0]
    app = app_with()
    app.asgi_handler._clock = lambda: times[0]  # type: ignore[attr-defined]  # the layer around the application
    async with client_of(app) as client:
        for _ in range(500):
            assert (await client.post("/noop/a")).status_code == 201
        refused = await client.post("/noop/a")
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
        assert refused.headers["retry-after"] == "1"
        assert refused.headers["ratelimit-policy"] == '"default";q=500;w=10'
        assert refused.headers["x-content-type-options"] == "nosniff"
        times[0] += 1
        assert [(await client.post("/noop/a")).status_code for _ in range(51)] == [201] * 50 + [429]
    async with client_of(app, "192.0.2.2") as neighbour:
        assert (await neighbour.post("/noop/a")).status_code == 201


async def test_who_guesses_tokens_locks_out_nobody_who_is_known_or_sends_none() -> None:
    def identify(scope: Scope) -> str | None:
        return "account" if (b"authorization", b"Bearer good") in scope["headers"] else None

    app = app_with()
    app.asgi_handler._identify = identify  # type: ignore[attr-defined]  # what a verified token says
    app.asgi_handler._clock = lambda: 0.0  # type: ignore[attr-defined]  # as above
    async with client_of(app) as client:
        bad, good = {"Authorization": "Bearer guessed"}, {"Authorization": "Bearer good"}
        codes = [(await client.get("/denied", headers=bad)).status_code for _ in range(101)]
        assert codes == [401] * 100 + [429]
        assert (await client.post("/noop/a", headers=good)).status_code == 201
        assert (await client.post("/noop/a")).status_code == 201
        codes = [(await client.post("/noop/a", headers=good)).status_code for _ in range(100)]
        assert codes == [201] * 99 + [429]
        assert (await client.get("/denied", headers=good)).status_code == 401


async def test_nobodys_secret_name_or_address_is_logged(lines: io.StringIO) -> None:
    async with client_of(app_with(Rules(public_url="https://coop.example"))) as client:
        headers = {
            "Authorization": f"Bearer {SECRET}",
            "Cookie": SECRET,
            "X-Request-Id": SECRET,
            "X-Forwarded-For": "192.0.2.77",
        }
        for method in ("GET", "POST", "PUT"):
            for path in (f"/noop/{PERSON}?token={SECRET}", f"/{SECRET}", "/take", "/fault", f"/denied?{PERSON}"):
                await client.request(method, path, headers=headers, json={"text": SECRET, PERSON: PERSON})
        await client.post("/noop/a", headers={**headers, "Host": SECRET})
    written = lines.getvalue()
    for never in (SECRET, PERSON, "192.0.2.", "maria"):
        assert never not in written
    told = [json.loads(line) for line in written.splitlines()]
    answers = [one for one in told if one["logger"] == "app.requests"]
    assert len(answers) == 16
    assert {one["route"] for one in answers} == {"/noop/{name}", "/take", "/fault", "/denied", "none"}
    assert all(str(uuid.UUID(one["request"])) and one["status"] and one["ms"] >= 0 for one in answers)
    (failed,) = [one for one in told if one["level"] == "error"]
    assert failed["request"] in {one["request"] for one in answers if one["status"] == 500}
    assert failed["error"][0]["class"] == "KeyError"
    assert any("fault" in frame for frame in failed["error"][0]["at"])
