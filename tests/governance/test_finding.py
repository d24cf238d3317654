from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.canonical import decoder_for, encode
from governance.counting.tally import Sums, Tally
from governance.finding import Finding, amount, evaluate
from governance.requirement import Base, Counted, MeasureUnknown, PresenceNotTaken, Requirement
from tests.governance.ballots_at_random import majorities, quorums

F = Fraction


def heads(*, entitled: int, present: int | None = None, **cast: int) -> Sums:
    numbers = {choice: F(cast.get(choice, 0)) for choice in ("abstain", "block", "no", "yes")}
    return Sums(entitled=F(entitled), present=None if present is None else F(present), **numbers)


def held(requirement: Requirement, sums: Sums, default: Counted = "yes") -> bool:
    return evaluate(requirement, Tally(by_country={}, measures={"coops": sums}), default=default).held


@pytest.mark.parametrize("per_cent", [7, 14, 28, 29, 55, 56, 57, 58])
def test_a_share_of_a_hundred_is_reached_at_exactly_that_many(per_cent: int) -> None:
    requirement = Requirement(at_least=F(per_cent, 100), of="entitled")
    assert held(requirement, heads(entitled=100, yes=per_cent))
    assert not held(requirement, heads(entitled=100, yes=per_cent - 1))


def test_fifty_five_per_cent_of_a_hundred_needs_fifty_five() -> None:
    tally = Tally(by_country={}, measures={"coops": heads(entitled=100, yes=55)})
    finding = evaluate(Requirement(at_least=F(55, 100), of="entitled"), tally, default="yes")
    assert finding.needed == 55
    assert finding.held


def test_401_of_600_needs_one_more_vote_for_67_per_cent() -> None:
    requirement = Requirement(at_least=F(67, 100), of="yes+no")
    assert not held(requirement, heads(entitled=600, yes=401, no=199))
    assert held(requirement, heads(entitled=600, yes=402, no=198))


def test_six_of_nine_is_exactly_two_thirds_from_both_sides() -> None:
    sums = heads(entitled=9, yes=6, no=3)
    assert held(Requirement(at_least=F(2, 3), of="yes+no"), sums)
    assert not held(Requirement(more_than=F(2, 3), of="yes+no"), sums)
    assert held(Requirement(at_most=1 - F(2, 3), of="yes+no", counts="no"), sums)
    assert not held(Requirement(fewer_than=1 - F(2, 3), of="yes+no", counts="no"), sums)


def test_200_of_301_is_not_two_thirds() -> None:
    assert not held(Requirement(at_least=F(2, 3), of="yes+no"), heads(entitled=301, yes=200, no=101))
    assert held(Requirement(at_least=F(2, 3), of="yes+no"), heads(entitled=301, yes=201, no=100))


def test_half_plus_one_of_69_is_35_or_36_as_the_rule_says() -> None:
    sums = {yes: heads(entitled=69, yes=yes) for yes in (34, 35, 36)}
    more_than_half = Requirement(more_than=F(1, 2), of="entitled")
    assert [held(more_than_half, each) for each in sums.values()] == [False, True, True]
    thirty_six = Requirement(at_least_number=F(36))
    assert [held(thirty_six, each) for each in sums.values()] == [False, False, True]


def test_a_share_of_one_means_all() -> None:
    everybody = Requirement(at_least=F(1), of="ballots")
    assert held(everybody, heads(entitled=9, yes=3))
    assert not held(everybody, heads(entitled=9, yes=3, abstain=1))


@pytest.mark.parametrize(
    ("of", "carried"), [("entitled", False), ("present", False), ("ballots", False), ("yes+no", True)]
)
def test_abstentions_count_as_the_base_says(of: Base, carried: bool) -> None:
    sums = heads(entitled=10, present=8, yes=3, no=2, abstain=2)
    assert held(Requirement(more_than=F(1, 2), of=of), sums) is carried


