"""When lock-out is looked at: at proposal, at opening and at enactment, on the register of that day."""

from collections.abc import Iterable
from fractions import Fraction

from governance.effect import Suspend
from governance.facts.proposals import ProposalLapsed
from governance.ids import CoopId, Matter
from governance.requirement import Requirement
from governance.rule import Call
from tests.governance.acting import MINUTE, NOW, QUICK, decree, leave, refused, rules, set_rule
from tests.governance.world import DAY, Founded, rule

F = Fraction
EVERYBODY = (1, 2, 3, 4, 5)


def count_of(number: int, measure: str = "coops") -> tuple[Requirement, ...]:
    return (Requirement(at_least_number=F(number), measure=measure),)


def refused_when_proposed(world: Founded, number: int) -> None:
    with refused("lock_out"):
        world.submit(set_rule(world, rule("charter", majority=count_of(number))))


def lapsed(world: Founded) -> str:
    return world.last(ProposalLapsed).reason


NEEDS_FOUR = rule("charter", majority=count_of(4))


def suspending(world: Founded, coops: Iterable[int]) -> None:
    for number in coops:
        decree(world, Suspend(coop=CoopId(f"c{number}")), yes=(1, 2, 3))


def test_a_change_is_refused_when_proposed_and_lapses_at_opening_if_it_has_come_to_lock_out_since() -> None:
    world = Founded(6, rules=rules(rule("rules", waiting=14 * DAY)))
    refused_when_proposed(world, 6)
    proposal = world.submit(set_rule(world, NEEDS_FOUR))
    leave(world, 5, 6)
    world.wait(8 * DAY)
    assert (world.stage(proposal), lapsed(world)) == ("lapsed", "lock_out")


def test_a_change_lapses_at_enactment_if_it_has_come_to_lock_out_since() -> None:
    world = Founded(6, rules=rules(rule("rules", waiting=14 * DAY)))
    proposal = world.submit(set_rule(world, NEEDS_FOUR))
    world.until_open(proposal)
    world.vote(proposal, yes=(1, 2, 3, 4, 5))
    world.until_closed(proposal)
    assert world.stage(proposal) == "waiting"
    leave(world, 5, 6)
    world.wait(15 * DAY)
    assert (world.stage(proposal), lapsed(world)) == ("lapsed", "lock_out")
    assert world.state.rules.get(Matter("charter")).version == 1


def test_the_rule_on_rules_can_be_changed_though_coops_have_gone_and_another_matter_is_stuck() -> None:
    world = Founded(6, rules=rules(*QUICK, rule("resolution", majority=count_of(5))))
    suspending(world, (5, 6))
    decree(world, set_rule(world, rule("rules", voting=DAY)), yes=(1, 2, 3, 4))
    with refused("lock_out"):
        world.submit(set_rule(world, rule("resolution", majority=count_of(5))))


def test_the_calls_of_two_rules_together_never_block_each_other() -> None:
    """Each rule's last call is possible; one reaches it after the other, and then both ask for their last."""
    first = rule("rules", calls=(Call(quorum=count_of(9)), Call(quorum=count_of(3))), notice=NOW, voting=MINUTE)
    second = rule("charter", calls=(Call(quorum=count_of(3)), Call(quorum=count_of(4))), notice=NOW, voting=MINUTE)
    world = Founded(5, rules=rules(first, second))
    proposal = world.submit(set_rule(world, rule("charter")))
    for _ in range(2):
        world.until_open(proposal)
        world.vote(proposal, yes=EVERYBODY)
        world.wait(MINUTE)
    assert world.stage(proposal) == "in_force"
