"""Resolutions in force: numbers, review dates that come back by themselves, and superseding."""

import pytest

from governance.effect import Resolve, Suspend
from governance.facts.proposals import ProposalEnacted, ProposalLapsed, ResolutionInForce, ReviewDue
from governance.ids import CoopId, ProposalId
from governance.instants import Day, Instant, start_of
from tests.governance.acting import QUICK, SECOND, decree, proposal_of, refused, rules
from tests.governance.world import DAY, Founded


def resolve(world: Founded, effect: Resolve | None = None) -> ProposalId:
    proposal = world.submit(effect)
    world.until_open(proposal)
    world.vote(proposal, yes=range(1, 4))
    world.until_closed(proposal)
    return proposal


def test_resolutions_are_numbered_in_the_order_in_which_they_come_into_force() -> None:
    world = Founded(4)
    world.submit()
    assert [proposal_of(world, resolve(world)).number for _ in range(2)] == [1, 2]
    assert world.last(ProposalEnacted).result == ResolutionInForce(number=2)


def test_a_review_date_comes_back_once_at_the_start_of_its_day() -> None:
    world = Founded(4)
    day = Day("2026-09-01")
    proposal = resolve(world, Resolve(review=day))
    while world.now < start_of(Day("2026-08-31")):
        world.wait(DAY)
    due = [record for record in world.records if isinstance(record.body, ReviewDue)]
    assert due == []
    world.wait(DAY)
    due = [record for record in world.records if isinstance(record.body, ReviewDue)]
    assert [(record.at, record.body) for record in due] == [
        (start_of(day), ReviewDue(proposal=proposal, due=start_of(day)))
    ]
    world.wait(400 * DAY)
    assert sum(isinstance(record.body, ReviewDue) for record in world.records) == 1
    assert (world.stage(proposal), world.state.next_due) == ("in_force", None)


def test_a_review_date_that_passed_while_the_decision_was_taken_comes_at_once() -> None:
    world = Founded(4)
    proposal = resolve(world, Resolve(review=Day("2026-03-10")))
    assert [type(record.body) for record in world.records[-2:]] == [ProposalEnacted, ReviewDue]
    assert world.stage(proposal) == "in_force"


def test_a_review_date_that_has_passed_before_voting_opens_makes_the_proposal_lapse() -> None:
    world = Founded(4)
    proposal = world.submit(Resolve(review=Day("2026-03-02")))
    world.wait(7 * DAY)
    assert (world.stage(proposal), world.last(ProposalLapsed).reason) == ("lapsed", "impossible")


@pytest.mark.parametrize("review", ["2026-03-01", "2020-01-01", "2077-01-01"])
def test_a_review_date_lies_ahead_and_within_fifty_years(review: str) -> None:
    world = Founded(4)
    with refused("effect_invalid"):
        world.submit(Resolve(review=Day(review)))


def test_a_resolution_supersedes_others_whose_reviews_then_do_not_come() -> None:
    world = Founded(4)
    first = resolve(world, Resolve(review=Day("2026-06-01")))
    second = resolve(world)
    third = resolve(world, Resolve(supersedes=(first, second)))
    assert [world.stage(one) for one in (first, second, third)] == ["superseded", "superseded", "in_force"]
    world.wait(200 * DAY)
    assert not any(isinstance(record.body, ReviewDue) for record in world.records)


def test_only_resolutions_in_force_are_superseded_each_once() -> None:
    world = Founded(5, rules=rules(*QUICK))
    membership = decree(world, Suspend(coop=CoopId("c5")), yes=(1, 2, 3))
    resolution, undecided = resolve(world), world.submit()
    for supersedes in ((membership,), (undecided,), (resolution, resolution), (resolution,) * 51):
        with refused("effect_invalid"):
            world.submit(Resolve(supersedes=supersedes))
    with refused("proposal_unknown"):
        world.submit(Resolve(supersedes=(ProposalId("p99"),)))


def test_of_two_that_supersede_the_same_both_come_into_force_if_both_were_voted_on() -> None:
    world = Founded(4)
    old = resolve(world)
    both = [world.submit(Resolve(supersedes=(old,))) for _ in range(2)]
    world.until_open(both[0])
    for proposal in both:
        world.vote(proposal, yes=range(1, 4))
    world.wait(7 * DAY)
    assert [world.stage(one) for one in (old, *both)] == ["superseded", "in_force", "in_force"]


def test_what_supersedes_a_resolution_that_fell_in_its_notice_lapses() -> None:
    world = Founded(4)
    old = resolve(world)
    first = world.submit(Resolve(supersedes=(old,)))
    world.until_open(first)
    world.vote(first, yes=range(1, 4))
    world.wait(6 * DAY)
    second = world.submit(Resolve(supersedes=(old,)))
    world.wait(7 * DAY + SECOND)
    assert (world.stage(second), world.last(ProposalLapsed).reason) == ("lapsed", "impossible")


def test_days_are_days_of_utc() -> None:
    assert start_of(Day("2026-09-01")) == Instant("2026-09-01T00:00:00.000000Z")
