from datetime import timedelta
from fractions import Fraction
from typing import Any

import msgspec
import pytest

from governance.ballot import BallotStatement
from governance.commands.polls import Cast, VoidPoll
from governance.commands.proposals import PutAmendment, Submit, SuggestAmendment, Withdraw
from governance.commands.register import Leave
from governance.counting.tally import Choice
from governance.course import outcome_of
from governance.effect import Resolve
from governance.ids import AmendmentId, PollId, ProposalId
from governance.requirement import HALF, Requirement
from governance.rule import Call
from governance.words import outcome_words
from tests.app.http.reading.reading_site import Site
from tests.app.ledger.small_federation import COOPS, OFFICER, delegate, steward, text

pytestmark = pytest.mark.anyio
ALL = Requirement(at_least=Fraction(1), of="entitled")
TWO_CALLS = (Call(quorum=(ALL,)), Call(after=timedelta(days=1)))


async def close(site: Site, **by: int) -> None:
    """Let a week go by, or more, and what is due happen."""
    site.running.clock.move(**(by or {"days": 7}))
    await site.running.ledger.tick()


async def cast_on_paper(site: Site, poll: PollId, coop: int, choice: Choice, reason: str | None = None) -> int:
    """Fill in what the ballot paper says, add a choice and perhaps a reason, and cast it."""
    paper = await site.get(f"/polls/{poll}/papers/{COOPS[coop]}")
    hashed, blob = text(reason) if reason is not None else (None, None)
    statement = {**paper["statement"], "coop": paper["coop"], "replaces": paper["replaces"], "choice": choice}
    filled = msgspec.convert({**statement, "reason": hashed}, BallotStatement)
    answer = await site.running.ledger.submit(
        Cast(statement=filled), actor=delegate(COOPS[coop]), blobs=() if blob is None else (blob,)
    )
    return answer.seq


async def went(site: Site, poll: str) -> dict[str, Any]:
    found: dict[str, Any] = (await site.get(f"/polls/{poll}"))["went"]
    return found


async def test_votes_are_listed_filtered_and_paged(site: Site) -> None:
    await site.running.carry(await site.running.propose(words="# First"))
    await site.running.propose(words="# Second")
    site.running.clock.move(days=1)
    await site.running.propose(words="# Third")
    searches: tuple[tuple[dict[str, object], list[str]], ...] = (
        ({}, ["p3.v1", "p2.v1", "p1.v1"]),
        ({"sort": "closes"}, ["p1.v1", "p2.v1", "p3.v1"]),
        ({"status": "open", "sort": "closes"}, ["p2.v1", "p3.v1"]),
        ({"status": "carried"}, ["p1.v1"]),
        ({"status": "rejected"}, []),
        ({"proposal": "p2"}, ["p2.v1"]),
        ({"closes_before": "2026-03-15", "status": "open"}, ["p2.v1"]),
    )
    for query, found in searches:
        assert [item["id"] for item in (await site.get("/polls", **query))["items"]] == found, query
        assert [item["id"] for item in await site.walk("/polls", **query, limit=1)] == found
    assert [item["title"] for item in (await site.get("/polls"))["items"]] == ["Third", "Second", "First"]


async def test_an_open_vote_has_its_question_its_rules_and_the_turnout_so_far(site: Site) -> None:
    poll = await site.running.propose(words="# Shall we?\n\nIt is time.")
    await site.running.cast(poll, COOPS[0], "no")
    view = await site.get(f"/polls/{poll}")
    assert view["question"]["title"] == "Shall we?"
    assert (view["choices"], view["final"], view["outcome"], view["ballots"]) == (
        ["yes", "no", "abstain"],
        False,
        None,
        1,
    )
    (judged,) = view["judged"]
    assert (judged["rule"]["matter"], judged["rule"]["version"], judged["heads"]) == ("resolution", 1, 3)
    assert judged["majority"] == [{"more_than": "1/2", "of": "yes+no"}]
    assert judged["majority_words"] == "It is carried when more than half of the coops voting yes or no say yes."
    assert judged["turnout"]["coops"] == {"ballots": "1", "entitled": "3"}
    assert judged["turnout"]["cooperators"] == {"ballots": "5", "entitled": "18"}
    assert view["went"]["words"] == []


