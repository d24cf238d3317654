import pytest

from governance.charter import Add, Replace
from governance.commands.proposals import (
    AcceptAmendment,
    Answer,
    Challenge,
    Comment,
    PutAmendment,
    Submit,
    SuggestAmendment,
    Withdraw,
)
from governance.commands.register import RedactText
from governance.effect import AmendCharter, Expel, Resolve
from governance.ids import AmendmentId, ArticleId, ProposalId
from governance.value import Value
from tests.app.http.reading.reading_site import Site
from tests.app.ledger.small_federation import COOPS, OFFICER, article, delegate, text

pytestmark = pytest.mark.anyio
TITLED = "# We merge\n\nBecause *it* is time.\n"
MERGE = Resolve(narrowing="merge")


async def do(site: Site, coop: int, command: Value, *blobs: bytes) -> int:
    answer = await site.running.ledger.submit(command, actor=delegate(COOPS[coop]), blobs=blobs)
    return answer.seq


async def submit(site: Site, words: str = TITLED, effect: Resolve | Expel | AmendCharter = MERGE, *blobs: bytes) -> str:
    """Bring a proposal; the merger's has a day's notice."""
    hashed, blob = text(words)
    await do(site, 0, Submit(effect=effect, text=hashed), blob, *blobs)
    return hashed


async def several(site: Site) -> None:
    """A merger in deliberation, a resolution in force, an expulsion and a change of the charter being voted on, one withdrawn."""
    new, blob = article("Second")
    await submit(site)
    await do(site, 0, Withdraw(proposal=ProposalId("p1")))
    await site.running.carry(await site.running.propose(words="# In force"))
    await submit(site, "# Out with c3", Expel(coop=COOPS[2]))
    amending = AmendCharter(base=1, operations=(Add(article=ArticleId("second"), text=new),))
    await submit(site, "# A second article", amending, blob)
    await submit(site)


async def ids(site: Site, **query: object) -> list[str]:
    return [item["id"] for item in (await site.get("/proposals", **query))["items"]]


async def test_proposals_are_filtered_and_sorted(site: Site) -> None:
    await several(site)
    searches: tuple[tuple[dict[str, object], list[str]], ...] = (
        ({}, ["p5", "p4", "p3", "p2", "p1"]),
        ({"sort": "number"}, ["p1", "p2", "p3", "p4", "p5"]),
        ({"sort": "-changed"}, ["p5", "p4", "p3", "p2", "p1"]),
        ({"sort": "due"}, ["p5", "p3", "p4"]),
        ({"kind": "membership"}, ["p3"]),
        ({"stage": "voting", "sort": "number"}, ["p3", "p4"]),
        ({"open": "true"}, ["p5", "p4", "p3"]),
        ({"open": "false"}, ["p2", "p1"]),
        ({"matter": "resolution"}, ["p5", "p2", "p1"]),
        ({"matter": "resolution.merge"}, ["p5", "p1"]),
        ({"matter": "membership.expel"}, ["p3"]),
        ({"matter": "rules"}, []),
        ({"lead": "c1", "kind": "charter"}, ["p4"]),
        ({"lead": "c2"}, []),
        ({"concerned": "c3"}, ["p3"]),
        ({"due_before": "2026-03-10"}, ["p5"]),
        ({"due_before": "2026-03-01"}, []),
    )
    for query, found in searches:
        assert await ids(site, **query) == found, query
    for sort in ("number", "-number", "-changed", "due"):
        walked = await site.walk("/proposals", sort=sort, limit=1)
        assert [item["id"] for item in walked] == await ids(site, sort=sort)


async def test_a_list_has_the_title_of_each_and_what_comes_next(site: Site) -> None:
    await several(site)
    lines = {line["id"]: line for line in (await site.get("/proposals"))["items"]}
    assert (lines["p5"]["title"], lines["p5"]["step"]) == ("We merge", "open_poll")
    assert (lines["p3"]["step"], lines["p3"]["poll"]) == ("close_poll", "p3.v1")
    assert lines["p3"]["due"] == (await site.get("/polls/p3.v1"))["poll"]["closes"]
    assert (lines["p2"]["step"], lines["p2"]["due"], lines["p2"]["resolution"]) == (None, None, 1)


