from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.canonical import decoder_for, encode
from governance.counting.scales import count
from governance.counting.tally import Choice, Paper, Tally, total
from governance.outcome import Outcome, is_tie, judge
from governance.requirement import Requirement
from tests.governance.ballots_at_random import cast, electorates, majorities, quorums, voter

F = Fraction
SIMPLE = Requirement(more_than=F(1, 2), of="yes+no")
THIRD_VOTES = Requirement(at_least=F(1, 3), of="entitled")


def coops(entitled: int, **cast_: int) -> Tally:
    choices: tuple[Choice, ...] = ("yes", "no", "abstain", "block")
    papers = [Paper(choice=choice, measures={"coops": F(cast_.get(choice, 0))}) for choice in choices]
    return total(papers, {"coops": F(entitled)})


def status(tally: Tally, *majority: Requirement, quorum: tuple[Requirement, ...] = ()) -> str:
    return judge(tally, quorum, majority).status


def test_it_is_carried_when_quorum_and_every_majority_hold() -> None:
    outcome = judge(coops(9, yes=3, no=2), [THIRD_VOTES], [SIMPLE, Requirement(at_least_number=F(3))])
    assert outcome.status == "carried"
    assert [finding.held for finding in (*outcome.quorum, *outcome.majority)] == [True, True, True]


def test_without_quorum_the_majority_decides_nothing() -> None:
    outcome = judge(coops(9, yes=2), [THIRD_VOTES], [SIMPLE])
    assert outcome.status == "no_quorum"
    assert outcome.majority[0].held


def test_every_requirement_of_the_quorum_must_hold() -> None:
    both = (THIRD_VOTES, Requirement(at_least_number=F(4)))
    assert status(coops(9, yes=3), SIMPLE, quorum=both) == "no_quorum"
    assert status(coops(9, yes=4), SIMPLE, quorum=both) == "carried"


def test_every_requirement_of_the_majority_must_hold() -> None:
    assert status(coops(9, yes=3, no=2), SIMPLE, Requirement(at_least_number=F(4))) == "rejected"


def test_only_abstentions_meet_a_quorum_and_carry_nothing() -> None:
    assert status(coops(9, abstain=9), SIMPLE, quorum=(THIRD_VOTES,)) == "rejected"
    assert status(coops(9, abstain=9), Requirement(counts="yes+abstain", at_least=F(1), of="ballots")) == "rejected"


def test_zero_ballots_carry_nothing_even_where_silence_is_consent() -> None:
    no_objection = Requirement(counts="no", at_most_number=F(0))
    assert status(coops(9), no_objection) == "rejected"
    assert status(coops(9, yes=1), no_objection) == "carried"
    assert status(coops(9, yes=8, no=1), no_objection) == "rejected"


def test_two_equal_sides_are_tied_and_not_carried() -> None:
    assert status(coops(9, yes=1, no=1), SIMPLE) == "tied"
    assert status(coops(9, yes=3, no=3), SIMPLE) == "tied"
    assert status(coops(9, yes=3, no=3, abstain=2), SIMPLE) == "tied"
    assert status(coops(9), SIMPLE) == "rejected"


def test_a_tie_without_quorum_is_no_quorum() -> None:
    assert status(coops(9, yes=1, no=1), SIMPLE, quorum=(THIRD_VOTES,)) == "no_quorum"


def test_equal_sides_are_no_tie_where_more_than_them_would_be_needed() -> None:
    of_all = Requirement(more_than=F(1, 2), of="entitled")
    assert status(coops(9, yes=3, no=3), of_all) == "rejected"
    assert status(coops(6, yes=3, no=3), of_all) == "tied"
    assert status(coops(9, yes=3, no=3), Requirement(more_than=F(2, 3), of="yes+no")) == "rejected"
    assert status(coops(9, yes=3, no=3, abstain=1), Requirement(more_than=F(1, 2), of="ballots")) == "rejected"
    half_abstains = Requirement(counts="yes+abstain", more_than=F(1, 2), of="ballots")
    assert status(coops(9, yes=3, no=3), half_abstains) == "rejected"


