from fractions import Fraction

import pytest

from governance.commands.register import (
    AttestSteward,
    ContestNumber,
    DeclareNumber,
    DeclareServices,
    GiveMandate,
    Leave,
    RevokeMandate,
)
from governance.effect import Admit
from governance.ids import MandateId
from tests.app.http.reading.reading_site import Site
from tests.app.ledger.small_federation import COOPS, delegate, steward

pytestmark = pytest.mark.anyio
NEWCOMER = Admit(name="Ñandú Ágil", country="UY", category="full", cooperators=9, steward=MandateId(f"m-{'d' * 32}"))


async def admitted(site: Site) -> None:
    """Let a fourth coop in, another offer something, and a third leave."""
    await site.running.carry(await site.running.propose(NEWCOMER))
    await site.running.ledger.submit(DeclareServices(services=("hosting", "design")), actor=steward(COOPS[0]))
    await site.running.ledger.submit(Leave(), actor=steward(COOPS[2]))


async def ids(site: Site, **query: object) -> list[str]:
    return [item["id"] for item in (await site.get("/coops", **query))["items"]]


SEARCHES: tuple[tuple[dict[str, object], list[str]], ...] = (
    ({}, ["c1", "c2", "c3", "c4"]),
    ({"status": "member"}, ["c1", "c2", "c4"]),
    ({"status": "former"}, ["c3"]),
    ({"country": "UY"}, ["c4"]),
    ({"category": "associate"}, []),
    ({"service": "hosting"}, ["c1"]),
    ({"name": "nandu ag"}, ["c4"]),
    ({"name": "R"}, ["c1", "c2", "c3"]),
    ({"name": "%"}, []),
    ({"name": "_"}, []),
    ({"name": "r", "status": "member"}, ["c1", "c2"]),
    ({"sort": "name"}, ["c1", "c2", "c3", "c4"]),
    ({"sort": "country"}, ["c1", "c2", "c3", "c4"]),
    ({"sort": "-since"}, ["c3", "c4", "c2", "c1"]),
)


async def test_the_register_is_searched_and_sorted(site: Site) -> None:
    await admitted(site)
    for query, found in SEARCHES:
        assert await ids(site, **query) == found, query


async def test_pages_lead_from_one_to_the_next_and_have_every_coop_once(site: Site) -> None:
    await admitted(site)
    for sort in ("number", "name", "country", "-since"):
        whole = await ids(site, sort=sort)
        assert len(whole) == 4
        assert [item["id"] for item in await site.walk("/coops", sort=sort, limit=1)] == whole
        assert [item["id"] for item in await site.walk("/coops", sort=sort, limit=3)] == whole


async def test_a_coop_that_comes_between_two_pages_moves_no_other(site: Site) -> None:
    first = await site.get("/coops", sort="name", limit=2)
    await site.running.carry(await site.running.propose(NEWCOMER))
    second = await site.get("/coops", sort="name", limit=2, cursor=first["next"])
    assert [item["id"] for item in (*first["items"], *second["items"])] == ["c1", "c2", "c3", "c4"]


async def test_a_page_says_where_the_next_one_is(site: Site) -> None:
    answer = await site.client.get("/api/v1/coops", params={"limit": 2, "status": "member"})
    following = answer.links["next"]["url"]
    assert following == f"/api/v1/coops?limit=2&status=member&cursor={answer.json()['next']}"
    assert [item["id"] for item in (await site.client.get(following)).json()["items"]] == ["c3"]
    assert "link" not in (await site.client.get(following)).headers
    first = await site.client.get("/api/v1/coops", params={"limit": 1})
    second = await site.client.get(first.links["next"]["url"])
    assert second.links["next"]["url"].count("cursor=") == 1


async def test_the_register_is_shown_as_it_stood_at_any_instant_or_day(site: Site) -> None:
    before = site.running.clock()
    await admitted(site)
    assert await ids(site, at=before) == ["c1", "c2", "c3"]
    assert await ids(site, at=before, status="former") == []
    assert await ids(site, at=before, service="hosting") == []
    assert await ids(site, at=before, name="nandu") == []
    assert await ids(site, at=before[:10]) == ["c1", "c2", "c3"]
    assert await ids(site, at="2025-01-01T00:00:00+02:00") == []
    assert await ids(site, at="2027-01-01", status="former") == ["c3"]
    assert (await site.get("/coops/c3", at=before))["coop"]["status"] == "member"
    assert (await site.get("/coops/c3"))["coop"]["status"] == "former"
    assert await site.refused("/coops/c4", at=before) == (404, "coop_unknown")


