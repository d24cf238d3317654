"""Support: sponsors and seconders, the demand for a vote, and lapsing without any."""

from fractions import Fraction
from typing import Literal

import pytest
from msgspec.structs import replace

from governance.commands.proposals import Submit
from governance.counting.weighting import Weighting
from governance.deciding.proposals import reaches
from governance.effect import ChangeRules, Expel, Resolve, SetProvisions
from governance.facts.proposals import ProposalLapsed, VoteDemanded
from governance.ids import CoopId, ProposalId
from governance.proposal import supported
from governance.rule import Entitled
from tests.governance.acting import (
    QUICK,
    SECOND,
    decree,
    demand,
    proposal_of,
    refused,
    rules,
    set_rule,
    standing,
    support,
)
from tests.governance.world import DAY, Founded, rule

Role = Literal["sponsor", "seconder"]
BACKED = rule("resolution", sponsors=2, seconders=2)


def test_the_notice_begins_when_the_last_sponsor_or_seconder_joins() -> None:
    world = Founded(8, rules=rules(BACKED))
    proposal = world.submit()
    joining: tuple[tuple[int, Role], ...] = ((2, "seconder"), (3, "sponsor"), (4, "seconder"))
    for number, role in joining:
        assert proposal_of(world, proposal).notice_from is None
        world.wait(DAY)
        support(world, proposal, number, role)
    joined = proposal_of(world, proposal)
    assert (joined.sponsors, joined.seconders, joined.notice_from) == (("c1", "c3"), ("c2", "c4"), world.now)
    assert supported(joined)
    world.wait(7 * DAY)
    assert world.stage(proposal) == "voting"


def test_support_that_comes_after_the_notice_has_begun_changes_nothing_of_it() -> None:
    world = Founded(5)
    proposal = world.submit()
    world.wait(3 * DAY)
    support(world, proposal, 2)
    world.wait(4 * DAY)
    assert world.stage(proposal) == "voting"


def test_a_coop_supports_a_proposal_once_in_one_role() -> None:
    world = Founded(8, rules=rules(BACKED))
    proposal = world.submit()
    support(world, proposal, 2, "seconder")
    for number in (1, 2):
        with refused("already_done"):
            support(world, proposal, number, "sponsor")
        with refused("already_done"):
            support(world, proposal, number, "seconder")


def test_who_has_no_vote_in_a_matter_supports_and_demands_nothing() -> None:
    world = Founded(8, rules=rules(BACKED), categories=["full"] * 7 + ["observer"])
    proposal = world.submit()
    standing(world, 3, good=False)
    for number in (3, 8):
        with refused("not_entitled"):
            support(world, proposal, number)
        with refused("not_entitled"):
            demand(world, proposal, number)


def test_a_proposal_of_an_office_needs_no_support_and_takes_none() -> None:
    world = Founded(5, rules=rules(rule("resolution.urgent", notice=DAY, provisional=14 * DAY, sponsors=3)))
    world.ask(Submit(effect=Resolve(narrowing="urgent"), text=world.text("A text.")), world.officer)
    with refused("wrong_stage"):
        support(world, ProposalId("p1"), 2)
    with refused("wrong_stage"):
        demand(world, ProposalId("p1"), 2)
    world.wait(DAY)
    assert world.stage(ProposalId("p1")) == "voting"


def test_a_proposal_without_enough_support_lapses_when_its_time_is_over() -> None:
    world = Founded(8, rules=rules(BACKED))
    proposal = world.submit()
    until = proposal_of(world, proposal).support_until
    world.wait(90 * DAY - SECOND)
    assert world.stage(proposal) == "deliberation"
    world.wait(SECOND)
    assert world.stage(proposal) == "lapsed"
    assert world.last(ProposalLapsed) == ProposalLapsed(proposal=proposal, reason="no_support", due=until)
    with refused("wrong_stage"):
        support(world, proposal, 2)


def test_support_found_on_the_last_day_keeps_it_for_good() -> None:
    world = Founded(8, rules=rules(rule("resolution", sponsors=2, voting=30 * DAY)))
    proposal = world.submit()
    world.wait(90 * DAY - SECOND)
    support(world, proposal, 2)
    world.wait(10 * DAY)
    assert world.stage(proposal) == "voting"