@pytest.mark.parametrize(
    "requirement",
    [
        Requirement(at_least=F(1, 2), of="yes+no"),
        Requirement(more_than=F(1, 2), of="yes+no"),
        Requirement(all_but=2, of="yes+no"),
        Requirement(at_least=F(1, 10), of="present"),
    ],
)
def test_nothing_of_nothing_is_not_a_majority(requirement: Requirement) -> None:
    assert not held(requirement, heads(entitled=9, present=0, abstain=9))


def test_nothing_of_nothing_is_within_an_upper_bound() -> None:
    assert held(Requirement(at_most=F(1, 4), of="yes+no", counts="no"), heads(entitled=9, abstain=9))
    assert not held(Requirement(fewer_than=F(1, 4), of="yes+no", counts="no"), heads(entitled=9, abstain=9))


def test_all_but_a_number_leaves_out_that_many() -> None:
    all_but_two = Requirement(all_but=2)
    assert [held(all_but_two, heads(entitled=9, yes=yes)) for yes in (6, 7)] == [False, True]
    tally = Tally(by_country={}, measures={"coops": heads(entitled=9, yes=7)})
    assert evaluate(all_but_two, tally, default="yes").needed == 7
    assert evaluate(Requirement(all_but=20), tally, default="yes").needed == 0
    assert held(Requirement(all_but=20), heads(entitled=9, yes=1))
    assert not held(Requirement(all_but=20), heads(entitled=9, no=9))


def test_nobody_present_makes_no_majority_of_those_present() -> None:
    assert not held(Requirement(at_least=F(1, 2), of="present"), heads(entitled=9, present=0, yes=3))


@pytest.mark.parametrize(
    ("requirement", "holds_at"),
    [
        (Requirement(at_least_number=F(3)), [3, 4]),
        (Requirement(more_than_number=F(3)), [4]),
        (Requirement(at_most_number=F(3), counts="no"), [2, 3]),
        (Requirement(fewer_than_number=F(3), counts="no"), [2]),
        (Requirement(at_least=F(1, 3), of="entitled"), [3, 4]),
        (Requirement(more_than=F(1, 3), of="entitled"), [4]),
        (Requirement(at_most=F(1, 3), of="entitled", counts="no"), [2, 3]),
        (Requirement(fewer_than=F(1, 3), of="entitled", counts="no"), [2]),
    ],
)
def test_each_comparison_at_its_very_bound(requirement: Requirement, holds_at: list[int]) -> None:
    at = [n for n in (2, 3, 4) if held(requirement, heads(entitled=9, yes=n, no=n))]
    assert at == holds_at


@pytest.mark.parametrize(
    ("counts", "value"),
    [
        ("yes", 30),
        ("yes+abstain", 35),
        ("yes+no", 47),
        ("no", 17),
        ("block", 4),
        ("not_yes", 39),
        ("ballots", 52),
        ("entitled", 69),
        ("present", 60),
    ],
)
def test_what_is_counted(counts: Counted | Base, value: int) -> None:
    assert amount(heads(entitled=69, present=60, yes=30, no=17, block=4, abstain=5), counts) == value


def test_a_quorum_counts_ballots_and_a_majority_yes_unless_they_say() -> None:
    sums = heads(entitled=9, yes=2, no=3)
    assert not held(Requirement(at_least_number=F(5)), sums, "yes")
    assert held(Requirement(at_least_number=F(5)), sums, "ballots")
    assert held(Requirement(at_least_number=F(3), counts="no"), sums, "yes")


def test_a_finding_shows_what_was_compared() -> None:
    tally = Tally(by_country={}, measures={"coops": heads(entitled=9, yes=4, no=2), "weight": heads(entitled=7, yes=1)})
    share = Requirement(at_least=F(2, 3), of="yes+no")
    assert evaluate(share, tally, default="yes") == Finding(
        base=F(6), counts="yes", held=True, needed=F(4), requirement=share, value=F(4)
    )
    number = Requirement(at_most_number=F(3), counts="no")
    assert evaluate(number, tally, default="yes") == Finding(
        counts="no", held=True, needed=F(3), requirement=number, value=F(2)
    )
    weighty = Requirement(more_than=F(1, 2), measure="weight", of="entitled")
    assert evaluate(weighty, tally, default="yes") == Finding(
        base=F(7), counts="yes", held=False, needed=F(7, 2), requirement=weighty, value=F(1)
    )
    either = Requirement(any_of=(weighty, number))
    assert evaluate(either, tally, default="yes") == Finding(
        alternatives=(evaluate(weighty, tally, default="yes"), evaluate(number, tally, default="yes")),
        held=True,
        requirement=either,
    )
    neither = Requirement(any_of=(weighty, weighty))
    assert not evaluate(neither, tally, default="yes").held


