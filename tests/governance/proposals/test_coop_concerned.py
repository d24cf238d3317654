"""The coop concerned: it answers, and has no part in bringing or deciding what is proposed about it."""

import pytest

from governance.commands.proposals import Answer, Comment
from governance.effect import CorrectCountry, CorrectName, CorrectNumber, Effect, Expel, Recategorise, Suspend
from governance.facts.polls import PollOpened
from governance.facts.proposals import ProposalAnswered
from governance.ids import CoopId
from tests.governance.acting import challenge, demand, refused, rules, standing, sums, support
from tests.governance.world import DAY, Founded, rule

C4 = CoopId("c4")


@pytest.mark.parametrize(
    "effect",
    [
        Suspend(coop=C4),
        Expel(coop=C4),
        Recategorise(coop=C4, category="associate"),
        CorrectNumber(coop=C4, fact="cooperators", number=7),  # type: ignore[arg-type]  # an int is exact
        CorrectName(coop=C4, name="Another name"),
        CorrectCountry(coop=C4, country="UY"),
    ],
)
def test_it_is_left_out_of_the_roll_in_numerator_and_base(effect: Effect) -> None:
    world = Founded(5)
    proposal = world.submit(effect, supporters=(2,))
    poll = world.until_open(proposal)
    assert world.last(PollOpened).rolls[0].heads == 4
    with refused("not_on_roll"):
        world.cast(poll, 4, "no")
    world.vote(proposal, yes=(1, 2), no=(3,))
    assert sums(world.until_closed(proposal), "entitled", "yes", "no") == [4, 2, 1]


def test_it_neither_supports_nor_demands_nor_challenges() -> None:
    world = Founded(6, rules=rules(rule("membership", sponsors=2, waiting=9 * DAY)))
    proposal = world.submit(Suspend(coop=C4))
    with refused("not_entitled"):
        support(world, proposal, 4)
    with refused("not_entitled"):
        demand(world, proposal, 4)
    support(world, proposal, 2)
    world.until_open(proposal)
    world.vote(proposal, yes=(1, 2, 3))
    world.until_closed(proposal)
    with refused("not_entitled"):
        challenge(world, proposal, 4)
    challenge(world, proposal, 5)


def test_it_answers_by_delegate_or_steward_until_voting_opens() -> None:
    world = Founded(6)
    proposal = world.submit(Suspend(coop=C4))
    command = Answer(proposal=proposal, text=world.text("We paid in May."))
    for actor in (world.c(4), world.stewards[C4]):
        world.ask(command, actor)
        assert world.last(ProposalAnswered).coop == C4
    with refused("not_entitled"):
        world.ask(command, world.c(5))
    with refused("no_mandate"):
        world.ask(command, world.officer)
    world.until_open(proposal)
    with refused("wrong_stage"):
        world.ask(command, world.c(4))


def test_a_suspended_coop_answers_and_comments_on_what_is_about_it_and_on_nothing_else() -> None:
    slow = rule("membership", notice=DAY, voting=DAY)
    world = Founded(6, rules=rules(slow))
    first = world.submit(Suspend(coop=C4))
    world.until_open(first)
    world.vote(first, yes=(1, 2, 3))
    world.until_closed(first)
    about, other = world.submit(Expel(coop=C4)), world.submit()
    world.ask(Answer(proposal=about, text=world.text("We paid.")), world.c(4))
    world.ask(Comment(proposal=about, text=world.text("And again.")), world.c(4))
    with refused("coop_not_member"):
        world.ask(Comment(proposal=other, text=world.text("A word.")), world.c(4))


def test_where_nobody_but_the_coop_concerned_could_vote_the_proposal_lapses() -> None:
    world = Founded(2, rules=rules(rule("admission", sponsors=1)))
    proposal = world.submit(Suspend(coop=CoopId("c2")))
    standing(world, 1, good=False)
    world.wait(7 * DAY)
    assert world.stage(proposal) == "lapsed"
