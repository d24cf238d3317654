"""Amendments are no way to hold off a vote, to let a decision lapse, or to keep support for something else."""

from governance.charter import Strike
from governance.commands.proposals import Submit
from governance.effect import AmendCharter, Resolve
from governance.facts.proposals import ProposalLapsed
from governance.ids import ArticleId, PollId, ProposalId
from governance.rule import Entitled
from tests.governance.acting import (
    accept,
    proposal_of,
    put,
    refused,
    rules,
    standing,
    suggest,
    support,
    void,
)
from tests.governance.world import DAY, Founded, rule


def vote(world: Founded, poll: PollId, *, yes: range = range(0), no: range = range(0)) -> None:
    for number in yes:
        world.cast(poll, number, "yes")
    for number in no:
        world.cast(poll, number, "no")


def test_two_coops_cannot_hold_off_the_vote_by_putting_one_amendment_after_the_other() -> None:
    world = Founded(6)
    proposal = world.submit()
    amendments = [suggest(world, proposal) for _ in range(3)]
    put(world, amendments[0])
    world.wait(6 * DAY)
    put(world, amendments[1])
    world.wait(DAY)
    with refused("wrong_stage"):
        put(world, amendments[2])
    world.wait(6 * DAY)
    assert world.stage(proposal) == "voting"


def test_nobody_puts_an_amendment_that_nobody_could_vote_on() -> None:
    associates = rule("resolution.amendment", entitled=Entitled(categories=("associate",)))
    world = Founded(5, rules=rules(associates), categories=["full"] * 3 + ["associate"] * 2)
    proposal = world.submit()
    amendment = suggest(world, proposal)
    for number in (4, 5):
        standing(world, number, good=False)
    with refused("electorate_empty"):
        put(world, amendment, 1)
    world.wait(7 * DAY)
    assert world.stage(proposal) == "voting"


def test_if_nobody_could_vote_any_more_when_a_voided_vote_on_an_amendment_opens_anew_the_proposal_lapses() -> None:
    world = Founded(4)
    proposal = world.submit()
    poll = put(world, suggest(world, proposal))
    void(world, poll)
    for number in (1, 2, 3, 4):
        standing(world, number, good=False)
    world.wait(7 * DAY)
    assert world.last(ProposalLapsed).reason == "no_electorate"
    assert world.stage(proposal) == "lapsed"
    assert world.state.next_due is None


def test_two_coops_cannot_let_an_urgent_decision_lapse_by_putting_an_amendment_to_it() -> None:
    urgent = rule("resolution.urgent", notice=3 * DAY, provisional=14 * DAY)
    world = Founded(6, rules=rules(urgent, rule("resolution.amendment", voting=20 * DAY)))
    world.ask(Submit(effect=Resolve(narrowing="urgent"), text=world.text("A text.")), world.officer)
    amendment = suggest(world, ProposalId("p1"))
    with refused("wrong_stage"):
        put(world, amendment)
    world.wait(3 * DAY)
    assert world.stage(ProposalId("p1")) == "voting"


def test_of_two_carried_amendments_to_one_text_the_second_is_dropped_as_it_was_not_written_on_the_first() -> None:
    world = Founded(6)
    proposal = world.submit()
    first, second = suggest(world, proposal), suggest(world, proposal)
    for poll in (put(world, first), put(world, second)):
        vote(world, poll, yes=range(1, 4))
    world.wait(7 * DAY)
    changed = proposal_of(world, proposal)
    assert [one.status for one in changed.amendments] == ["accepted", "dropped"]
    assert (changed.text, changed.notice_from) == (changed.amendments[0].text, world.now)


def test_a_supporter_that_has_no_vote_on_the_amended_effect_supports_it_no_longer() -> None:
    old_members = rule("charter.article.democracy", sponsors=2, entitled=Entitled(categories=("full",)))
    wide = rule("charter", entitled=Entitled(categories=("full", "associate")))
    world = Founded(8, rules=rules(old_members, wide), categories=["full"] * 5 + ["associate"] * 3)
    bases = {article.id: article.base for article in world.state.charter.articles}

    def strike(article: str) -> AmendCharter:
        operation = Strike(article=ArticleId(article), base=bases[ArticleId(article)])
        return AmendCharter(base=1, operations=(operation,))

    proposal = world.submit(strike("mission"), supporters=(7,))
    accept(world, suggest(world, proposal, effect=strike("democracy")))
    assert (proposal_of(world, proposal).sponsors, proposal_of(world, proposal).notice_from) == (("c1",), None)
    support(world, proposal, 3)
    assert proposal_of(world, proposal).notice_from == world.now
