"""Amendments to a proposal's text and effect, and what the leading sponsor makes its own."""

import pytest

from governance.charter import Strike
from governance.commands.proposals import AcceptAmendment, Submit, SuggestAmendment
from governance.effect import AmendCharter, Effect, Expel, Recategorise, Resolve, Suspend
from governance.facts.polls import PollOpened
from governance.ids import AmendmentId, ArticleId, CoopId, OfficeId, ProposalId
from governance.instants import Day, day_of, later
from governance.mandate import Office
from governance.rule import Entitled
from tests.governance.acting import accept, proposal_of, put, refused, rules, suggest, withdraw
from tests.governance.world import DAY, Founded, rule


def test_an_amendment_is_numbered_within_its_proposal_and_changes_nothing_until_it_is_taken_up() -> None:
    world = Founded(5)
    world.submit()
    proposal = world.submit(by=2)
    before = proposal_of(world, proposal)
    assert (suggest(world, proposal, 3), suggest(world, proposal, 4)) == ("p2.a1", "p2.a2")
    after = proposal_of(world, proposal)
    assert (after.text, after.effect, after.notice_from) == (before.text, before.effect, before.notice_from)
    assert [(one.coop, one.status) for one in after.amendments] == [("c3", "suggested"), ("c4", "suggested")]


def test_an_accepted_amendment_becomes_the_text_and_the_effect_and_the_notice_begins_again() -> None:
    world = Founded(5)
    proposal = world.submit()
    world.wait(6 * DAY)
    reviewed = Resolve(review=Day("2027-01-01"))
    accept(world, suggest(world, proposal, effect=reviewed))
    changed = proposal_of(world, proposal)
    assert (changed.effect, changed.notice_from, changed.amendments[0].status) == (reviewed, world.now, "accepted")
    assert changed.text == changed.amendments[0].text
    world.wait(6 * DAY)
    assert world.stage(proposal) == "deliberation"
    world.wait(DAY)
    assert world.last(PollOpened).text == changed.text


def test_an_amendment_without_an_effect_leaves_the_effect() -> None:
    world = Founded(5)
    proposal = world.submit(Resolve(narrowing="merge"))
    accept(world, suggest(world, proposal))
    assert proposal_of(world, proposal).effect == Resolve(narrowing="merge")


def test_accepting_does_not_begin_a_notice_that_waits_for_support() -> None:
    world = Founded(5, rules=rules(rule("resolution", sponsors=2)))
    proposal = world.submit()
    accept(world, suggest(world, proposal))
    assert proposal_of(world, proposal).notice_from is None
    world.wait(90 * DAY)
    assert world.stage(proposal) == "lapsed"


def test_only_the_coop_that_leads_accepts_an_amendment() -> None:
    world = Founded(5)
    proposal = world.submit(supporters=(3,))
    amendment = suggest(world, proposal)
    for number in (2, 3):
        with refused("not_sponsor"):
            accept(world, amendment, number)


def test_what_an_office_brought_the_same_office_amends() -> None:
    board = Office(id=OfficeId("board"), title="Board", powers=("decide_urgently",))
    world = Founded(5, rules=rules(rule("resolution.urgent", notice=2 * DAY, provisional=14 * DAY)), offices=(board,))
    world.ask(Submit(effect=Resolve(narrowing="urgent"), text=world.text("A text.")), world.officer)
    reviewed = Resolve(narrowing="urgent", review=Day("2027-01-01"))
    amendment = suggest(world, ProposalId("p1"), effect=reviewed)
    world.wait(DAY)
    with refused("not_sponsor"):
        world.ask(AcceptAmendment(amendment=amendment), world.officers[board.id])
    with refused("no_mandate"):
        accept(world, amendment)
    world.ask(AcceptAmendment(amendment=amendment), world.officer)
    amended = proposal_of(world, ProposalId("p1"))
    assert (amended.notice_from, amended.needs.sponsors, amended.effect) == (world.now, 0, reviewed)


def test_an_amendment_is_taken_up_once_and_an_unknown_one_never() -> None:
    world = Founded(5)
    proposal = world.submit()
    accept(world, suggest(world, proposal))
    for unknown in ("p1.a1", "p1.a2", "p9.a1", "p1", "", "p1.a1.a1"):
        with refused("amendment_unknown"):
            accept(world, AmendmentId(unknown))