async def test_a_proposal_has_its_text_effect_needs_and_timeline(site: Site) -> None:
    await several(site)
    proposal = await site.get("/proposals/p5")
    assert proposal["text"]["title"] == "We merge"
    assert proposal["text"]["body"] == "Because *it* is time."
    assert proposal["effect"] == {"effect": "resolve", "narrowing": "merge", "supersedes": [], "review": None}
    assert proposal["needs"]["supported"] is True
    assert (proposal["needs"]["sponsors"], proposal["needs"]["notice"]) == (1, "P1D")
    assert proposal["sponsors"] == ["c1"]
    assert [one["type"] for one in proposal["timeline"]] == ["proposal.submitted"]
    assert proposal["timeline"][0]["actor"] == delegate(COOPS[0])
    (new,) = (await site.get("/proposals/p4"))["articles"]
    assert new["content"] == {"heading": "Second", "text": "Second, in full.", "section": None}
    done = await site.get("/proposals/p2")
    assert [(one["type"], one["detail"]) for one in done["timeline"]] == [
        ("proposal.submitted", None),
        ("poll.opened", "decision"),
        ("poll.closed", "carried"),
        ("proposal.enacted", "resolution"),
    ]
    assert [one["status"] for one in done["polls"]] == ["carried"]
    assert all(one["at"] for one in done["timeline"])
    assert (await site.get("/proposals/p1"))["timeline"][-1]["type"] == "proposal.withdrawn"


async def test_amendments_have_their_texts_and_what_became_of_them(site: Site) -> None:
    original = await submit(site)
    for number, words in enumerate(("# We merge later", "# We never merge"), 1):
        hashed, blob = text(words)
        await do(site, 1, SuggestAmendment(proposal=ProposalId("p1"), text=hashed), blob)
        assert (await site.get("/proposals/p1"))["amendments"][-1]["id"] == f"p1.a{number}"
    await do(site, 2, PutAmendment(amendment=AmendmentId("p1.a2")))
    await do(site, 0, AcceptAmendment(amendment=AmendmentId("p1.a1")))
    proposal = await site.get("/proposals/p1")
    first, second = proposal["amendments"]
    assert (first["status"], first["text"]["title"], first["on"]) == ("accepted", "We merge later", original)
    assert (second["status"], second["coop"], second["text"]["title"]) == ("voting", "c2", "We never merge")
    assert proposal["text"]["title"] == "We merge later"
    assert (proposal["proposal"]["step"], proposal["polls"][0]["purpose"]) == ("close_poll", "amendment")
    assert [(one["type"], one["amendment"]) for one in proposal["timeline"]][1:5] == [
        ("amendment.suggested", "p1.a1"),
        ("amendment.suggested", "p1.a2"),
        ("amendment.put", "p1.a2"),
        ("poll.opened", "p1.a2"),
    ]


async def test_an_amended_effect_moves_the_proposal_to_other_matters(site: Site) -> None:
    second, blob = article("Second")
    third, other = article("First anew")
    base = (await site.get("/charter"))["articles"][0]["base"]
    adding = AmendCharter(base=1, operations=(Add(article=ArticleId("second"), text=second),))
    await site.set_notice("charter", days=2)
    await submit(site, TITLED, adding, blob)
    replacing = AmendCharter(base=1, operations=(Replace(article=ArticleId("first"), base=base, text=third),))
    hashed, words = text("# Another way")
    suggested = SuggestAmendment(proposal=ProposalId("p2"), text=hashed, effect=replacing)
    await do(site, 1, suggested, words, other)
    assert await ids(site, matter="charter.article") == []
    await do(site, 0, AcceptAmendment(amendment=AmendmentId("p2.a1")))
    assert await ids(site, matter="charter.article.first") == ["p2"]
    assert await ids(site, matter="charter.article") == ["p2"]


async def test_the_coop_concerned_has_its_answer_beside_the_proposal(site: Site) -> None:
    await site.set_notice("membership", days=2)
    await submit(site, "# Out with c3", Expel(coop=COOPS[2]))
    hashed, blob = text("We have done no wrong.")
    await do(site, 2, Answer(proposal=ProposalId("p2"), text=hashed), blob)
    (answer,) = (await site.get("/proposals/p2"))["answers"]
    assert (answer["coop"], answer["text"]["text"]) == ("c3", "We have done no wrong.")


