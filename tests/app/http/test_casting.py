import asyncio
from typing import Any

import pytest

from governance.log.receipt import parse_receipt
from tests.app.http.site import Site, done, refused

pytestmark = pytest.mark.anyio


async def test_a_ballot_is_answered_with_its_entry_and_a_receipt_that_proves_it(voting: Site) -> None:
    ana, poll = await voting.delegate("c1"), await voting.open_poll()
    cast = done(await ana.cast(await voting.paper(poll, "c1")))
    (row,) = await voting.rows('SELECT "bytes" FROM "log_entry" WHERE "seq" = {}', cast["seq"])
    assert cast["entry"].encode() == bytes(row["bytes"])
    assert parse_receipt(cast["receipt"].encode()).index == cast["seq"]
    (ballot,) = await voting.rows('SELECT "coop", "choice" FROM "ballot"')
    assert ballot == {"coop": "c1", "choice": "yes"}


async def test_the_same_request_twice_is_one_ballot_and_one_answer(voting: Site) -> None:
    ana, poll = await voting.delegate("c1"), await voting.open_poll()
    paper = await voting.paper(poll, "c1")
    first, again = [await ana.cast(paper, key="the-same-key") for _ in range(2)]
    assert done(first) == done(again)
    assert len(await voting.rows('SELECT "seq" FROM "ballot"')) == 1


async def test_the_same_key_with_another_body_is_refused(voting: Site) -> None:
    ana, poll = await voting.delegate("c1"), await voting.open_poll()
    paper = await voting.paper(poll, "c1")
    done(await ana.cast(paper, key="the-same-key"))
    assert refused(await ana.cast(paper, key="the-same-key", choice="no")) == (422, "idempotency_mismatch")


async def test_two_delegates_of_a_coop_at_once_cast_one_ballot(voting: Site) -> None:
    poll = await voting.open_poll()
    both = [await voting.delegate("c1", nth) for nth in (1, 2)]
    paper = await voting.paper(poll, "c1")
    answers = await asyncio.gather(*(one.cast(paper) for one in both))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    late = next(answer for answer in answers if answer.status_code == 409)
    assert refused(late) == (409, "ballot_superseded")
    assert len(await voting.rows('SELECT "seq" FROM "ballot"')) == 1


async def test_a_ballot_replaces_the_one_that_it_names(voting: Site) -> None:
    ana, poll = await voting.delegate("c1"), await voting.open_poll()
    paper = await voting.paper(poll, "c1")
    first = done(await ana.cast(paper))
    second = done(await ana.cast(paper, choice="no", replaces=first["seq"]))
    rows = await voting.rows('SELECT "seq", "replaced_by" FROM "ballot" ORDER BY "seq"')
    assert rows == [
        {"seq": first["seq"], "replaced_by": second["seq"]},
        {"seq": second["seq"], "replaced_by": None},
    ]


async def test_all_coops_vote_at_once_and_the_vote_is_carried_by_itself(voting: Site) -> None:
    poll = await voting.open_poll()
    cast = [(await voting.delegate(coop)).cast(await voting.paper(poll, coop)) for coop in ("c1", "c2", "c3")]
    for answer in await asyncio.gather(*cast):
        done(answer)
    voting.clock.move(days=8)
    await voting.service.ledger.tick()
    (row,) = await voting.rows('SELECT "status" FROM "poll" WHERE "id" = {}', poll)
    assert row["status"] == "carried"


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"coop": "c2"}, (403, "not_acting")),
        ({"choice": "perhaps"}, (400, "body_invalid")),
        ({"choice": "block"}, (422, "choice_not_offered")),
        ({"text": "0" * 64}, (409, "statement_mismatch")),
        ({"text": "no hash"}, (400, "body_invalid")),
        ({"rule": "another"}, (409, "statement_mismatch")),
        ({"replaces": 3}, (409, "ballot_superseded")),
        ({"replaces": -1}, (400, "body_invalid")),
        ({"replaces": "3"}, (400, "body_invalid")),
        ({"replaces": 2**70}, (400, "body_invalid")),
        ({"reason": ""}, (422, "text_too_long")),
        ({"reason": "x" * 20_001}, (422, "text_too_long")),
        ({"weight": 2}, (400, "body_invalid")),
        ({"poll": "p9.v1"}, (404, "poll_unknown")),
        ({"poll": "..%2F..%2Fetc"}, (404, "address_unknown")),
    ],
)
async def test_a_ballot_that_cannot_be_gets_its_own_problem_and_leaves_nothing(
    voting: Site, changes: dict[str, Any], wanted: tuple[int, str]
) -> None:
    ana, poll = await voting.delegate("c1"), await voting.open_poll()
    size = voting.service.ledger.size
    assert refused(await ana.cast(await voting.paper(poll, "c1"), **changes)) == wanted
    assert voting.service.ledger.size == size


