"""Whole decisions over HTTP: brought, supported, discussed, voted on, in force."""

import asyncio

import pytest

from governance.ids import CoopId
from tests.app.http.site import Site, done, refused

pytestmark = pytest.mark.anyio
WEEK = 8


async def carry(site: Site, proposal: str) -> None:
    """Let all coops vote for a proposal, and the week go by."""
    (row,) = await site.rows('SELECT "poll" FROM "proposal" WHERE "id" = {}', proposal)
    papers = [await site.paper(row["poll"], coop) for coop in ("c1", "c2", "c3")]
    for paper in papers:
        done(await (await site.delegate(paper["coop"])).cast(paper))
    site.clock.move(days=WEEK)
    await site.service.ledger.tick()
    await site.sign_in_again()


async def stage(site: Site, proposal: str) -> str:
    (row,) = await site.rows('SELECT "stage" FROM "proposal" WHERE "id" = {}', proposal)
    return str(row["stage"])


async def test_a_coop_applies_is_proposed_admitted_and_its_steward_invited(voting: Site) -> None:
    applicant = {"name": "Delta Digital", "country": "AR", "category": "full", "cooperators": 4}
    form = {
        "applicant": applicant,
        "text": "We would like to join.",
        "person": "Dana",
        "email": "dana@delta.example",
    }
    received = done(await voting.client.post("/api/v1/applications", json=form))
    ana = await voting.delegate("c1")
    (listed,) = done(await ana.get("/api/v1/applications"))["items"]
    assert listed["id"] == received["id"]
    admit = {"effect": "admit", **applicant}
    proposal = await ana.propose("Admit Delta Digital", admit, application=received["id"])
    own = done(await voting.client.post("/api/v1/applications/own", json={"token": received["token"]}))
    assert (own["status"], own["proposal"]) == ("proposed", proposal)
    await carry(voting, proposal)
    assert await stage(voting, proposal) == "in_force"
    (coop,) = await voting.rows('SELECT "id", "status" FROM "coop" WHERE "name" = \'Delta Digital\'')
    assert coop["status"] == "member"
    (contact,) = await voting.rows(
        'SELECT "contact"."address" FROM "contact" JOIN "mandate" ON "mandate"."id" = "contact"."mandate" WHERE "coop" = {}',
        coop["id"],
    )
    assert contact["address"] == "dana@delta.example"
    entries = await voting.rows('SELECT "bytes" FROM "log_entry"')
    assert not any(b"delta.example" in bytes(entry["bytes"]) for entry in entries)


async def test_an_application_can_be_withdrawn_by_whoever_made_it_and_is_then_not_proposed(voting: Site) -> None:
    form = {
        "applicant": {"name": "Delta", "country": "AR", "category": "full", "cooperators": 4},
        "text": "We would like to join.",
        "person": "Dana",
        "email": "dana@delta.example",
    }
    received = done(await voting.client.post("/api/v1/applications", json=form))
    withdrawn = done(await voting.client.post("/api/v1/applications/own/withdrawal", json={"token": received["token"]}))
    assert (withdrawn["status"], withdrawn["email"], withdrawn["person"]) == ("withdrawn", None, None)
    again = await voting.client.post("/api/v1/applications/own/withdrawal", json={"token": received["token"]})
    assert refused(again) == (409, "application_closed")
    ana = await voting.delegate("c1")
    admit = {"effect": "admit", "name": "Delta", "country": "AR", "category": "full", "cooperators": 4}
    motion = {"title": "Admit", "text": "x", "effect": admit, "application": received["id"]}
    assert refused(await ana.post("/api/v1/proposals", motion)) == (409, "application_closed")
    motion["application"] = "ap-nothing"
    assert refused(await ana.post("/api/v1/proposals", motion)) == (404, "application_unknown")


async def test_an_application_is_not_used_for_another_coop_and_its_contact_goes_to_nobody_else(voting: Site) -> None:
    form = {
        "applicant": {"name": "Delta", "country": "AR", "category": "full", "cooperators": 4},
        "text": "We would like to join.",
        "person": "Dana",
        "email": "dana@delta.example",
    }
    received = done(await voting.client.post("/api/v1/applications", json=form))
    other = {"effect": "admit", "name": "Omega", "country": "AR", "category": "full", "cooperators": 4}
    motion = {"title": "Admit", "text": "x", "effect": other, "application": received["id"]}
    answer = await (await voting.delegate("c1")).post("/api/v1/proposals", motion)
    assert refused(answer) == (409, "application_foreign")
    own = done(await voting.client.post("/api/v1/applications/own", json={"token": received["token"]}))
    assert own["status"] == "open"


