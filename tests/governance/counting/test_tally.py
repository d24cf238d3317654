from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.canonical import encode
from governance.counting.scales import count
from governance.counting.tally import Choice, MeasureMismatch, MoreThanEntitled, Paper, Sums, side, total, without_no
from tests.governance.ballots_at_random import cast, electorates

F = Fraction


def a_sum(**numbers: int | Fraction | None) -> Sums:
    names = ("abstain", "block", "entitled", "no", "yes")
    present = numbers.get("present")
    return Sums(present=None if present is None else F(present), **{name: F(numbers.get(name) or 0) for name in names})


def test_ballots_are_yes_no_and_abstentions_and_not_yes_is_everybody_else() -> None:
    sums = a_sum(entitled=10, yes=3, no=2, block=1, abstain=1)
    assert sums.ballots == 6
    assert sums.not_yes == 7


def test_a_tally_is_logged_as_text_numbers() -> None:
    tally = total([Paper(choice="yes", measures={"weight": F(1, 2)})], {"weight": F(3)})
    assert encode(tally) == (
        b'{"by_country":{},"measures":{"weight":{"abstain":"0","block":"0","entitled":"3","no":"0","present":null,'
        b'"yes":"1/2"}}}'
    )


@given(st.data())
def test_without_no_is_the_count_without_those_ballots(data: st.DataObject) -> None:
    voters = data.draw(electorates())
    ballots = data.draw(cast(voters))
    present = data.draw(st.none() | st.just(["c0", "c1"]))
    kept = {coop: choice for coop, choice in ballots.items() if choice not in ("no", "block")}
    assert without_no(count(voters, ballots, present)) == count(voters, kept, present)


def test_papers_are_added_in_bundles() -> None:
    papers = [
        Paper(choice="yes", measures={"person": F(30)}),
        Paper(choice="no", measures={"person": F(12)}),
        Paper(choice="block", measures={"person": F(2)}),
        Paper(choice="abstain", measures={"person": F(1)}),
        Paper(choice="yes", measures={"canton": F(1, 2)}),
    ]
    tally = total(papers, {"person": F(100), "unseen": F(4)}, {"person": F(60)})
    assert tally.by_country == {}
    assert tally.measures == {
        "person": a_sum(entitled=100, present=60, yes=30, no=14, block=2, abstain=1),
        "canton": a_sum(entitled=F(1, 2), yes=F(1, 2)),
        "unseen": a_sum(entitled=4),
    }
    assert without_no(tally).measures["person"] == a_sum(entitled=100, present=60, yes=30, abstain=1)
    assert "countries" not in without_no(tally).measures


def test_papers_alone_are_taken_to_be_the_whole_electorate() -> None:
    assert total([Paper(choice="no", measures={"person": F(3)})]).measures == {"person": a_sum(entitled=3, no=3)}


def test_papers_can_be_exactly_all_that_is_entitled_and_no_more() -> None:
    papers = [Paper(choice="yes", measures={"person": F(3)})]
    assert total(papers, {"person": F(3)}, {"person": F(3)}).measures["person"].entitled == 3
    with pytest.raises(MoreThanEntitled, match="2 are entitled, but 3 voted"):
        total(papers, {"person": F(2)})
    with pytest.raises(MoreThanEntitled, match="4 are present"):
        total(papers, {"person": F(3)}, {"person": F(4)})


def test_a_negative_paper_is_refused() -> None:
    with pytest.raises(MeasureMismatch, match="-1/2 person is negative"):
        total([Paper(choice="yes", measures={"person": F(-1, 2)})])


@pytest.mark.parametrize(("yes", "no", "taken"), [(2, 1, "yes"), (1, 2, "no"), (1, 1, "abstain"), (0, 0, "abstain")])
def test_a_group_takes_the_larger_side_or_none(yes: int, no: int, taken: Choice) -> None:
    assert side(F(yes), F(no)) == taken