def test_the_time_for_finding_support_is_that_of_the_day_of_submission() -> None:
    world = Founded(8, rules=rules(BACKED, *QUICK))
    proposal = world.submit()
    shorter = replace(world.state.provisions, support_within=10 * DAY)
    change = SetProvisions(provisions=shorter, base=world.state.provisions_version)
    decree(world, ChangeRules(changes=(change,)), yes=(1, 2, 3, 4, 5, 6))
    support(world, proposal, 2)
    world.wait(89 * DAY)
    assert world.stage(proposal) == "deliberation"


@pytest.mark.parametrize(("coops", "needed"), [(10, 2), (11, 3), (14, 3), (15, 3), (16, 4)])
def test_a_demand_is_met_when_it_reaches_its_share_exactly_and_not_one_coop_before(coops: int, needed: int) -> None:
    world = Founded(coops, rules=rules(BACKED))
    proposal = world.submit()
    demand(world, proposal, *range(2, needed + 1))
    assert not world.last(VoteDemanded).met
    assert proposal_of(world, proposal).notice_from is None
    demand(world, proposal, needed + 1)
    assert world.last(VoteDemanded).met
    assert proposal_of(world, proposal).notice_from == world.now
    world.wait(7 * DAY)
    assert world.stage(proposal) == "voting"


def test_the_share_is_of_the_coops_that_could_vote_now_less_the_coop_concerned() -> None:
    world = Founded(11, rules=rules(rule("membership", sponsors=3)))
    proposal = world.submit(Expel(coop=CoopId("c11")))
    with refused("not_entitled"):
        demand(world, proposal, 11)
    demand(world, proposal, 2, 3)
    assert world.last(VoteDemanded).met


def test_a_coop_demands_a_vote_once_and_nobody_does_where_the_support_is_there() -> None:
    world = Founded(30, rules=rules(BACKED))
    backed, proposal = world.submit(), world.submit()
    demand(world, proposal, 2)
    with refused("already_done"):
        demand(world, proposal, 2)
    support(world, backed, 2)
    support(world, backed, 3, "seconder")
    support(world, backed, 4, "seconder")
    with refused("wrong_stage"):
        demand(world, backed, 5)


def test_nobody_demands_a_vote_that_is_coming_by_a_demand_already() -> None:
    world, proposal = (made := Founded(10, rules=rules(BACKED))), made.submit()
    demand(world, proposal, 2, 3)
    with refused("wrong_stage"):
        demand(world, proposal, 4)


def test_where_the_rule_knows_no_demand_there_is_none() -> None:
    world = Founded(10, rules=rules(rule("resolution", sponsors=2, requisition=None)))
    with refused("wrong_stage"):
        demand(world, world.submit(), 2)


def test_a_proposal_under_several_rules_needs_the_most_that_any_asks_for_and_one_rule_without_demand_rules_it_out() -> (
    None
):
    world = Founded(
        10, rules=rules(rule("resolution", sponsors=3, seconders=1, requisition=None), rule("rules", seconders=2))
    )
    needs = proposal_of(world, world.submit(set_rule(world, rule("resolution")))).needs
    assert (needs.sponsors, needs.seconders, needs.requisition, needs.notice) == (3, 2, None, 7 * DAY)


def test_under_several_rules_the_base_of_a_demand_is_the_largest_electorate() -> None:
    associates = rule(
        "resolution", entitled=Entitled(categories=("full", "associate")), sponsors=3, weighting=Weighting()
    )
    world = Founded(12, rules=rules(associates), categories=["full"] * 5 + ["associate"] * 7)
    proposal = world.submit(set_rule(world, rule("resolution")))
    demand(world, proposal, 6, 7)
    assert not world.last(VoteDemanded).met
    demand(world, proposal, 2)
    assert world.last(VoteDemanded).met


def test_a_share_of_heads_is_compared_crosswise_and_not_rounded() -> None:
    assert reaches(23, Fraction(1, 3), 69)
    assert not reaches(22, Fraction(1, 3), 69)
    assert reaches(29, Fraction(29, 100), 100)
    assert reaches(55, Fraction(55, 100), 100)