async def test_the_roll_is_the_one_that_was_frozen(site: Site) -> None:
    poll = await site.running.propose()
    await site.running.ledger.submit(Leave(), actor=steward(COOPS[2]))
    (roll,) = (await site.get(f"/polls/{poll}/rolls"))["rolls"]
    assert [(one["coop"], one["cooperators"], one["weight"]) for one in roll["entries"]] == [
        ("c1", "5", "1"),
        ("c2", "6", "1"),
        ("c3", "7", "1"),
    ]
    assert roll["electorate"] == (await site.get(f"/polls/{poll}"))["judged"][0]["electorate"]


async def test_what_the_ballot_paper_says_can_be_cast_and_cast_again(site: Site) -> None:
    poll = await site.running.propose()
    first = await cast_on_paper(site, poll, 1, "no", "It costs too much.")
    paper = await site.get(f"/polls/{poll}/papers/c2")
    assert (paper["replaces"], paper["cast"], paper["castable"]) == (first, "no", True)
    (shown,) = (await site.get(f"/polls/{poll}/ballots"))["items"]
    assert (shown["coop"], shown["choice"], shown["reason"]["text"]) == ("c2", "no", "It costs too much.")
    second = await cast_on_paper(site, poll, 1, "yes")
    assert (await site.get(f"/polls/{poll}/papers/c2"))["replaces"] == second
    (shown,) = (await site.get(f"/polls/{poll}/ballots"))["items"]
    assert (shown["seq"], shown["choice"], shown["replaces"], shown["reason"]) == (second, "yes", first, None)
    before, after = (await site.get(f"/polls/{poll}/ballots", replaced="true"))["items"]
    assert (before["seq"], before["replaced_by"], after["replaced_by"]) == (first, second, None)
    assert [one["seq"] for one in await site.walk(f"/polls/{poll}/ballots", replaced="true", limit=1)] == [
        first,
        second,
    ]


async def test_a_paper_says_when_a_ballot_is_final_and_what_needs_a_reason(site: Site) -> None:
    await site.change_rule("resolution", blocks=True, revoting="final")
    poll = await site.running.propose(words="# Next")
    paper = await site.get(f"/polls/{poll}/papers/c1")
    assert (paper["choices"], paper["reason_needed"]) == (["yes", "no", "abstain", "block"], ["block"])
    assert paper["castable"] is True
    await cast_on_paper(site, poll, 0, "block", "Never.")
    assert (await site.get(f"/polls/{poll}/papers/c1"))["castable"] is False
    assert (await site.get(f"/polls/{poll}"))["final"] is True


async def test_a_closed_vote_explains_its_outcome_as_it_was_counted(site: Site) -> None:
    await site.change_rule("resolution", calls=(Call(quorum=(Requirement(at_least=HALF, of="entitled"),)),))
    poll = await site.running.propose(words="# Next")
    for coop, choice in zip(COOPS, ("yes", "no", "yes"), strict=True):
        await site.running.cast(poll, coop, choice)  # type: ignore[arg-type]  # a choice each
    state = site.running.ledger._appender.fold.federation.state
    opened = state.polls.get(poll)
    assert opened is not None
    outcome = outcome_of(state, opened, opened.judged[0])
    await close(site)
    view = await site.get(f"/polls/{poll}")
    (counted,) = view["outcome"]["counts"]
    assert (view["outcome"]["status"], view["poll"]["status"]) == ("carried", "carried")
    assert counted["words"] == outcome_words(outcome)
    assert counted["counting"] == "yes_no_abstain/1"
    assert (counted["sums"]["coops"]["yes"], counted["sums"]["coops"]["no"], counted["no_show"]) == ("2", "1", False)
    (quorum,), (majority,) = counted["quorum"], counted["majority"]
    assert (quorum["held"], quorum["value"], quorum["needed"], quorum["base"]) == (True, "3", "3/2", "3")
    assert (majority["held"], majority["value"], majority["needed"]) == (True, "2", "3/2")
    assert view["outcome"]["changed"] == []
    assert view["judged"][0]["turnout"]["coops"]["ballots"] == "3"
    assert "(2 of 3)" in view["judged"][0]["quorum_words"]


async def test_a_result_that_a_no_completed_says_so(site: Site) -> None:
    two = Requirement(at_least_number=Fraction(2))
    await site.change_rule(
        "resolution", calls=(Call(quorum=(two,)),), majority=(Requirement(at_least_number=Fraction(1)),)
    )
    poll = await site.running.propose(words="# Next")
    await site.running.cast(poll, COOPS[0], "yes")
    await site.running.cast(poll, COOPS[1], "no")
    await close(site)
    (counted,) = (await site.get(f"/polls/{poll}"))["outcome"]["counts"]
    assert counted["no_show"] is True
    assert "Had those who voted no stayed away" in counted["words"]


