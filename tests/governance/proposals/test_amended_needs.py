"""An amended proposal needs what it needed before and what its new effect needs: nobody takes the easier road."""

from fractions import Fraction

from governance.charter import Move, Operation, Replace
from governance.effect import AmendCharter
from governance.facts.proposals import VoteDemanded
from governance.ids import AmendmentId, ArticleId, ProposalId
from governance.instants import later
from tests.governance.acting import accept, demand, proposal_of, put, rules, suggest, support
from tests.governance.world import DAY, Founded, rule

STRICT = rule("charter.article.democracy", notice=30 * DAY, sponsors=3, seconders=1, requisition=Fraction(1, 2))


def replacing(world: Founded, *articles: str) -> AmendCharter:
    by_id = {article.id: article.base for article in world.state.charter.articles}
    operations: tuple[Operation, ...] = tuple(
        Replace(article=ArticleId(one), base=by_id[ArticleId(one)], text=world.text(f"Another {one}."))
        for one in articles
    )
    return AmendCharter(base=1, operations=operations)


def amended(world: Founded, proposal: ProposalId, *articles: str) -> AmendmentId:
    return suggest(world, proposal, effect=replacing(world, *articles))


def test_an_amendment_to_an_entrenched_article_ends_the_notice_until_the_support_it_asks_for_is_there() -> None:
    world = Founded(10, rules=rules(STRICT))
    proposal = world.submit(replacing(world, "mission"))
    world.wait(6 * DAY)
    accept(world, amended(world, proposal, "mission", "democracy"))
    changed = proposal_of(world, proposal)
    assert (changed.needs.sponsors, changed.needs.seconders, changed.needs.notice) == (3, 1, 30 * DAY)
    assert (changed.notice_from, changed.support_until) == (None, later(world.now, 90 * DAY))
    world.wait(20 * DAY)
    support(world, proposal, 2)
    support(world, proposal, 3)
    assert proposal_of(world, proposal).notice_from is None
    support(world, proposal, 4, "seconder")
    world.wait(29 * DAY)
    assert world.stage(proposal) == "deliberation"
    world.wait(DAY)
    assert world.stage(proposal) == "voting"


def test_support_that_is_enough_for_the_amended_text_too_lets_the_notice_begin_at_once() -> None:
    world = Founded(10, rules=rules(STRICT))
    proposal = world.submit(replacing(world, "mission"), supporters=(2, 3))
    support(world, proposal, 4, "seconder")
    accept(world, amended(world, proposal, "democracy"))
    assert proposal_of(world, proposal).notice_from == world.now


def test_needs_only_get_stricter_though_the_amended_effect_would_need_less() -> None:
    world = Founded(10, rules=rules(STRICT))
    proposal = world.submit(replacing(world, "democracy"))
    accept(world, amended(world, proposal, "mission"))
    needs = proposal_of(world, proposal).needs
    assert (needs.sponsors, needs.seconders, needs.notice, needs.requisition) == (3, 1, 30 * DAY, Fraction(1, 2))


def test_an_amended_proposal_that_finds_no_support_lapses_after_the_usual_time_from_the_amendment() -> None:
    world = Founded(10, rules=rules(STRICT))
    proposal = world.submit(replacing(world, "mission"))
    for _ in range(16):
        world.wait(6 * DAY)
        accept(world, amended(world, proposal, "mission"))
    accept(world, amended(world, proposal, "democracy"))
    world.wait(89 * DAY)
    assert world.stage(proposal) == "deliberation"
    world.wait(DAY)
    assert world.stage(proposal) == "lapsed"


def test_a_demand_for_a_vote_stands_for_an_amended_text_unless_the_new_rule_asks_for_a_larger_share() -> None:
    world = Founded(10, rules=rules(STRICT, rule("charter", sponsors=2)))
    proposal = world.submit(replacing(world, "mission"))
    demand(world, proposal, 2, 3)
    accept(world, amended(world, proposal, "solidarity"))
    assert proposal_of(world, proposal).notice_from == world.now
    accept(world, amended(world, proposal, "democracy"))
    changed = proposal_of(world, proposal)
    assert (changed.notice_from, changed.demanded_by, changed.needs.requisition) == (None, (), Fraction(1, 2))
    demand(world, proposal, 2, 3, 4, 5)
    assert not world.last(VoteDemanded).met
    demand(world, proposal, 6)
    assert proposal_of(world, proposal).notice_from == world.now


def test_demands_made_before_the_support_was_there_are_kept_when_it_is_not_enough_any_more() -> None:
    world = Founded(30, rules=rules(STRICT, rule("charter", sponsors=2)))
    proposal = world.submit(replacing(world, "mission"))
    demand(world, proposal, 5)
    support(world, proposal, 2)
    accept(world, amended(world, proposal, "democracy"))
    assert proposal_of(world, proposal).demanded_by == ("c5",)


def test_where_the_new_rule_knows_no_demand_an_earlier_one_does_not_carry_the_proposal_on() -> None:
    strict = rule("charter.article.democracy", sponsors=3, requisition=None)
    world = Founded(10, rules=rules(strict, rule("charter", sponsors=2)))
    proposal = world.submit(replacing(world, "mission"))
    demand(world, proposal, 2, 3)
    accept(world, amended(world, proposal, "democracy"))
    changed = proposal_of(world, proposal)
    assert (changed.notice_from, changed.needs.requisition) == (None, None)


def test_an_amendment_carried_by_vote_asks_for_the_support_of_its_rule_as_well() -> None:
    world = Founded(10, rules=rules(STRICT))
    proposal = world.submit(replacing(world, "mission"))
    poll = put(world, amended(world, proposal, "democracy"))
    for number in range(1, 7):
        world.cast(poll, number)
    world.wait(8 * DAY)
    changed = proposal_of(world, proposal)
    assert (changed.amendments[0].status, changed.notice_from, changed.stage) == ("accepted", None, "deliberation")


def test_moving_an_article_is_under_its_own_rule_as_well() -> None:
    world = Founded(10, rules=rules(STRICT))
    proposal = world.submit(replacing(world, "mission"))
    moving = AmendCharter(base=1, operations=(Move(article=ArticleId("democracy"), after=ArticleId("solidarity")),))
    accept(world, suggest(world, proposal, effect=moving))
    assert proposal_of(world, proposal).needs.sponsors == 3
