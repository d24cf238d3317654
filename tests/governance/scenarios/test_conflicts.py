"""Changes carried side by side: in log order, and what is written on something else ends in conflict."""

from governance.charter import Add, ArticleContent, Move, Replace, Strike
from governance.effect import (
    AmendCharter,
    Effect,
)
from governance.facts.proposals import ProposalEnacted, ProposalLapsed
from governance.ids import ArticleId, CoopId, HashText, ProposalId
from governance.rule import Rule
from tests.governance.acting import MINUTE, refused, rules, set_rule
from tests.governance.world import DAY, Founded, rule

CARE = ArticleContent(heading="Care", text="We care.")
C6 = CoopId("c6")


def world_of(*changed: Rule) -> Founded:
    """A federation in which what is decided waits a day before it takes effect."""
    slow = tuple(
        rule(matter, notice=MINUTE, voting=DAY, waiting=DAY)
        for matter in ("membership", "admission", "charter", "rules")
    )
    return Founded(8, rules=rules(*slow, *changed))


def brought(world: Founded, effect: Effect) -> ProposalId:
    """A proposal whose poll is open."""
    proposal = world.submit(effect)
    world.wait(MINUTE)
    return proposal


def carry(world: Founded, *proposals: ProposalId) -> None:
    """Let everybody vote yes, and wait until what can take effect has."""
    for proposal in proposals:
        world.vote(
            proposal,
            yes=[n for n in range(1, 9) if CoopId(f"c{n}") in world.state.polls.get(world.poll_of(proposal)).voters],
        )
    world.wait(3 * DAY)


def lapsed(world: Founded, proposal: ProposalId) -> str:
    assert world.stage(proposal) == "lapsed"
    return next(
        r.body.reason for r in world.records if isinstance(r.body, ProposalLapsed) and r.body.proposal == proposal
    )


def replacing(world: Founded, article: str, text: HashText) -> AmendCharter:
    base = next(one.base for one in world.state.charter.articles if one.id == article)
    return AmendCharter(
        base=world.state.charter.version, operations=(Replace(article=ArticleId(article), base=base, text=text),)
    )


def test_two_changes_of_one_article_the_second_ends_in_conflict_and_is_not_merged_silently() -> None:
    world = world_of()
    first = brought(world, replacing(world, "mission", world.text(CARE)))
    second = brought(world, replacing(world, "mission", world.text(ArticleContent(heading="Other", text="Other."))))
    carry(world, first, second)
    assert (world.stage(first), lapsed(world, second)) == ("in_force", "conflict")
    assert world.state.charter.articles[0].content == CARE


def test_untouched_articles_may_have_moved_on() -> None:
    world = world_of()
    first = brought(world, replacing(world, "mission", world.text(CARE)))
    second = brought(world, replacing(world, "democracy", world.text(CARE)))
    carry(world, first, second)
    assert (world.stage(first), world.stage(second), world.state.charter.version) == ("in_force", "in_force", 3)


def test_a_conflict_is_said_before_voting_opens() -> None:
    world = world_of()
    first = brought(world, replacing(world, "mission", world.text(CARE)))
    base = world.state.charter.articles[0].base
    carry(world, first)
    late = AmendCharter(base=1, operations=(Strike(article=ArticleId("mission"), base=base),))
    with refused("amendment_outdated"):
        world.submit(late)
    slow = world_of(rule("charter", notice=2 * DAY, voting=DAY))
    one = slow.submit(replacing(slow, "mission", slow.text(CARE)))
    slow.wait(2 * DAY)
    other = slow.submit(replacing(slow, "mission", slow.text(CARE)))
    slow.vote(one, yes=range(1, 9))
    slow.wait(2 * DAY)
    assert (slow.stage(one), lapsed(slow, other)) == ("in_force", "conflict")


def test_two_carried_in_one_minute_take_effect_in_log_order() -> None:
    world = world_of()
    texts = [ArticleContent(heading=f"Article {number}", text="Text.") for number in range(3)]
    effects = [
        AmendCharter(
            base=1, operations=(Add(article=ArticleId(f"new-{n}"), text=world.text(text), after=ArticleId("mission")),)
        )
        for n, text in enumerate(texts)
    ]
    proposals = [world.submit(effect) for effect in effects]
    world.wait(MINUTE)
    carry(world, *reversed(proposals))
    enacted = [r.body.proposal for r in world.records if isinstance(r.body, ProposalEnacted)]
    assert enacted == proposals
    assert [one.id for one in world.state.charter.articles] == [
        "mission", "new-0", "new-1", "new-2", "democracy", "solidarity",
    ]  # fmt: skip


def test_a_rule_written_on_another_version_ends_in_conflict() -> None:
    world = world_of()
    first, second = (world.submit(set_rule(world, rule("rules.offices", voting=days * DAY))) for days in (2, 3))
    world.wait(MINUTE)
    carry(world, first, second)
    assert (world.stage(first), lapsed(world, second)) == ("in_force", "conflict")
    assert world.state.rules.get("rules.offices").rule.voting == 2 * DAY


def test_moving_an_article_that_was_struck_meanwhile_is_a_conflict() -> None:
    world = world_of()
    base = world.state.charter.articles[1].base
    strike = AmendCharter(base=1, operations=(Strike(article=ArticleId("democracy"), base=base),))
    move = AmendCharter(base=1, operations=(Move(article=ArticleId("mission"), after=ArticleId("democracy")),))
    first, second = brought(world, strike), brought(world, move)
    carry(world, first, second)
    assert (world.stage(first), lapsed(world, second)) == ("in_force", "conflict")
