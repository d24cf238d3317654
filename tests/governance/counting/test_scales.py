import itertools
import time
from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.canonical import decoder_for, encode
from governance.counting.scales import BallotNotEntitled, Voter, VoterTwice, count
from governance.counting.tally import Choice, MeasureMismatch, Sums, Tally
from tests.governance.ballots_at_random import CHOICES, MEASURES, cast, electorates, voter
from tests.governance.counting.test_tally import a_sum

F = Fraction


def of_countries(**ballots: str) -> Sums:
    """The measure `countries` when each country's coops vote as its letters say: y, n, a, b, or - for none."""
    words: dict[str, Choice] = {"y": "yes", "n": "no", "a": "abstain", "b": "block"}
    voters: list[Voter] = []
    given_: dict[str, Choice] = {}
    for country, letters in ballots.items():
        for letter in letters:
            each = voter(len(voters), country, F(1), 1)
            voters.append(each)
            if letter != "-":
                given_[each.id] = words[letter]
    return count(voters, given_).measures["countries"]


def test_each_measure_adds_up_its_own_amounts() -> None:
    voters = [voter(0, "AR", F(5), 12), voter(1, "AR", F(3), 4), voter(2, "ES", F(1, 2), 7), voter(3, None, F(2), 1)]
    tally = count(voters, {"c0": "yes", "c1": "no", "c2": "block"}, present={"c0", "c3", "a guest"})
    assert tally.measures == {
        "coops": a_sum(entitled=4, present=2, yes=1, no=2, block=1),
        "weight": a_sum(entitled=F(21, 2), present=7, yes=5, no=F(7, 2), block=F(1, 2)),
        "cooperators": a_sum(entitled=24, present=13, yes=12, no=11, block=7),
        "countries": a_sum(entitled=2, present=1, no=1, block=1, abstain=1),
    }
    assert tally.by_country == {
        "AR": a_sum(entitled=2, present=1, yes=1, no=1),
        "ES": a_sum(entitled=1, present=0, no=1, block=1),
    }


def test_nobody_present_is_not_the_same_as_presence_not_taken() -> None:
    voters = [voter(0, "AR", F(1), 1)]
    assert {sums.present for sums in count(voters, {}, present=()).measures.values()} == {F(0)}
    assert {sums.present for sums in count(voters, {}).measures.values()} == {None}


@pytest.mark.parametrize(
    ("letters", "wanted"),
    [
        ("y", a_sum(entitled=1, yes=1)),
        ("yyn", a_sum(entitled=1, yes=1)),
        ("ynn", a_sum(entitled=1, no=1)),
        ("yn", a_sum(entitled=1, abstain=1)),
        ("yn-a", a_sum(entitled=1, abstain=1)),
        ("a", a_sum(entitled=1, abstain=1)),
        ("aaay", a_sum(entitled=1, yes=1)),
        ("--", a_sum(entitled=1)),
        ("b", a_sum(entitled=1, no=1, block=1)),
        ("by", a_sum(entitled=1, abstain=1)),
        ("bny", a_sum(entitled=1, no=1)),
        ("bby", a_sum(entitled=1, no=1, block=1)),
        ("byy", a_sum(entitled=1, yes=1)),
    ],
)
def test_a_country_takes_the_side_of_more_of_its_coops(letters: str, wanted: Sums) -> None:
    assert of_countries(AR=letters) == wanted


def test_countries_are_counted_once_each() -> None:
    assert of_countries(AR="yyn", ES="nn", UY="-", FR="yn") == a_sum(entitled=4, yes=1, no=1, abstain=1)


def test_a_coop_without_a_country_is_in_no_country() -> None:
    tally = count([voter(0, None, F(1), 1)], {"c0": "yes"})
    assert tally.measures["countries"] == a_sum()
    assert tally.by_country == {}