async def test_a_coop_s_numbers_say_what_counts_and_what_is_pending_from_when_and_contested_by_whom(site: Site) -> None:
    declared = DeclareNumber(fact="cooperators", number=Fraction(11))
    await site.running.ledger.submit(declared, actor=steward(COOPS[0]))
    (number,) = (await site.get("/coops/c1"))["numbers"]
    assert (number["fact"], number["counts"], number["pending"]["number"]) == ("cooperators", "5", "11")
    assert number["pending"]["contested_by"] is None
    assert number["pending"]["counts_from"][:10] == "2026-03-31"
    contest = ContestNumber(coop=COOPS[0], fact="cooperators", reason=None)
    await site.running.ledger.submit(contest, actor=delegate(COOPS[1]))
    assert (await site.get("/coops/c1"))["numbers"][0]["pending"]["contested_by"] == "c2"
    (then,) = (await site.get("/coops/c1", at="2026-03-01"))["numbers"]
    assert (then["counts"], then["pending"], len(then["declared"])) == ("5", None, 1)


async def test_a_number_that_was_pending_counts_at_a_later_instant(site: Site) -> None:
    declared = DeclareNumber(fact="cooperators", number=Fraction(11))
    await site.running.ledger.submit(declared, actor=steward(COOPS[0]))
    (later,) = (await site.get("/coops/c1", at="2026-04-02"))["numbers"]
    assert later["counts"] == "11"


async def test_a_coop_s_history_has_what_the_register_said(site: Site) -> None:
    await admitted(site)
    said = (await site.get("/coops/c1/history"))["items"]
    assert [one["services"] for one in said] == [[], ["hosting", "design"]]
    assert said[0]["at"] < said[1]["at"]
    assert said[0]["seq"] < said[1]["seq"]


async def test_mandates_are_those_in_force(site: Site) -> None:
    given = MandateId(f"m-{'a' * 32}")
    began = site.running.clock()
    await site.running.ledger.submit(RevokeMandate(mandate=delegate(COOPS[0], 2)), actor=steward(COOPS[0]))
    later = GiveMandate(mandate=given, role="delegate", starts="2027-01-01T00:00:00.000000Z")  # type: ignore[arg-type]  # an instant
    await site.running.ledger.submit(later, actor=steward(COOPS[0]))
    present = (await site.get("/coops/c1/mandates"))["items"]
    assert [(one["id"], one["role"]) for one in present] == [
        (delegate(COOPS[0]), "delegate"),
        (steward(COOPS[0]), "steward"),
    ]
    assert {one["id"] for one in (await site.get("/coops/c1/mandates", at=began))["items"]} == {
        steward(COOPS[0]),
        delegate(COOPS[0]),
        delegate(COOPS[0], 2),
    }
    assert given in {one["id"] for one in (await site.get("/coops/c1/mandates", at="2027-02-01"))["items"]}


async def test_a_steward_s_restoration_is_shown_until_it_is_over(site: Site) -> None:
    new = MandateId(f"m-{'e' * 32}")
    for coop in COOPS[:2]:
        await site.running.ledger.submit(AttestSteward(coop=COOPS[2], steward=new), actor=delegate(coop))
    (shown,) = (await site.get("/restorations"))["items"]
    assert [one["by"] for one in shown["attested"]] == ["c1", "c2"]
    assert (shown["coop"], shown["steward"]) == ("c3", new)
    assert (await site.get("/coops/c3"))["restoration"] == shown
    assert (await site.get("/coops/c1"))["restoration"] is None
    await site.running.ledger.submit(Leave(), actor=steward(COOPS[2]))
    assert (await site.get("/restorations"))["items"] == []


REFUSALS: tuple[tuple[str, dict[str, object], tuple[int, str]], ...] = (
    ("/coops", {"limit": 0}, (400, "parameter_invalid")),
    ("/coops", {"limit": 201}, (400, "parameter_invalid")),
    ("/coops", {"limit": "many"}, (400, "parameter_invalid")),
    ("/coops", {"status": "gone"}, (400, "parameter_invalid")),
    ("/coops", {"sort": "seq"}, (400, "parameter_invalid")),
    ("/coops", {"name": "x" * 201}, (400, "parameter_invalid")),
    ("/coops", {"cursor": "made-up"}, (400, "cursor_invalid")),
    ("/coops", {"cursor": ""}, (400, "cursor_invalid")),
    ("/coops", {"cursor": "é"}, (400, "cursor_invalid")),
    ("/coops", {"at": "yesterday"}, (422, "instant_invalid")),
    ("/coops", {"at": "2026-02-30"}, (422, "instant_invalid")),
    ("/coops", {"at": "2026-03-01T12:00:00"}, (422, "instant_invalid")),
    ("/coops/c9", {}, (404, "coop_unknown")),
    ("/coops/c1%00", {}, (404, "address_unknown")),
    ("/coops/c9/history", {}, (404, "coop_unknown")),
    ("/coops/c9/mandates", {}, (404, "coop_unknown")),
    ("/coops/c1/mandates", {"at": "soon"}, (422, "instant_invalid")),
)


async def test_what_is_asked_wrongly_is_refused(site: Site) -> None:
    for path, query, refused in REFUSALS:
        assert await site.refused(path, **query) == refused, (path, query)


async def test_a_cursor_of_another_order_is_refused(site: Site) -> None:
    page = await site.get("/coops", sort="name", limit=1)
    for sort in ("number", "country", "-since"):
        assert await site.refused("/coops", sort=sort, cursor=page["next"]) == (400, "cursor_invalid")
