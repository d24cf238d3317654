"""Decisions that have become impossible end as lapsed, with their reason, and are no error."""

import pytest

from governance.charter import ArticleContent, Replace
from governance.commands.register import RedactText
from governance.effect import (
    Admit,
    AmendCharter,
    ChangeRules,
    CorrectName,
    Effect,
    Expel,
    Recategorise,
    Reinstate,
    SetProvisions,
    Suspend,
)
from governance.facts.polls import PollClosed
from governance.facts.proposals import ProposalLapsed
from governance.ids import ArticleId, CoopId, HashText, ProposalId
from governance.rule import Rule
from tests.governance.acting import MINUTE, leave, refused, rules, set_rule, standing
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


def test_a_rule_that_the_register_has_meanwhile_made_a_lock_out_does_not_come_into_force() -> None:
    world = world_of()
    proposal = brought(world, set_rule(world, rule("rules.offices", sponsors=4, seconders=3)))
    world.vote(proposal, yes=range(1, 9))
    world.wait(DAY)
    leave(world, 8)
    world.wait(DAY)
    assert lapsed(world, proposal) == "lock_out"


@pytest.mark.parametrize(
    "effect",
    [Suspend(coop=C6), Expel(coop=C6), Recategorise(coop=C6, category="associate"), CorrectName(coop=C6, name="Six")],
)
def test_what_is_decided_of_a_coop_that_has_left_is_impossible(effect: Effect) -> None:
    world = world_of()
    proposal = brought(world, effect)
    world.vote(proposal, yes=(1, 2, 3, 4))
    world.wait(DAY)
    leave(world, 6)
    world.wait(DAY)
    assert lapsed(world, proposal) == "impossible"
    assert world.state.coops.get(C6).status == "former"


def test_of_two_suspensions_of_one_coop_the_second_is_impossible_and_so_is_a_second_reinstatement() -> None:
    world = world_of()
    both = [brought(world, Suspend(coop=C6)) for _ in range(2)]
    carry(world, *both)
    assert (world.stage(both[0]), lapsed(world, both[1])) == ("in_force", "impossible")
    again = [brought(world, Reinstate(coop=C6)) for _ in range(2)]
    carry(world, *again)
    assert (world.stage(again[0]), lapsed(world, again[1])) == ("in_force", "impossible")


def test_a_name_taken_meanwhile_makes_an_admission_impossible() -> None:
    world = world_of()
    first, second = (
        brought(world, Admit(name="Newcomers", country="UY", category="full", cooperators=4, steward=world.mandate()))
        for _ in range(2)
    )
    carry(world, first, second)
    assert (world.stage(first), lapsed(world, second)) == ("in_force", "impossible")
    assert len(world.state.coops) == 9


def test_a_category_struck_meanwhile_makes_an_admission_to_it_impossible() -> None:
    world = world_of()
    admit = Admit(name="Newcomers", country="UY", category="observer", cooperators=4, steward=world.mandate())
    fewer = SetProvisions(provisions=type(world.state.provisions)(categories=("full", "associate")), base=1)
    first, second = brought(world, ChangeRules(changes=(fewer,))), brought(world, admit)
    carry(world, first, second)
    assert (world.stage(first), lapsed(world, second)) == ("in_force", "impossible")


def test_a_text_redacted_in_deliberation_or_while_voting_does_not_come_into_the_charter() -> None:
    world = world_of(rule("charter", notice=DAY, voting=DAY, waiting=DAY))
    first, second = world.text(CARE), world.text(CARE)
    early, late = world.submit(replacing(world, "mission", first)), world.submit(replacing(world, "democracy", second))
    world.ask(RedactText(text=first, reason="unlawful"), world.officer)
    world.wait(DAY)
    assert lapsed(world, early) == "redacted"
    world.vote(late, yes=range(1, 9))
    world.ask(RedactText(text=second, reason="unlawful"), world.officer)
    world.wait(2 * DAY)
    assert lapsed(world, late) == "redacted"


def test_a_text_that_waits_to_come_into_the_charter_is_not_redacted() -> None:
    world = world_of()
    text = world.text(CARE)
    proposal = brought(world, replacing(world, "mission", text))
    world.vote(proposal, yes=range(1, 9))
    world.wait(DAY)
    with refused("text_permanent"):
        world.ask(RedactText(text=text, reason="unlawful"), world.officer)
    world.wait(DAY)
    assert world.stage(proposal) == "in_force"


def test_where_nobody_could_vote_any_more_the_proposal_lapses_at_its_opening_and_at_a_further_call() -> None:
    world = Founded(3)
    waiting, called = world.submit(), world.submit()
    world.wait(DAY)
    later_one = world.submit()
    world.until_open(called)
    world.until_closed(called)
    assert world.stage(called) == "between_polls"
    assert world.stage(later_one) == "voting"
    for number in (1, 2, 3):
        standing(world, number, good=False)
    last = world.state.last_proposal
    world.wait(20 * DAY)
    assert (lapsed(world, called), lapsed(world, waiting), last) == ("no_electorate", "no_electorate", 3)
    assert any(isinstance(r.body, PollClosed) for r in world.records)