def test_half_of_all_without_an_equal_no_is_no_tie() -> None:
    assert status(coops(6, yes=3, no=2), Requirement(more_than=F(1, 2), of="entitled")) == "rejected"


def test_a_tie_is_only_told_where_breaking_it_would_carry() -> None:
    failing = Requirement(at_least_number=F(5))
    assert status(coops(9, yes=3, no=3), SIMPLE, failing) == "rejected"
    assert status(coops(9, yes=3, no=3), SIMPLE, Requirement(at_least_number=F(3))) == "tied"
    either = Requirement(any_of=(SIMPLE, failing))
    assert status(coops(9, yes=3, no=3), either) == "tied"
    assert status(coops(9, yes=3, no=4), either) == "rejected"
    held = judge(coops(10, yes=5, no=5), [], [Requirement(any_of=(SIMPLE, failing))])
    assert held.status == "carried"
    assert not is_tie(held.majority[0], held.tally)


def test_a_tie_counts_in_its_own_measure() -> None:
    voters = [voter(0, "AR", F(5), 1), voter(1, "ES", F(3), 1), voter(2, "UY", F(2), 1)]
    tally = count(voters, {"c0": "yes", "c1": "no", "c2": "no"})
    by_weight = Requirement(measure="weight", more_than=F(1, 2), of="yes+no")
    assert status(tally, by_weight) == "tied"
    assert status(tally, SIMPLE) == "rejected"


def test_a_no_that_completes_the_quorum_is_told() -> None:
    outcome = judge(coops(9, yes=2, no=1), [THIRD_VOTES], [SIMPLE])
    assert (outcome.status, outcome.no_show) == ("carried", True)
    assert not judge(coops(9, yes=3, no=1), [THIRD_VOTES], [SIMPLE]).no_show
    assert not judge(coops(9, yes=1, no=1), [THIRD_VOTES], [SIMPLE]).no_show


def test_a_requirement_on_the_entitled_avoids_that() -> None:
    of_entitled = Requirement(at_least=F(1, 3), of="entitled")
    for yes in range(4):
        assert not judge(coops(9, yes=yes, no=1), [THIRD_VOTES], [SIMPLE, of_entitled]).no_show


def test_a_block_that_completes_the_quorum_is_told_too() -> None:
    outcome = judge(coops(9, yes=2, block=1), [THIRD_VOTES], [SIMPLE])
    assert outcome.no_show


@given(st.data(), quorums, majorities)
def test_no_show_is_what_a_recount_without_the_noes_says(
    data: st.DataObject, quorum: list[Requirement], majority: list[Requirement]
) -> None:
    voters = data.draw(electorates())
    ballots = data.draw(cast(voters))
    present = [each.id for each in voters[::2]]
    outcome = judge(count(voters, ballots, present), quorum, majority)
    kept = {coop: choice for coop, choice in ballots.items() if choice in ("yes", "abstain")}
    again = judge(count(voters, kept, present), quorum, majority)
    assert outcome.no_show is (outcome.status == "carried" and again.status != "carried")


@given(st.data(), quorums, majorities)
def test_an_outcome_follows_from_its_findings_and_round_trips(
    data: st.DataObject, quorum: list[Requirement], majority: list[Requirement]
) -> None:
    voters = data.draw(electorates())
    ballots = data.draw(cast(voters))
    outcome = judge(count(voters, ballots, ()), quorum, majority)
    assert decoder_for(Outcome)(encode(outcome)) == outcome
    assert [finding.requirement for finding in outcome.quorum] == quorum
    assert [finding.requirement for finding in outcome.majority] == majority
    assert (outcome.status == "no_quorum") is not all(finding.held for finding in outcome.quorum)
    carried = all(finding.held for finding in (*outcome.quorum, *outcome.majority)) and "yes" in ballots.values()
    assert (outcome.status == "carried") is carried


@pytest.mark.parametrize("requirement", [SIMPLE, THIRD_VOTES])
def test_findings_keep_what_they_count_by_default(requirement: Requirement) -> None:
    outcome = judge(coops(9, yes=3), [requirement], [requirement])
    assert outcome.quorum[0].counts == "ballots"
    assert outcome.majority[0].counts == "yes"