async def test_a_further_call_says_what_came_before_it(site: Site) -> None:
    await site.change_rule("resolution", calls=TWO_CALLS)
    first = await site.running.propose(words="# Next")
    await site.running.cast(first, COOPS[0])
    await close(site)
    missed = await site.get(f"/polls/{first}")
    assert missed["outcome"]["status"] == "no_quorum"
    assert missed["went"]["earlier_calls"] == []
    await close(site, days=1)
    second = f"{first.partition('.')[0]}.v2"
    view = await site.get(f"/polls/{second}")
    assert view["poll"]["call"] == 2
    assert [one["id"] for one in view["others"]] == [first]
    assert view["went"]["earlier_calls"] == [first]
    assert f"{first} had no quorum" in view["went"]["words"][0]
    assert view["judged"][0]["quorum"] == []


async def test_a_late_extension_is_told_with_when_it_was_to_close_first(site: Site) -> None:
    two_of_three = Requirement(at_least=Fraction(2, 3), of="entitled")
    await site.change_rule("resolution", calls=(Call(quorum=(two_of_three,)),), extension=timedelta(days=2))
    poll = await site.running.propose(words="# Next")
    planned = (await site.get(f"/polls/{poll}"))["poll"]["closes"]
    await site.running.cast(poll, COOPS[0])
    site.running.clock.move(days=6)
    await site.running.cast(poll, COOPS[1])
    await site.running.ledger.tick()
    view = await site.get(f"/polls/{poll}")
    assert view["poll"]["extended"] is True
    assert view["poll"]["closes"] > planned
    assert (view["went"]["closes_first"], view["went"]["extended_at"] is not None) == (planned, True)
    assert planned in view["went"]["words"][0]
    line = next(one for one in (await site.get("/proposals"))["items"] if one["poll"] == poll)
    assert (line["step"], line["due"]) == ("close_poll", view["poll"]["closes"])


async def test_a_closing_that_came_later_than_planned_is_told(site: Site) -> None:
    poll = await site.running.propose()
    await site.running.cast(poll, COOPS[0])
    await close(site, days=7, hours=3)
    said = await went(site, poll)
    assert (said["closed_late"], said["closed_early"], said["opened_late"]) == (True, False, False)
    assert "which was recorded 3 hours later" in said["words"][0]
    assert said["closing_due"] == (await site.get(f"/polls/{poll}"))["poll"]["closes"]


async def test_a_closing_in_time_is_not_told(site: Site) -> None:
    poll = await site.running.propose()
    await close(site)
    assert (await went(site, poll))["words"] == []


async def test_an_opening_that_came_later_than_planned_is_told(site: Site) -> None:
    hashed, blob = text("# We merge")
    await site.running.ledger.submit(
        Submit(effect=Resolve(narrowing="merge"), text=hashed), actor=delegate(COOPS[0]), blobs=(blob,)
    )
    await close(site, days=2)
    said = await went(site, "p1.v1")
    assert (said["opened_late"], said["closed_late"]) == (True, False)
    assert "opened 1 day later, for the full period" in said["words"][0]


async def test_an_early_closing_is_told(site: Site) -> None:
    await site.change_rule("resolution", early_close=True, revoting="final")
    poll = await site.running.propose(words="# Next")
    for coop in COOPS[:2]:
        await site.running.cast(poll, coop)
    await site.running.ledger.tick()
    said = await went(site, poll)
    assert (said["closed_early"], said["closed_late"]) == (True, False)


async def test_a_voided_vote_says_who_voided_it_and_why(site: Site) -> None:
    poll = await site.running.propose()
    hashed, blob = text("The text was the wrong one.")
    await site.running.ledger.submit(VoidPoll(poll=poll, reason=hashed), actor=OFFICER, blobs=(blob,))
    outcome = (await site.get(f"/polls/{poll}"))["outcome"]
    assert (outcome["status"], outcome["counts"], outcome["voided"]["office"]) == ("voided", [], "board")
    assert outcome["voided"]["reason"]["text"] == "The text was the wrong one."
    await site.running.ledger.tick()
    assert (await site.get("/proposals/p1"))["voided"] is True
    assert (await went(site, "p1.v2"))["earlier_calls"] == []