def test_nothing_is_amended_once_voting_is_open_or_the_proposal_is_over() -> None:
    world = Founded(5)
    open_one, gone = world.submit(), world.submit()
    amendments = (suggest(world, open_one), suggest(world, gone))
    withdraw(world, gone)
    world.until_open(open_one)
    for proposal, amendment in zip((open_one, gone), amendments, strict=True):
        with refused("wrong_stage"):
            suggest(world, proposal)
        with refused("wrong_stage"):
            accept(world, amendment)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Resolve(), Resolve(narrowing="merge")),
        (Resolve(narrowing="merge"), Resolve()),
        (Resolve(), Suspend(coop=CoopId("c4"))),
        (Suspend(coop=CoopId("c4")), Suspend(coop=CoopId("c5"))),
        (Suspend(coop=CoopId("c4")), Expel(coop=CoopId("c4"))),
        (Suspend(coop=CoopId("c4")), Recategorise(coop=CoopId("c4"), category="associate")),
    ],
)
def test_an_amendment_keeps_the_kind_the_narrowing_and_the_coop_concerned(before: Effect, after: Effect) -> None:
    world = Founded(6)
    proposal = world.submit(before)
    with refused("effect_invalid"):
        suggest(world, proposal, effect=after)
    assert proposal_of(world, proposal).amendments == ()


def test_the_effect_of_an_amendment_is_checked_when_it_is_suggested_and_again_when_it_is_taken_up() -> None:
    world = Founded(6)
    proposal = world.submit()
    with refused("effect_invalid"):
        suggest(world, proposal, effect=Resolve(review=day_of(world.now)))
    amendment = suggest(world, proposal, effect=Resolve(review=day_of(later(world.now, 3 * DAY))))
    world.wait(4 * DAY)
    with refused("effect_invalid"):
        accept(world, amendment)
    with refused("effect_invalid"):
        put(world, amendment)
    assert proposal_of(world, proposal).amendments[0].status == "suggested"


def test_a_coop_suggests_twenty_amendments_to_a_proposal_and_all_together_two_hundred() -> None:
    world = Founded(12)
    proposal = world.submit()
    for number in range(1, 11):
        for _ in range(20):
            suggest(world, proposal, number)
        if number == 1:
            with refused("wrong_stage"):
                suggest(world, proposal, number)
    with refused("wrong_stage"):
        suggest(world, proposal, 11)


def test_an_amendment_written_on_a_text_that_has_changed_since_is_not_taken_up() -> None:
    world = Founded(5)
    proposal = world.submit()
    first, second = suggest(world, proposal, 2), suggest(world, proposal, 3)
    accept(world, first)
    with refused("amendment_text_outdated"):
        accept(world, second)
    with refused("amendment_text_outdated"):
        put(world, second, 4)
    accept(world, suggest(world, proposal, 3))


def test_the_leading_coop_accepts_no_effect_in_which_it_would_have_no_vote() -> None:
    associates = rule("charter.article.democracy", entitled=Entitled(categories=("associate",)))
    world = Founded(8, rules=rules(associates), categories=["full"] * 5 + ["associate"] * 3)
    bases = {article.id: article.base for article in world.state.charter.articles}

    def strike(article: str) -> AmendCharter:
        operation = Strike(article=ArticleId(article), base=bases[ArticleId(article)])
        return AmendCharter(base=1, operations=(operation,))

    amendment = suggest(world, world.submit(strike("mission")), effect=strike("democracy"))
    with refused("not_entitled"):
        accept(world, amendment)


def test_who_has_no_vote_in_the_matter_suggests_nothing() -> None:
    world = Founded(5, categories=["full"] * 4 + ["observer"])
    proposal = world.submit(Suspend(coop=CoopId("c4")))
    for number in (4, 5):
        with refused("not_entitled"):
            suggest(world, proposal, number)
    with refused("proposal_unknown"):
        world.ask(SuggestAmendment(proposal=ProposalId("p9"), text=world.text("A text.")), world.c(1))
