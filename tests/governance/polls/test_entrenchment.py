"""Entrenchment: nothing falls by an easier road than the rules it came by."""

from fractions import Fraction

from governance.charter import Add, Move, Replace
from governance.effect import AmendCharter, ChangeRules, Ratify, Resolve, SetProvisions, StrikeRule
from governance.facts.polls import PollOpened
from governance.ids import ArticleId, Matter, ProposalId
from governance.requirement import Requirement
from tests.governance.acting import refused, rules, set_rule
from tests.governance.world import DAY, Founded, rule


def at_least(numerator: int, denominator: int) -> tuple[Requirement, ...]:
    return (Requirement(of="yes+no", at_least=Fraction(numerator, denominator)),)


def open_rule_change(world: Founded) -> ProposalId:
    proposal = world.submit(set_rule(world, rule("resolution", voting=DAY)))
    world.until_open(proposal)
    return proposal


def test_a_change_of_a_rule_is_judged_under_the_rule_on_rules_and_the_matters_present_rule() -> None:
    world = Founded(9)
    open_rule_change(world)
    opened = world.last(PollOpened)
    assert opened.rule == "resolution/1+rules/1"
    assert [(one.matter, one.version, one.heads) for one in opened.rolls] == [("resolution", 1, 9), ("rules", 1, 9)]


def test_the_founding_is_ratified_under_the_rules_on_the_charter_and_on_rules() -> None:
    world = Founded(9)
    proposal = world.submit(Ratify(digest=world.state.founding))
    world.until_open(proposal)
    assert world.last(PollOpened).rule == "charter/1+rules/1"
    world.vote(proposal, yes=range(1, 8))
    world.wait(40 * DAY)
    assert (world.stage(proposal), world.state.ratified_by) == ("in_force", proposal)
    with refused("effect_invalid"):
        world.submit(Ratify(digest=world.state.founding))


def test_articles_with_rules_of_their_own_are_changed_under_each_of_them() -> None:
    own = rule("charter.article.democracy", majority=at_least(4, 5))
    world = Founded(9, rules=rules(own))
    by_id = {article.id: article.base for article in world.state.charter.articles}
    effect = AmendCharter(
        base=1,
        operations=(
            Replace(article=ArticleId("democracy"), base=by_id[ArticleId("democracy")], text=world.text("Another.")),
            Move(article=ArticleId("mission"), after=ArticleId("solidarity")),
            Add(article=ArticleId("care"), text=world.text("Care."), after=None),
        ),
    )
    world.until_open(world.submit(effect))
    assert world.last(PollOpened).rule == "charter/1+charter.article.democracy/1"


def test_striking_a_rule_and_changing_the_provisions_are_under_the_rule_on_rules_and_the_rule_struck() -> None:
    own = rule("resolution.merge", majority=at_least(9, 10))
    world = Founded(9, rules=rules(own))
    provisions = SetProvisions(provisions=world.state.provisions, base=1)
    strike = StrikeRule(matter=Matter("resolution.merge"), base=1)
    world.until_open(world.submit(ChangeRules(changes=(strike, provisions))))
    assert world.last(PollOpened).rule == "resolution.merge/1+rules/1"


def test_a_narrower_rule_where_there_was_none_is_set_under_the_wider_one_that_held_there() -> None:
    world = Founded(9)
    world.until_open(world.submit(set_rule(world, rule("charter.article.democracy", majority=at_least(1, 2)))))
    assert world.last(PollOpened).rule == "charter/1+rules/1"


def test_a_resolution_falls_only_by_the_rules_it_came_by() -> None:
    strict = rule("resolution.merge", majority=at_least(3, 4))
    world = Founded(9, rules=rules(strict))
    merger = world.submit(Resolve(narrowing="merge"))
    world.until_open(merger)
    world.vote(merger, yes=range(1, 9))
    world.until_closed(merger)
    against = world.submit(Resolve(supersedes=(merger,)))
    world.until_open(against)
    assert world.last(PollOpened).rule == "resolution/1+resolution.merge/1"
    world.vote(against, yes=range(1, 6), no=range(6, 9))
    assert world.until_closed(against).status == "rejected"
    assert world.stage(merger) == "in_force"
