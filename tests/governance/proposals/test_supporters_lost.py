"""Support is counted when it is needed, over the coops that could give it then."""

from collections.abc import Callable

import pytest

from governance.effect import Reinstate, Suspend
from governance.facts.proposals import VoteDemanded
from governance.ids import CoopId
from tests.governance.acting import QUICK, decree, demand, leave, proposal_of, rules, standing, support
from tests.governance.world import DAY, Founded, rule

C2 = CoopId("c2")
Lose = Callable[[Founded], object]
LOST: dict[str, Lose] = {
    "left": lambda world: leave(world, 2),
    "suspended": lambda world: decree(world, Suspend(coop=C2), yes=(1, 3, 4, 5, 6, 7, 8)),
    "in arrears": lambda world: standing(world, 2, good=False),
}
losing = pytest.mark.parametrize("lose", LOST.values(), ids=LOST)


def founded(coops: int = 8) -> Founded:
    return Founded(coops, rules=rules(rule("resolution", sponsors=3, seconders=1), *QUICK))


@losing
def test_a_supporter_that_lost_its_vote_before_the_support_was_complete_does_not_count(lose: Lose) -> None:
    world = founded()
    proposal = world.submit(supporters=(2,))
    support(world, proposal, 3, "seconder")
    lose(world)
    support(world, proposal, 4)
    found = proposal_of(world, proposal)
    assert (found.notice_from, found.sponsors) == (None, ("c1", "c4"))
    support(world, proposal, 5)
    assert proposal_of(world, proposal).notice_from == world.now


@losing
def test_a_seconder_that_lost_its_vote_does_not_count_either(lose: Lose) -> None:
    world = founded()
    proposal = world.submit(supporters=(3,))
    support(world, proposal, 2, "seconder")
    lose(world)
    support(world, proposal, 4)
    found = proposal_of(world, proposal)
    assert (found.notice_from, found.sponsors, found.seconders) == (None, ("c1", "c3", "c4"), ())
    support(world, proposal, 5, "seconder")
    assert proposal_of(world, proposal).notice_from == world.now


@losing
def test_supporters_that_lose_their_vote_once_the_notice_has_begun_stop_nothing(lose: Lose) -> None:
    world = founded()
    proposal = world.submit(supporters=(2, 3))
    support(world, proposal, 4, "seconder")
    begun = world.now
    lose(world)
    support(world, proposal, 5)
    found = proposal_of(world, proposal)
    assert (found.notice_from, found.sponsors) == (begun, ("c1", "c2", "c3", "c5"))
    world.wait(7 * DAY)
    assert world.stage(proposal) == "voting"


def test_a_supporter_that_has_its_vote_again_when_it_matters_counts() -> None:
    world = founded()
    proposal = world.submit(supporters=(2, 3))
    standing(world, 2, good=False)
    standing(world, 2, good=True)
    support(world, proposal, 4, "seconder")
    assert proposal_of(world, proposal).notice_from == world.now


def test_a_supporter_that_was_not_counted_can_support_again() -> None:
    world = founded()
    proposal = world.submit(supporters=(2,))
    decree(world, Suspend(coop=C2), yes=(1, 3, 4, 5, 6, 7, 8))
    support(world, proposal, 3)
    support(world, proposal, 4, "seconder")
    decree(world, Reinstate(coop=C2), yes=(1, 3, 4, 5, 6, 7, 8))
    assert proposal_of(world, proposal).notice_from is None
    support(world, proposal, 2)
    assert proposal_of(world, proposal).notice_from == world.now


@losing
def test_a_demand_by_a_coop_that_lost_its_vote_does_not_count(lose: Lose) -> None:
    world = founded(11)
    proposal = world.submit()
    demand(world, proposal, 2)
    lose(world)
    demand(world, proposal, 3)
    assert not world.last(VoteDemanded).met, "a fifth of ten is two"
    assert proposal_of(world, proposal).demanded_by == ("c3",)
    demand(world, proposal, 4)
    assert world.last(VoteDemanded).met


def test_demands_are_counted_again_when_the_coop_has_its_vote_again() -> None:
    world = founded(15)
    proposal = world.submit()
    demand(world, proposal, 2)
    standing(world, 2, good=False)
    demand(world, proposal, 3)
    standing(world, 2, good=True)
    demand(world, proposal, 2)
    assert not world.last(VoteDemanded).met
    demand(world, proposal, 4)
    assert world.last(VoteDemanded).met
