"""What whoever keeps the server asks: alive, ready, and the numbers."""

import asyncio
from typing import Any

import httpx
import pytest
from msgspec import structs

from app.http.surroundings.metrics import count_batch
from app.ledger.errors import ClockBehind
from app.services import health
from tests.app.http.served_log import Served

pytestmark = pytest.mark.anyio
TOKEN = "metrics-token-0123456789"


@pytest.fixture(autouse=True)
def _asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_FRESH", 0.0)


async def test_a_process_lives_and_is_ready(site: Served) -> None:
    assert (await site.client.get("/health/live")).text == "alive\n"
    ready = await site.client.get("/health/ready")
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "reasons": []})
    assert ready.headers["cache-control"] == "no-store"


async def test_a_clock_that_is_behind_is_a_reason(site: Served) -> None:
    site.clock.move(days=-1)
    answer = await site.client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    title = ClockBehind("").title
    assert answer.json() == {"ready": False, "reasons": [{"code": "clock_behind", "title": title}]}
    assert (await site.client.get("/health/live")).status_code == 200


async def test_a_database_that_does_not_answer_is_a_reason(site: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hangs(*_: Any) -> Any:
        await asyncio.Event().wait()

    monkeypatch.setattr(health, "_PATIENCE", 0.0)
    monkeypatch.setattr(site.service.engine, "run_querystring", hangs)
    answer = await site.client.get("/health/ready")
    assert (answer.status_code, answer.json()["reasons"][0]["code"]) == (503, "database_unreachable")


async def test_a_fault_is_a_reason_and_is_not_explained(site: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    async def breaks(*_: Any) -> Any:
        raise ValueError("a secret of the database")

    monkeypatch.setattr(site.service.engine, "run_querystring", breaks)
    answer = await site.client.get("/health/ready")
    assert (answer.status_code, answer.json()["reasons"][0]["code"]) == (503, "fault")
    assert "secret" not in answer.text


async def test_many_who_ask_at_once_make_the_ledger_answer_once(site: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_FRESH", 60.0)
    asked = [0]

    async def counted() -> None:
        asked[0] += 1

    monkeypatch.setattr(type(site.service.ledger), "ready", lambda _: counted())
    answers = await asyncio.gather(*(site.client.get("/health/ready") for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    assert asked == [1]


async def test_metrics_are_for_the_operator_alone(site: Served) -> None:
    assert (await _metrics(site, TOKEN)).status_code == 404
    site.service.settings = structs.replace(site.service.settings, metrics_token=TOKEN)
    for wrong in ("", f"{TOKEN}x", "é"):
        assert (await _metrics(site, wrong)).status_code == 404
    assert (await site.client.get("/metrics")).json()["code"] == "address_unknown"
    await site.client.get("/log/entry/7")
    await site.client.get("/somebody/maria@coop.example")
    shown = await _metrics(site, TOKEN)
    assert shown.headers["content-type"].startswith("text/plain")
    assert 'rochdale_http_requests_total{method="GET",route="/log/entry/{seq}",status="200"}' in shown.text
    assert 'rochdale_http_request_seconds_bucket{le="0.1",route="/log/entry/{seq}"}' in shown.text
    assert f"rochdale_log_size {float(site.service.ledger.size)}" in shown.text
    assert "rochdale_open_polls 0.0" in shown.text
    assert "rochdale_outbox_waiting 0.0" in shown.text
    assert "maria" not in shown.text
    assert TOKEN not in shown.text


async def test_the_ledger_s_batches_are_counted(site: Served) -> None:
    site.service.settings = structs.replace(site.service.settings, metrics_token=TOKEN)
    site.service.ledger.watched_by(count_batch)  # as the application does when it starts
    before = _entries_counted((await _metrics(site, TOKEN)).text)
    await site.grow(site.service.ledger.size + 2)
    assert _entries_counted((await _metrics(site, TOKEN)).text) > before


def _entries_counted(shown: str) -> float:
    return float(
        next(line for line in shown.splitlines() if line.startswith("rochdale_ledger_entries_total")).split()[1]
    )


async def _metrics(site: Served, token: str) -> httpx.Response:
    return await site.client.get("/metrics", headers={b"Authorization": f"Bearer {token}".encode()})