def test_a_measure_that_was_not_counted_is_refused() -> None:
    tally = Tally(by_country={}, measures={"coops": heads(entitled=9), "canton": heads(entitled=2)})
    with pytest.raises(MeasureUnknown, match="canton, coops"):
        evaluate(Requirement(all_but=1, measure="weight"), tally, default="yes")


def test_presence_that_was_not_taken_is_refused() -> None:
    with pytest.raises(PresenceNotTaken):
        held(Requirement(at_least=F(1, 2), of="present"), heads(entitled=9))


# The reference is written on integers alone: amounts in twelfths, shares as two integers, and one definition a comparison.
TWELFTHS = st.integers(0, 60)


@st.composite
def tallies_in_twelfths(draw: st.DrawFn) -> tuple[Tally, dict[str, dict[str, int]]]:
    numbers = {}
    for measure in ("coops", "weight", "cooperators", "countries"):
        yes, no, abstain, silent = (draw(TWELFTHS) for _ in range(4))
        block, present = draw(st.integers(0, no)), draw(TWELFTHS)
        numbers[measure] = {
            "yes": yes,
            "no": no,
            "block": block,
            "present": present,
            "entitled": yes + no + abstain + silent,
            "yes+no": yes + no,
            "yes+abstain": yes + abstain,
            "ballots": yes + no + abstain,
            "not_yes": no + abstain + silent,
        }
    sums = {
        measure: Sums(
            abstain=F(row["yes+abstain"] - row["yes"], 12),
            block=F(row["block"], 12),
            entitled=F(row["entitled"], 12),
            no=F(row["no"], 12),
            present=F(row["present"], 12),
            yes=F(row["yes"], 12),
        )
        for measure, row in numbers.items()
    }
    return Tally(by_country={}, measures=sums), numbers


def reference(requirement: Requirement, numbers: dict[str, dict[str, int]], default: str) -> bool:
    if requirement.any_of:
        return any(reference(each, numbers, default) for each in requirement.any_of)
    row = numbers[requirement.measure]
    value = row[requirement.counts or default]
    base = row[requirement.of or "entitled"]
    if requirement.all_but is not None:
        return value > 0 and base > 0 and value + 12 * requirement.all_but >= base
    name, bound = next(
        (name, bound)
        for name in requirement.__struct_fields__
        if isinstance(bound := getattr(requirement, name), Fraction)
    )
    of = 12 if name.endswith("number") else base
    left, right = value * bound.denominator, bound.numerator * of
    lower = name.startswith(("at_least", "more"))
    if lower and 0 in (of, value):
        return False
    if left == right:
        return name.startswith("at_")
    return (left > right) is lower


@given(tallies_in_twelfths(), majorities)
def test_a_majority_agrees_with_the_reference(
    both: tuple[Tally, dict[str, dict[str, int]]], requirements: list[Requirement]
) -> None:
    tally, numbers = both
    for requirement in requirements:
        finding = evaluate(requirement, tally, default="yes")
        assert finding.held is reference(requirement, numbers, "yes")
        assert decoder_for(Finding)(encode(finding)) == finding


@given(tallies_in_twelfths(), quorums)
def test_a_quorum_agrees_with_the_reference(
    both: tuple[Tally, dict[str, dict[str, int]]], requirements: list[Requirement]
) -> None:
    tally, numbers = both
    for requirement in requirements:
        assert evaluate(requirement, tally, default="ballots").held is reference(requirement, numbers, "ballots")