async def test_a_vote_that_was_dropped_with_its_proposal_has_no_counts(site: Site) -> None:
    hashed, blob = text("# We merge")
    merge = Submit(effect=Resolve(narrowing="merge"), text=hashed)
    await site.running.ledger.submit(merge, actor=delegate(COOPS[0]), blobs=(blob,))
    other, words = text("# We do not merge")
    suggested = SuggestAmendment(proposal=ProposalId("p1"), text=other)
    await site.running.ledger.submit(suggested, actor=delegate(COOPS[1]), blobs=(words,))
    await site.running.ledger.submit(PutAmendment(amendment=AmendmentId("p1.a1")), actor=delegate(COOPS[2]))
    view = await site.get("/polls/p1.v1")
    assert (view["poll"]["purpose"], view["poll"]["amendment"], view["question"]["title"]) == (
        "amendment",
        "p1.a1",
        "We do not merge",
    )
    await site.running.ledger.submit(Withdraw(proposal=ProposalId("p1")), actor=delegate(COOPS[0]))
    outcome = (await site.get("/polls/p1.v1"))["outcome"]
    assert (outcome["status"], outcome["counts"], outcome["voided"]) == ("dropped", [], None)


async def test_coops_that_left_while_voting_was_open_are_named(site: Site) -> None:
    poll = await site.running.propose()
    await site.running.cast(poll, COOPS[0])
    await site.running.ledger.submit(Leave(), actor=steward(COOPS[2]))
    await close(site)
    assert (await site.get(f"/polls/{poll}"))["outcome"]["changed"] == ["c3"]


async def test_resolutions_in_force_have_their_review_dates(site: Site) -> None:
    await site.running.carry(await site.running.propose(Resolve(review="2026-09-01"), words="# One"))  # type: ignore[arg-type]  # a day
    await site.running.carry(await site.running.propose(words="# Two"))
    await site.running.carry(await site.running.propose(Resolve(supersedes=(ProposalId("p2"),)), words="# Three"))
    present = (await site.get("/resolutions"))["items"]
    assert [(one["number"], one["title"], one["review"]) for one in present] == [
        (3, "Three", None),
        (1, "One", "2026-09-01"),
    ]
    assert [one["number"] for one in await site.walk("/resolutions", limit=1)] == [3, 1]
    (gone,) = (await site.get("/resolutions", in_force="false"))["items"]
    assert (gone["number"], gone["superseded_by"]) == (2, "p3")
    assert [one["number"] for one in (await site.get("/resolutions", review_before="2026-09-01"))["items"]] == [1]
    assert (await site.get("/resolutions", review_before="2026-08-31"))["items"] == []


async def test_what_is_asked_wrongly_is_refused(site: Site) -> None:
    poll = await site.running.propose()
    refusals: tuple[tuple[str, dict[str, object], tuple[int, str]], ...] = (
        ("/polls", {"status": "won"}, (400, "parameter_invalid")),
        ("/polls", {"sort": "opened"}, (400, "parameter_invalid")),
        ("/polls", {"closes_before": "soon"}, (422, "instant_invalid")),
        ("/polls", {"cursor": "x"}, (400, "cursor_invalid")),
        ("/polls/p1.v9", {}, (404, "poll_unknown")),
        ("/polls/p1.v9/rolls", {}, (404, "poll_unknown")),
        ("/polls/p1.v9/ballots", {}, (404, "poll_unknown")),
        ("/polls/p1.v9/papers/c1", {}, (404, "poll_unknown")),
        (f"/polls/{poll}/papers/c9", {}, (403, "not_on_roll")),
        (f"/polls/{poll}/ballots", {"replaced": "some"}, (400, "parameter_invalid")),
        ("/resolutions", {"in_force": "partly"}, (400, "parameter_invalid")),
        ("/resolutions", {"review_before": "soon"}, (422, "instant_invalid")),
    )
    for path, query, refused in refusals:
        assert await site.refused(path, **query) == refused, (path, query)
    site.running.clock.move(days=7)
    assert await site.refused(f"/polls/{poll}/papers/c1") == (409, "poll_closed")
    await site.running.ledger.tick()
    assert await site.refused(f"/polls/{poll}/papers/c1") == (409, "poll_closed")