async def test_a_challenge_says_who_and_why(site: Site) -> None:
    second, blob = article("Second")
    adding = AmendCharter(base=1, operations=(Add(article=ArticleId("second"), text=second),))
    await site.running.carry(await site.running.propose(adding, blob))
    hashed, words = text("We were not heard.")
    await do(site, 1, Challenge(proposal=ProposalId("p1"), reason=hashed), words)
    proposal = await site.get("/proposals/p1")
    assert (proposal["challengers"], proposal["heads"]) == (["c2"], 3)
    assert proposal["timeline"][-1]["reason"]["text"] == "We were not heard."
    assert proposal["timeline"][-1]["detail"] is None
    assert (proposal["proposal"]["step"], proposal["proposal"]["due"]) == ("enact", proposal["enact_at"])


async def test_comments_come_page_by_page_with_what_they_answer(site: Site) -> None:
    await submit(site)
    said: list[int] = []
    for number in range(5):
        hashed, blob = text(f"Comment {number}.")
        reply = Comment(proposal=ProposalId("p1"), text=hashed, reply_to=said[0] if number == 4 else None)
        said.append(await do(site, number % 3, reply, blob))
    found = await site.walk("/proposals/p1/comments", limit=2)
    assert [one["seq"] for one in found] == said
    assert [one["text"]["text"] for one in found] == [f"Comment {number}." for number in range(5)]
    assert [one["coop"] for one in found] == ["c1", "c2", "c3", "c1", "c2"]
    assert [one["reply_to"] for one in found] == [None, None, None, None, said[0]]


async def test_a_redacted_text_is_null_and_says_who_had_it_erased_and_why(site: Site) -> None:
    hashed = await submit(site)
    await site.running.ledger.submit(RedactText(text=hashed, reason="personal_data"), actor=OFFICER)
    proposal = await site.get("/proposals/p1")
    assert (proposal["text"]["title"], proposal["text"]["body"]) == (None, None)
    assert (proposal["text"]["redacted"]["office"], proposal["text"]["redacted"]["reason"]) == (
        "board",
        "personal_data",
    )
    assert proposal["proposal"]["title"] is None


async def test_a_text_is_found_by_its_hash_or_said_to_be_gone(site: Site) -> None:
    hashed = await submit(site)
    assert (await site.get(f"/texts/{hashed}"))["text"] == TITLED
    assert (await site.client.get(f"/api/v1/texts/{hashed}")).headers["cache-control"] == "no-store"
    assert await site.refused(f"/texts/{'0' * 64}") == (404, "blob_unknown")
    await site.running.propose()
    (roll,) = await site.running.rows("SELECT address FROM blob WHERE kind = 'electorate'")
    assert await site.refused(f"/texts/{roll['address']}") == (404, "blob_unknown")
    await site.running.ledger.submit(RedactText(text=hashed, reason="unlawful"), actor=OFFICER)
    assert await site.refused(f"/texts/{hashed}") == (410, "text_gone")
    problem = (await site.client.get(f"/api/v1/texts/{hashed}")).json()
    assert "board" in problem["detail"]
    assert "unlawful" in problem["detail"]


async def test_what_is_asked_wrongly_is_refused(site: Site) -> None:
    refusals: tuple[tuple[str, dict[str, object], tuple[int, str]], ...] = (
        ("/proposals", {"kind": "wish"}, (400, "parameter_invalid")),
        ("/proposals", {"stage": "dreamt"}, (400, "parameter_invalid")),
        ("/proposals", {"open": "perhaps"}, (400, "parameter_invalid")),
        ("/proposals", {"sort": "title"}, (400, "parameter_invalid")),
        ("/proposals", {"due_before": "soon"}, (422, "instant_invalid")),
        ("/proposals", {"cursor": "WzEsImNvb3BzL251bWJlciIsWzJdXQ"}, (400, "cursor_invalid")),
        ("/proposals/p9", {}, (404, "proposal_unknown")),
        ("/proposals/p9/comments", {}, (404, "proposal_unknown")),
        ("/proposals/p9/comments", {"limit": 1000}, (400, "parameter_invalid")),
    )
    for path, query, refused in refusals:
        assert await site.refused(path, **query) == refused, (path, query)
