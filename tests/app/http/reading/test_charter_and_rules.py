from datetime import timedelta

import pytest
from msgspec.structs import replace

from governance.charter import Add, Operation, Replace, Strike
from governance.effect import AmendCharter, ChangeRules, SetOffice, SetProvisions, SetRule, StrikeRule
from governance.ids import ArticleId, Matter, OfficeId
from governance.instants import Instant
from governance.mandate import Office
from governance.provisions import Provisions
from governance.rule_words import rule_words
from tests.app.http.reading.reading_site import Site
from tests.app.ledger.small_federation import OFFICER, article, rule

pytestmark = pytest.mark.anyio


async def amended(site: Site) -> list[Instant]:
    """Add an article, replace the first, strike it; give the instant after each version."""
    instants = [site.running.clock()]
    (first,) = (await site.get("/charter"))["articles"]
    second, blob = article("Second")
    third, other = article("First anew")
    add = Add(article=ArticleId("second"), text=second, after=ArticleId("first"))
    change = Replace(article=ArticleId("first"), base=first["base"], text=third)
    steps: tuple[tuple[Operation, bytes], ...] = ((add, blob), (change, other))
    for number, (operation, brought) in enumerate(steps):
        effect = AmendCharter(base=number + 1, operations=(operation,))
        await site.running.carry(await site.running.propose(effect, brought))
        site.running.clock.move(hours=2)
        await site.running.ledger.tick()
        instants.append(site.running.clock())
    now = (await site.get("/charter"))["articles"][0]["base"]
    strike = AmendCharter(base=3, operations=(Strike(article=ArticleId("first"), base=now),))
    await site.running.carry(await site.running.propose(strike))
    site.running.clock.move(hours=2)
    await site.running.ledger.tick()
    return [*instants, site.running.clock()]


async def test_the_charter_is_shown_in_each_version_and_at_any_instant(site: Site) -> None:
    instants = await amended(site)
    headings = [["First"], ["First", "Second"], ["First anew", "Second"], ["Second"]]
    for version, (at, wanted) in enumerate(zip(instants, headings, strict=True), 1):
        by_version = await site.get("/charter", version=version)
        assert by_version == await site.get("/charter", at=at)
        assert [one["heading"] for one in by_version["articles"]] == wanted
        assert [one["number"] for one in by_version["articles"]] == list(range(1, len(wanted) + 1))
    assert (await site.get("/charter"))["version"]["version"] == 4
    versions = (await site.get("/charter/versions"))["items"]
    assert [one["version"] for one in versions] == [4, 3, 2, 1]
    assert [one["proposal"] for one in versions] == ["p3", "p2", "p1", None]
    assert [one["until"] for one in versions] == [None, *(one["since"] for one in versions[:-1])]


async def test_an_article_has_its_history(site: Site) -> None:
    await amended(site)
    first = await site.get("/charter/articles/first")
    assert [one["article"]["heading"] for one in first["items"]] == ["First anew", "First"]
    assert first["struck"]["version"] == 4
    second = await site.get("/charter/articles/second")
    assert ([one["version"]["version"] for one in second["items"]], second["struck"]) == ([2], None)


async def changed(site: Site) -> list[Instant]:
    """Give expulsion a rule of its own, change it, strike it, and change provisions and offices; give the instant after each."""
    instants = [site.running.clock()]
    expel = rule("membership.expel")
    longer = replace(expel, voting=timedelta(days=9))
    provisions = Provisions(support_within=timedelta(days=30))
    for effect in (
        ChangeRules(changes=(SetRule(rule=expel, base=None),)),
        ChangeRules(changes=(SetRule(rule=longer, base=1),)),
        ChangeRules(changes=(StrikeRule(matter=Matter("membership.expel"), base=2),)),
        ChangeRules(changes=(SetProvisions(provisions=provisions, base=1),)),
        ChangeRules(changes=(SetOffice(office=Office(id=OfficeId("chair"), title="Chair", term=timedelta(days=365))),)),
    ):
        poll = await site.running.propose(effect)
        await site.running.carry(poll)
        site.running.clock.move(days=2)
        await site.running.ledger.tick()
        instants.append(site.running.clock())
    return instants


async def test_a_rule_is_shown_as_data_and_in_words_with_what_each_version_changed(site: Site) -> None:
    instants = await changed(site)
    present = await site.get("/rules/membership.expel")
    assert (present["matter"], present["of"]) == ("membership.expel", "membership")
    assert present["rule"]["words"] == list(rule_words(rule("membership")))
    assert present["rule"]["rule"]["voting"] == "P7D"
    newest, oldest = present["versions"]
    assert (newest["rule"]["version"], oldest["rule"]["version"]) == (2, 1)
    assert oldest["changed"] == []
    assert newest["changed"] == [
        {"topic": "voting", "before": ["Voting is open for 7 days."], "after": ["Voting is open for 9 days."]}
    ]
    for at, version in ((instants[1], 1), (instants[2], 2)):
        then = await site.get("/rules/membership.expel", at=at)
        assert (then["of"], then["rule"]["version"]) == ("membership.expel", version)
        assert "membership.expel" in {one["matter"] for one in (await site.get("/rules", at=at))["items"]}
    for at in (instants[0], instants[3]):
        assert (await site.get("/rules/membership.expel", at=at))["of"] == "membership"
    matters = [one["matter"] for one in (await site.get("/rules"))["items"]]
    assert matters == sorted(matters)
    assert "membership.expel" not in matters


async def test_the_general_provisions_are_shown_in_each_version(site: Site) -> None:
    instants = await changed(site)
    present = await site.get("/provisions")
    assert (present["version"], present["support_within"], present["proposal"]) == (2, "P30D", "p4")
    assert "A proposal has 30 days to find its sponsors and seconders." in present["words"]
    first = await site.get("/provisions", at=instants[0])
    assert first == await site.get("/provisions", version=1)
    assert (first["support_within"], first["until"]) == ("P90D", present["since"])


async def test_offices_have_their_powers_and_their_holders(site: Site) -> None:
    await changed(site)
    board, chair = (await site.get("/offices"))["items"]
    assert (board["id"], board["powers"]) == ("board", ["redact_texts", "void_open_polls"])
    assert [holder["id"] for holder in board["holders"]] == [OFFICER]
    assert (chair["term"], chair["term_words"], chair["holders"]) == ("P365D", "365 days", [])
    assert await site.get("/offices/chair") == chair


REFUSALS: tuple[tuple[str, dict[str, object], tuple[int, str]], ...] = (
    ("/charter", {"version": 2}, (404, "version_unknown")),
    ("/charter", {"version": 0}, (400, "parameter_invalid")),
    ("/charter", {"version": 10**30}, (400, "parameter_invalid")),
    ("/charter", {"at": "2020-01-01"}, (404, "version_unknown")),
    ("/charter", {"at": "once"}, (422, "instant_invalid")),
    ("/charter/articles/never", {}, (404, "article_unknown")),
    ("/rules/nothing", {}, (404, "rule_unknown")),
    ("/rules/charter", {"at": "2020-01-01"}, (404, "rule_unknown")),
    ("/provisions", {"version": 9}, (404, "version_unknown")),
    ("/provisions", {"at": "2020-01-01"}, (404, "version_unknown")),
    ("/offices/nobody", {}, (404, "office_unknown")),
)


async def test_what_is_asked_wrongly_is_refused(site: Site) -> None:
    for path, query, refused in REFUSALS:
        assert await site.refused(path, **query) == refused, (path, query)