async def test_applications_are_listed_newest_first_page_by_page(voting: Site) -> None:
    for name in ("Delta", "Epsilon", "Zeta"):
        applicant = {"name": name, "country": "AR", "category": "full", "cooperators": 4}
        form = {"applicant": applicant, "text": "We would.", "person": "Dana", "email": "dana@delta.example"}
        done(await voting.client.post("/api/v1/applications", json=form))
    ana = await voting.delegate("c1")
    first = done(await ana.get("/api/v1/applications?limit=2"))
    second = done(await ana.get(f"/api/v1/applications?limit=2&before={first['next']}"))
    names = [one["applicant"]["name"] for page in (first, second) for one in page["items"]]
    assert (names, second["next"]) == (["Zeta", "Epsilon", "Delta"], None)


async def test_the_charter_changes_by_vote_with_the_text_that_was_proposed(voting: Site) -> None:
    (article,) = await voting.rows('SELECT "article", "base" FROM "charter_article"')
    effect = {
        "effect": "amend_charter",
        "base": 0,
        "operations": [
            {
                "op": "replace",
                "article": article["article"],
                "base": article["base"],
                "content": {"heading": "First", "text": "We decide together."},
            }
        ],
    }
    ana = await voting.delegate("c1")
    wrong = await ana.post("/api/v1/proposals", {"title": "Amend", "text": "x", "effect": {**effect, "base": 7}})
    assert wrong.status_code in (409, 422)
    (row,) = await voting.rows('SELECT "charter_version" FROM "federation"')
    proposal = await ana.propose("Amend", {**effect, "base": row["charter_version"]})
    await carry(voting, proposal)
    voting.clock.move(hours=2)
    await voting.service.ledger.tick()
    assert await stage(voting, proposal) == "in_force"
    (text,) = await voting.rows('SELECT "text" FROM "charter_article" ORDER BY "version" DESC LIMIT 1')
    assert text["text"] == "We decide together."


async def test_a_mandate_is_given_accepted_used_and_revoked(voting: Site) -> None:
    stella = await voting.steward("c1")
    given = done(await stella.post("/api/v1/coops/c1/mandates", {"role": "delegate", "address": "nora@coop.example"}))
    look = await voting.client.post("/api/v1/invitations/look", json={"token": given["invitation"]["token"]})
    assert done(look)["mandate"]["coop"] == "c1"
    nora = await voting.accept("nora", given["invitation"]["token"])
    poll = await voting.open_poll()
    done(await nora.cast(await voting.paper(poll, "c1")))
    done(await stella.post(f"/api/v1/mandates/{given['mandate']}/revocation"))
    assert refused(await nora.cast(await voting.paper(poll, "c1"))) == (403, "not_acting")


async def test_giving_a_mandate_twice_under_one_key_gives_one(voting: Site) -> None:
    stella = await voting.steward("c1")
    body = {"role": "delegate", "address": "nora@coop.example"}
    first, again = [await stella.post("/api/v1/coops/c1/mandates", body, key="give-to-nora") for _ in range(2)]
    assert done(first)["mandate"] == done(again)["mandate"]
    assert done(first)["invitation"]["token"] != done(again)["invitation"]["token"]


async def test_a_steward_acts_for_its_own_coop_only(voting: Site) -> None:
    stella = await voting.steward("c1")
    number = {"fact": "cooperators", "number": "9"}
    assert refused(await stella.post("/api/v1/coops/c2/numbers", number)) == (403, "not_acting")
    (mandate,) = done(await stella.get("/api/v1/me"))["mandates"]
    answer = await stella.post("/api/v1/coops/c2/numbers", number, Rochdale_Mandate=mandate["mandate"])
    assert refused(answer) == (403, "not_acting")
    done(await stella.post("/api/v1/coops/c1/numbers", number))


async def test_a_number_is_contested_and_the_contest_taken_back(voting: Site) -> None:
    done(await (await voting.steward("c1")).post("/api/v1/coops/c1/numbers", {"fact": "cooperators", "number": "90"}))
    bruno = await voting.delegate("c2")
    done(await bruno.post("/api/v1/coops/c1/contests", {"fact": "cooperators", "reason": "They are nine."}))
    (row,) = await voting.rows('SELECT "contested_by" FROM "coop_fact" WHERE "coop" = \'c1\' AND "number" = \'90\'')
    assert row["contested_by"] == "c2"
    done(await bruno.post("/api/v1/coops/c1/contests/withdrawal", {"fact": "cooperators"}))
    (row,) = await voting.rows('SELECT "contested_by" FROM "coop_fact" WHERE "coop" = \'c1\' AND "number" = \'90\'')
    assert row["contested_by"] is None


async def test_an_office_voids_a_vote_and_has_a_text_erased_and_nobody_else_does(voting: Site) -> None:
    officer, ana = await voting.officer(), await voting.delegate("c1")
    poll = await voting.open_poll()
    assert refused(await ana.post(f"/api/v1/polls/{poll}/voiding", {"reason": "No."})) == (403, "not_acting")
    done(await officer.post(f"/api/v1/polls/{poll}/voiding", {"reason": "The wrong text."}))
    proposal = await ana.propose("A second one")
    done(await ana.post(f"/api/v1/proposals/{proposal}/comments", {"text": "Somebody's address"}))
    (blob,) = await voting.rows(
        'SELECT "address" FROM "blob" WHERE "kind" = \'text\' ORDER BY "first_use" DESC LIMIT 1'
    )
    done(await officer.post(f"/api/v1/texts/{blob['address']}/redaction", {"reason": "personal_data"}))
    assert not await voting.rows('SELECT "address" FROM "blob" WHERE "address" = {}', blob["address"])


