from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.counting.bounds import Ceiling, Floor, bound_categories

F = Fraction


def bounded(
    held: dict[str, list[int]], ceilings: dict[str, Fraction] | None = None, floors: dict[str, Fraction] | None = None
) -> dict[str, list[Fraction]]:
    """What the coops of each category weigh after the bounds; a key such as `a+b` bounds two categories together."""
    weights = {f"{name}{n}": F(weight) for name, coops in held.items() for n, weight in enumerate(coops)}
    category = {f"{name}{n}": name for name, coops in held.items() for n in range(len(coops))}
    result = bound_categories(
        weights,
        category,
        [Ceiling(categories=tuple(names.split("+")), at_most=share) for names, share in (ceilings or {}).items()],
        [Floor(categories=tuple(names.split("+")), at_least=share) for names, share in (floors or {}).items()],
    )
    return {name: [result[f"{name}{n}"] for n in range(len(coops))] for name, coops in held.items()}


def test_observers_are_cut_to_a_third_of_what_results() -> None:
    # Four full members and eight observers: the observers' eight votes become two, so two of six is a third.
    assert bounded({"full": [1] * 4, "obs": [1] * 8}, {"obs": F(1, 3)}) == {"full": [1] * 4, "obs": [F(1, 4)] * 8}


def test_who_is_below_the_ceiling_is_not_cut() -> None:
    assert bounded({"full": [2, 2], "obs": [1, 1]}, {"obs": F(1, 3)}) == {"full": [2, 2], "obs": [1, 1]}


def test_the_excess_is_cut_in_proportion() -> None:
    assert bounded({"full": [4], "obs": [3, 1]}, {"obs": F(1, 3)}) == {"full": [4], "obs": [F(3, 2), F(1, 2)]}


def test_a_ceiling_holds_for_its_categories_together() -> None:
    assert bounded({"full": [4], "obs": [3], "try": [5]}, {"obs+try": F(1, 3)}) == {
        "full": [4],
        "obs": [F(3, 4)],
        "try": [F(5, 4)],
    }


def test_two_ceilings_hold_at_once() -> None:
    # Cutting b lowers the total, so that a, which was at exactly a third, must be cut with it.
    assert bounded({"full": [2], "a": [4], "b": [6]}, {"a": F(1, 3), "b": F(1, 3)}) == {
        "full": [2],
        "a": [2],
        "b": [2],
    }


def test_only_those_under_a_ceiling_have_no_vote_at_all() -> None:
    assert bounded({"obs": [5, 1]}, {"obs": F(1, 3)}) == {"obs": [0, 0]}
    assert bounded({"full": [0], "obs": [5]}, {"obs": F(1, 3)}) == {"full": [0], "obs": [0]}


def test_a_ceiling_on_a_category_without_coops_changes_nothing() -> None:
    assert bounded({"full": [5, 1]}, {"obs": F(1, 3)}) == {"full": [5, 1]}


def test_a_floor_lowers_the_others() -> None:
    assert bounded({"worker": [2], "user": [3, 1]}, floors={"worker": F(2, 3)}) == {
        "worker": [2],
        "user": [F(3, 4), F(1, 4)],
    }


def test_a_floor_that_is_kept_already_changes_nothing() -> None:
    assert bounded({"worker": [4], "user": [2]}, floors={"worker": F(2, 3)}) == {"worker": [4], "user": [2]}


def test_a_floor_without_anybody_to_protect_is_passed_over() -> None:
    assert bounded({"user": [3, 1]}, floors={"worker": F(2, 3)}) == {"user": [3, 1]}
    assert bounded({"worker": [0], "user": [3]}, floors={"worker": F(2, 3)}) == {"worker": [0], "user": [3]}


def test_two_floors_hold_at_once() -> None:
    # a holds 1 and needs a quarter: the total comes down to 4. b keeps its half, 2; what is above is cut in proportion.
    assert bounded({"a": [1], "b": [3], "c": [4]}, floors={"a": F(1, 4), "b": F(1, 2)}) == {
        "a": [1],
        "b": [F(11, 5)],
        "c": [F(4, 5)],
    }


def test_floors_of_everything_leave_nothing_to_others() -> None:
    assert bounded({"a": [1], "b": [3], "c": [4]}, floors={"a": F(1, 2), "b": F(1, 2)}) == {
        "a": [1],
        "b": [1],
        "c": [0],
    }


def test_a_floor_keeps_a_ceiling_kept() -> None:
    assert bounded({"a": [1], "b": [6], "c": [9]}, {"c": F(1, 3)}, {"a": F(1, 2)}) == {
        "a": [1],
        "b": [F(12, 19)],
        "c": [F(7, 19)],
    }


amounts = st.dictionaries(
    st.sampled_from("abcd"), st.lists(st.integers(0, 30), min_size=1, max_size=3), min_size=1, max_size=4
)
ceilings = st.dictionaries(st.sampled_from("abc"), st.builds(F, st.integers(1, 9), st.just(10)), max_size=3)


@given(amounts, ceilings)
def test_ceilings_cut_as_little_as_can_be(held: dict[str, list[int]], given_: dict[str, Fraction]) -> None:
    result = {name: sum(each, F(0)) for name, each in bounded(held, given_).items()}
    total = sum(result.values(), F(0))
    for name, coops in held.items():
        if name not in given_:
            assert result[name] == sum(coops)
        elif total:
            # Either untouched, or at the ceiling exactly: nobody loses more than the bound takes.
            assert result[name] == min(F(sum(coops)), given_[name] * total)


@pytest.mark.parametrize("share", [F(1, 3), F(1, 2)])
def test_the_largest_total_that_keeps_all_ceilings_is_found(share: Fraction) -> None:
    # With nobody outside, two ceilings of a half can hold at once and two of a third cannot.
    result = bounded({"a": [1], "b": [2]}, {"a": share, "b": share})
    assert result == ({"a": [1], "b": [1]} if share == F(1, 2) else {"a": [0], "b": [0]})


def test_a_ceiling_that_is_reached_only_when_another_has_cut_holds_too_and_the_first_still_does() -> None:
    held = bounded({"a": [50], "b": [30], "c": [20]}, {"a": F(1, 4), "b": F(1, 3)})
    assert held == {"a": [F(12)], "b": [F(16)], "c": [F(20)]}