def test_two_voters_of_weight_five_and_three_are_never_four_hundred_per_cent() -> None:
    tally = count([voter(0, "AR", F(5), 1), voter(1, "AR", F(3), 1)], {"c0": "yes", "c1": "yes"})
    weight, coops = tally.measures["weight"], tally.measures["coops"]
    assert weight.yes / weight.ballots == coops.yes / coops.ballots == 1


def naive(voters: list[Voter], ballots: Mapping[str, Choice], measure: str) -> tuple[Fraction, ...]:
    def add(*choices: Choice | None) -> Fraction:
        return sum((each.measures[measure] for each in voters if ballots.get(each.id) in choices), F(0))

    return (add("yes"), add("no", "block"), add("block"), add("abstain"), add(None, *CHOICES))


@given(st.data())
def test_a_tally_agrees_with_adding_up_one_by_one(data: st.DataObject) -> None:
    voters = data.draw(electorates())
    ballots = data.draw(cast(voters))
    tally = count(voters, ballots)
    for measure in MEASURES[:3]:
        sums = tally.measures[measure]
        assert (sums.yes, sums.no, sums.block, sums.abstain, sums.entitled) == naive(voters, ballots, measure)
    favour = against = 0
    for country in ("AR", "ES", "UY"):
        here = [ballots.get(each.id) for each in voters if each.country == country]
        lead = here.count("yes") - here.count("no") - here.count("block")
        favour += lead > 0
        against += lead < 0
    assert tally.measures["countries"].yes == favour
    assert tally.measures["countries"].no == against


@given(st.data())
def test_the_order_of_voters_and_ballots_never_changes_a_tally(data: st.DataObject) -> None:
    voters = data.draw(electorates())
    ballots = data.draw(cast(voters))
    other = data.draw(st.permutations(voters))
    turned = dict(data.draw(st.permutations(list(ballots.items()))))
    assert encode(count(voters, ballots)) == encode(count(other, turned))


@given(st.data())
def test_a_tally_is_written_and_read_back(data: st.DataObject) -> None:
    voters = data.draw(electorates())
    tally = count(voters, data.draw(cast(voters)), present=data.draw(st.none() | st.just(("c0",))))
    assert decoder_for(Tally)(encode(tally)) == tally


def test_a_ballot_of_a_stranger_is_refused() -> None:
    with pytest.raises(BallotNotEntitled, match="b1 cast"):
        count([voter(0, "AR", F(1), 1)], {"c0": "yes", "d9": "no", "b1": "yes"})


def test_a_voter_listed_twice_is_refused() -> None:
    with pytest.raises(VoterTwice, match="c0"):
        count([voter(0, "AR", F(1), 1), voter(0, "ES", F(1), 1)], {})


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ({"coops": F(1)}, {"coops": F(1), "weight": F(1)}, "coops, weight, the first voter in coops"),
        ({"coops": F(1), "weight": F(1)}, {"coops": F(1)}, "measured in coops, the first"),
        ({"coops": F(1)}, {}, "measured in nothing"),
        ({"countries": F(1)}, {"countries": F(1)}, "not given"),
        ({"coops": F(1)}, {"coops": F(-1, 2)}, "-1/2 coops is negative"),
    ],
)
def test_measures_that_do_not_fit_are_refused(first: dict[str, F], second: dict[str, F], said: str) -> None:
    with pytest.raises(MeasureMismatch, match=said):
        count([Voter(id="a", measures=first), Voter(id="b", measures=second)], {})


def test_an_empty_electorate_has_no_measures_but_countries() -> None:
    assert count([], {}).measures == {"countries": a_sum()}


def test_a_hundred_thousand_voters_are_counted_quickly() -> None:
    choices = itertools.cycle(CHOICES)
    voters = [voter(number, f"C{number % 19}", F(number, 3), number) for number in range(100_000)]
    ballots = {each.id: next(choices) for each in voters}
    start = time.perf_counter()
    tally = count(voters, ballots)
    assert time.perf_counter() - start < 10  # a second here; loose, because machines differ
    assert tally.measures["cooperators"].entitled == 99_999 * 50_000
    assert tally.measures["weight"].entitled == F(99_999 * 50_000, 3)