async def test_coops_support_comment_amend_and_withdraw_at_once(voting: Site) -> None:
    ana, bruno, carla = [await voting.delegate(coop) for coop in ("c1", "c2", "c3")]
    proposal = await ana.propose("Merge", {"effect": "resolve", "narrowing": "merge"})
    answers = await asyncio.gather(
        bruno.post(f"/api/v1/proposals/{proposal}/comments", {"text": "Why?"}),
        carla.post(f"/api/v1/proposals/{proposal}/comments", {"text": "Why not?"}),
        bruno.post(f"/api/v1/proposals/{proposal}/amendments", {"title": "Merge later", "text": "Next year."}),
        carla.post(f"/api/v1/proposals/{proposal}/support", {"role": "seconder"}),
    )
    amendment = done(answers[2])["amendment"]
    assert all(answer.is_success for answer in answers)
    first = done(answers[0])["seq"]
    done(await ana.post(f"/api/v1/proposals/{proposal}/comments", {"text": "Because.", "reply_to": first}))
    assert refused(await bruno.post(f"/api/v1/amendments/{amendment}/acceptance")) == (403, "not_sponsor")
    done(await ana.post(f"/api/v1/amendments/{amendment}/acceptance"))
    assert refused(await bruno.post(f"/api/v1/proposals/{proposal}/withdrawal")) == (403, "not_sponsor")
    done(await ana.post(f"/api/v1/proposals/{proposal}/withdrawal"))
    assert await stage(voting, proposal) == "withdrawn"


async def test_a_coop_that_lost_its_steward_gets_another_by_two_that_attest(voting: Site) -> None:
    (mandate,) = done(await (await voting.steward("c3")).get("/api/v1/me"))["mandates"]
    ana, bruno = await voting.delegate("c1"), await voting.delegate("c2")
    first = done(await ana.post("/api/v1/coops/c3/restorations", {"address": "newcomer@coop.example"}))
    second = await bruno.post("/api/v1/coops/c3/restorations", {"steward": first["steward"]})
    assert done(second)["steward"] == first["steward"] != mandate["mandate"]
    voting.clock.move(days=WEEK)
    await voting.service.ledger.tick()
    rows = await voting.rows(
        'SELECT "id" FROM "mandate" WHERE "coop" = \'c3\' AND "role" = \'steward\' AND "ends" IS NULL'
    )
    assert rows == [{"id": first["steward"]}]


async def test_a_coop_leaves_and_has_no_vote_any_more(voting: Site) -> None:
    done(await (await voting.steward("c3")).post("/api/v1/coops/c3/departure"))
    (row,) = await voting.rows('SELECT "status" FROM "coop" WHERE "id" = {}', CoopId("c3"))
    assert row["status"] == "former"
    poll = await voting.open_poll()
    answer = await (await voting.delegate("c3")).cast(await voting.paper(poll, "c3"))
    assert answer.status_code == 403


async def test_drafts_are_seen_and_changed_by_a_coop_s_own_people_only(voting: Site) -> None:
    ana, stella, bruno = await voting.delegate("c1"), await voting.steward("c1"), await voting.delegate("c2")
    draft = done(await ana.post("/api/v1/drafts", {"coop": "c1", "content": {"title": "Meet"}}))
    path = f"/api/v1/drafts/{draft['id']}"
    assert done(await stella.get(path))["content"]["title"] == "Meet"
    assert refused(await bruno.get(path)) == (404, "draft_unknown")
    assert refused(await bruno.get("/api/v1/drafts?coop=c1")) == (403, "not_acting")
    changed = done(await stella.put(path, {"revision": draft["revision"], "content": {"title": "Meet in May"}}))
    late = await ana.put(path, {"revision": draft["revision"], "content": {"title": "Meet in June"}})
    assert refused(late) == (409, "draft_changed")
    assert refused(await bruno.delete(path)) == (404, "draft_unknown")
    await ana.propose("Meet in May", draft=draft["id"])
    assert refused(await stella.get(path)) == (404, "draft_unknown")
    assert changed["content"]["title"] == "Meet in May"


async def test_a_route_that_takes_no_body_takes_none(voting: Site) -> None:
    stella = await voting.steward("c3")
    answer = await stella.post("/api/v1/coops/c3/departure", {"really": True})
    assert refused(answer) == (400, "body_invalid")
    (row,) = await voting.rows('SELECT "status" FROM "coop" WHERE "id" = \'c3\'')
    assert row["status"] == "member"
