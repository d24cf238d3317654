"""Withdrawal: by the coop that brought the proposal, while nothing is being voted on or has been carried."""

from governance.commands.proposals import Withdraw
from governance.effect import Resolve
from governance.facts.proposals import ProposalWithdrawn
from governance.ids import CoopId
from governance.rule import Confirmation
from tests.governance.acting import QUICK, challenge, leave, refused, rules, void, withdraw
from tests.governance.world import DAY, Founded, more_than, rule


def test_a_withdrawn_proposal_is_over_and_nothing_of_it_falls_due() -> None:
    world = Founded(4)
    proposal = world.submit()
    withdraw(world, proposal)
    assert world.last(ProposalWithdrawn).proposal == proposal
    assert (world.stage(proposal), world.state.next_due) == ("withdrawn", None)
    world.wait(100 * DAY)
    assert world.stage(proposal) == "withdrawn"


def test_only_the_coop_that_brought_it_withdraws_it() -> None:
    world = Founded(4)
    proposal = world.submit(supporters=(2,))
    with refused("not_sponsor"):
        withdraw(world, proposal, 2)
    with refused("no_mandate"):
        world.ask(Withdraw(proposal=proposal), world.stewards[CoopId("c1")])
    leave(world, 1)
    with refused("coop_not_member"):
        withdraw(world, proposal, 1)


def test_it_is_not_withdrawn_while_it_is_voted_on() -> None:
    world = Founded(4)
    proposal = world.submit()
    world.until_open(proposal)
    with refused("wrong_stage"):
        withdraw(world, proposal)


def test_it_is_withdrawn_between_two_calls_and_after_a_voided_vote() -> None:
    world = Founded(4)
    failed, voided = world.submit(), world.submit()
    world.until_open(failed)
    void(world, world.poll_of(voided))
    withdraw(world, voided)
    world.until_closed(failed)
    withdraw(world, failed)
    assert (world.stage(failed), world.stage(voided), world.state.next_due) == ("withdrawn", "withdrawn", None)


def test_a_decision_that_is_carried_and_waits_or_is_to_be_confirmed_is_not_the_sponsors_to_take_back() -> None:
    confirmed = rule("resolution.merge", confirmation=Confirmation(majority=(more_than(),), after=DAY, voting=DAY))
    world = Founded(6, rules=rules(rule("resolution", waiting=9 * DAY), confirmed, *QUICK))
    waiting, challenged, merger = world.submit(), world.submit(), world.submit(Resolve(narrowing="merge"))
    world.until_open(waiting)
    for proposal in (waiting, challenged, merger):
        world.vote(proposal, yes=range(1, 6))
    world.wait(7 * DAY)
    challenge(world, challenged, 4, 5)
    void(world, world.poll_of(challenged))
    for proposal in (waiting, challenged, merger):
        with refused("wrong_stage"):
            withdraw(world, proposal)
    assert [world.stage(one) for one in (waiting, challenged, merger)] == ["waiting", "between_polls", "between_polls"]