async def test_after_closing_a_ballot_is_too_late(voting: Site) -> None:
    ana, poll = await voting.delegate("c1"), await voting.open_poll()
    paper = await voting.paper(poll, "c1")
    voting.clock.move(days=8)
    ana.tokens = (await voting.client.post("/api/v1/sessions/refresh", json={"refresh": ana.tokens["refresh"]})).json()
    assert refused(await ana.cast(paper)) == (409, "poll_closed")


async def test_who_is_not_a_delegate_casts_nothing(voting: Site) -> None:
    poll = await voting.open_poll()
    paper = await voting.paper(poll, "c1")
    assert refused(await (await voting.steward("c1")).cast(paper)) == (403, "not_acting")
    assert refused(await (await voting.officer()).cast(paper)) == (403, "not_acting")


async def test_a_mandate_that_somebody_else_holds_is_of_no_use(voting: Site) -> None:
    ana, poll = await voting.delegate("c1"), await voting.open_poll()
    await voting.delegate("c2")
    (row,) = await voting.rows(
        'SELECT "id" FROM "mandate" WHERE "coop" = \'c2\' AND "role" = \'delegate\' ORDER BY "id" LIMIT 1'
    )
    paper = await voting.paper(poll, "c2")
    answer = await ana.post(
        f"/api/v1/polls/{poll}/ballots",
        {name: value for name, value in paper.items() if name != "poll"},
        Rochdale_Mandate=row["id"],
    )
    assert refused(answer) == (403, "no_mandate")


async def test_a_revoked_mandate_casts_nothing(voting: Site) -> None:
    ana, poll = await voting.delegate("c1"), await voting.open_poll()
    me = done(await ana.get("/api/v1/me"))
    done(await (await voting.steward("c1")).post(f"/api/v1/mandates/{me['mandates'][0]['mandate']}/revocation"))
    assert refused(await ana.cast(await voting.paper(poll, "c1"))) == (403, "not_acting")


async def test_once_signed_out_nothing_is_recorded_with_the_token(voting: Site) -> None:
    ana, poll = await voting.delegate("c1"), await voting.open_poll()
    assert (await ana.delete("/api/v1/sessions/present")).status_code == 204
    assert refused(await ana.cast(await voting.paper(poll, "c1"))) == (401, "session_ended")


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        ({}, (400, "idempotency_key_missing")),
        ({"Idempotency-Key": "short"}, (400, "idempotency_key_invalid")),
        ({"Idempotency-Key": "x" * 129}, (400, "idempotency_key_invalid")),
        ({"Idempotency-Key": "with a space"}, (400, "idempotency_key_invalid")),
        ({"Idempotency-Key": "12345678", "Rochdale-Mandate": "m-1"}, (400, "mandate_header_invalid")),
        ({"Idempotency-Key": "12345678", "Content-Type": "text/plain"}, (415, "body_type_wrong")),
    ],
)
async def test_headers_that_do_not_fit_are_refused(
    voting: Site, headers: dict[str, str], wanted: tuple[int, str]
) -> None:
    ana, poll = await voting.delegate("c1"), await voting.open_poll()
    paper = await voting.paper(poll, "c1")
    paper.pop("poll")
    answer = await voting.client.post(f"/api/v1/polls/{poll}/ballots", json=paper, headers={**ana.headers, **headers})
    assert refused(answer) == wanted


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (b"", "body_malformed"),
        (b"{", "body_malformed"),
        (b"[]", "body_invalid"),
        (b'"\xff"', "body_invalid"),
        (b'{"coop":"\xff"}', "body_malformed"),
        (b'{"coop":"c1","coop":"c1"}', "body_invalid"),
        (b"[" * 100_000, "body_invalid"),
    ],
)
async def test_a_body_that_is_no_ballot_is_refused(voting: Site, body: bytes, wanted: str) -> None:
    ana, poll = await voting.delegate("c1"), await voting.open_poll()
    headers = {**ana.headers, "Idempotency-Key": "12345678", "Content-Type": "application/json"}
    answer = await voting.client.post(f"/api/v1/polls/{poll}/ballots", content=body, headers=headers)
    assert refused(answer) == (400, wanted)


async def test_a_body_that_is_too_large_is_refused(voting: Site) -> None:
    ana, poll = await voting.delegate("c1"), await voting.open_poll()
    assert refused(await ana.cast(await voting.paper(poll, "c1"), reason="x" * 1_100_000)) == (413, "body_too_large")
