import json
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.counting.bounds import Ceiling
from governance.counting.weighting import CategoryWeight, Tier, Weighting
from governance.electorate import ElectorateEmpty, WeightsTooFine, has_vote, is_entitled, roll_changes, take_roll
from governance.exact import parse_exact
from governance.ids import CoopId
from governance.instants import Instant
from governance.register import Coop, Declaration
from governance.requirement import Requirement
from governance.rule import Entitled
from tests.governance.acting import refused
from tests.governance.world import rule

AT = Instant("2026-03-10T12:00:00.000000Z")
BEFORE = Instant("2026-03-10T11:59:59.999999Z")
JOINED = Instant("2026-03-03T12:00:00.000000Z")
F = Fraction


def coop(number: int = 1, **changes: Any) -> Coop:
    numbers = {"cooperators": F(number + 4), **changes.pop("numbers", {})}
    facts = {name: (Declaration(number=value, at=JOINED, counts_from=JOINED),) for name, value in numbers.items()}
    plain: dict[str, Any] = {
        "id": CoopId(f"c{number}"),
        "seq": 0,
        "at": JOINED,
        "name": f"Coop {number}",
        "country": "AR",
        "category": "full",
        "status": "member",
        "since": JOINED,
        "member_since": JOINED,
        "facts": facts,
    }
    return Coop(**{**plain, **changes})


def weights(coops: list[Coop], weighting: Weighting, concerned: CoopId | None = None) -> dict[str, Fraction]:
    roll = take_roll(coops, rule("resolution", weighting=weighting), AT, concerned)
    return {entry.coop: entry.weight for entry in roll.entries}


@pytest.mark.parametrize(
    ("changes", "entitled"),
    [
        ({}, True),
        ({"category": "associate"}, False),
        ({"status": "suspended"}, False),
        ({"status": "former"}, False),
        ({"good_standing": False}, False),
    ],
)
def test_members_of_the_categories_in_good_standing_are_entitled(changes: dict[str, Any], entitled: bool) -> None:
    assert is_entitled(coop(**changes), rule("resolution"), AT) == entitled


def test_a_rule_can_ask_for_no_good_standing() -> None:
    lenient = rule("resolution", entitled=Entitled(good_standing=False))
    assert is_entitled(coop(good_standing=False), lenient, AT)


def test_a_rule_can_ask_for_time_of_membership_which_is_over_at_its_very_instant() -> None:
    week = rule("resolution", entitled=Entitled(member_for=timedelta(days=7)))
    assert [is_entitled(coop(), week, at) for at in (BEFORE, AT)] == [False, True]


def test_the_roll_is_in_the_order_of_the_register_whatever_order_coops_are_given_in() -> None:
    coops = [coop(number) for number in (10, 2, 1)]
    assert [entry.coop for entry in take_roll(coops, rule("resolution"), AT, None).entries] == ["c1", "c2", "c10"]


def test_the_coop_concerned_is_left_out_before_caps_are_taken() -> None:
    capped = Weighting(kind="linear", cap_share=F(1, 2))
    coops = [
        coop(1, numbers={"cooperators": F(2)}),
        coop(2, numbers={"cooperators": F(2)}),
        coop(3, numbers={"cooperators": F(96)}),
    ]
    assert weights(coops, capped)["c3"] == 50
    assert weights(coops, capped, CoopId("c2")) == {"c1": 2, "c3": 49}


def test_a_weight_of_zero_is_a_coop_without_a_vote() -> None:
    by_tier = Weighting(kind="tiers", tiers=(Tier(from_number=F(6), weight=F(1)),))
    assert weights([coop(1), coop(2)], by_tier) == {"c2": 1}
    assert weights([coop(1), coop(2, numbers={"dues": F(3)})], Weighting(kind="linear", fact="dues")) == {"c2": 3}


def test_who_would_be_on_no_roll_has_no_vote() -> None:
    by_tier = rule("resolution", weighting=Weighting(kind="tiers", tiers=(Tier(from_number=F(6), weight=F(1)),)))
    assert [has_vote(coop(number), by_tier, AT) for number in (1, 2)] == [False, True]
    assert not has_vote(coop(2, category="observer"), by_tier, AT)
    floored = rule("resolution", weighting=Weighting(kind="linear", fact="dues", floor=F(1)))
    assert not has_vote(coop(1), floored, AT)
    assert has_vote(coop(1, numbers={"dues": F(0)}), floored, AT)
    bounded = Weighting(kind="linear", ceilings=(Ceiling(categories=("full",), at_most=F(1, 3)),))
    assert has_vote(coop(1), rule("resolution", weighting=bounded), AT)


def test_nobody_to_vote_is_refused() -> None:
    with refused("electorate_empty"):
        take_roll([coop(category="observer")], rule("resolution"), AT, None)
    with refused("electorate_empty"):
        take_roll([coop(1)], rule("resolution"), AT, CoopId("c1"))
    with refused("electorate_empty"):
        weights([coop(1)], Weighting(kind="linear", fact="dues"))


@pytest.mark.parametrize(("digits", "fine"), [(23, True), (24, False)])
def test_weights_whose_sums_would_be_too_long_to_be_written_are_refused(digits: int, fine: bool) -> None:
    odd = [10**digits + offset for offset in (1, 3, 7, 9, 11)]
    listed = tuple(CategoryWeight(category=f"k{number}", weight=F(1, one)) for number, one in enumerate(odd))
    coops = [coop(number, category=f"k{number - 1}") for number in range(1, 6)]
    by_category = rule(
        "resolution",
        entitled=Entitled(categories=tuple(one.category for one in listed)),
        weighting=Weighting(kind="by_category", categories=listed),
    )
    if not fine:
        with pytest.raises(WeightsTooFine) as caught:
            take_roll(coops, by_category, AT, None)
        assert caught.value.code == "weights_too_fine"
        assert isinstance(caught.value, ElectorateEmpty), "whoever deals with an empty electorate deals with this"
        return
    total = sum(entry.weight for entry in take_roll(coops, by_category, AT, None).entries)
    assert parse_exact(f"{total.numerator}/{total.denominator}") == total


def test_huge_weights_are_refused_likewise() -> None:
    with refused("weights_too_fine"):
        weights([coop(1)], Weighting(kind="linear", votes_per=F(10**120)))


def test_polls_with_the_same_roll_have_the_same_blob_and_no_others_do() -> None:
    coops = [coop(1), coop(2)]
    plain = take_roll(coops, rule("resolution"), AT, None)
    assert take_roll(coops[::-1], rule("charter", majority=(Requirement(),)), AT, None).hash == plain.hash
    others = [
        [coop(1)],
        [coop(1), coop(3)],
        [coop(1), coop(2, country="UY")],
        [coop(1), coop(2, numbers={"cooperators": F(7)})],
    ]
    assert plain.hash not in {take_roll(each, rule("resolution"), AT, None).hash for each in others}


def test_a_roll_is_the_same_as_another_if_its_blob_is() -> None:
    one, same, other = (take_roll(coops, rule("resolution"), AT, None) for coops in ([coop(1)], [coop(1)], [coop(2)]))
    assert one == same != other
    assert len({one, same, other}) == 2
    assert one != one.hash


@given(st.permutations(range(1, 9)))
def test_no_order_of_the_register_changes_the_roll(order: list[int]) -> None:
    linear = rule("resolution", weighting=Weighting(kind="linear", cap_share=F(1, 9), country_cap_share=F(1, 2)))
    coops = [coop(number, country=("AR", "UY")[number % 2]) for number in order]
    assert (
        take_roll(coops, linear, AT, None).blob
        == take_roll(sorted(coops, key=lambda one: one.id), linear, AT, None).blob
    )


VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "electorate" / "roll.json").read_text(encoding="utf-8"))


def test_the_bytes_of_a_roll_are_frozen() -> None:
    linear = rule("resolution", weighting=Weighting(kind="linear", cap_share=F(1, 8)))
    coops = [coop(number, country=("AR", "ES", "UY")[number % 3]) for number in range(1, 12)]
    roll = take_roll(coops, linear, AT, None)
    assert roll.blob.decode() == VECTORS["blob"]
    assert roll.hash == VECTORS["address"]
    assert roll.heads == 11


def test_a_roll_can_change_when_a_number_begins_to_count_or_a_wait_ends() -> None:
    later = (Declaration(number=F(5), at=JOINED, counts_from=Instant("2026-03-20T00:00:00.000000Z")),)
    coops = [coop(1), coop(2, facts={"dues": later})]
    assert roll_changes(coops, rule("resolution"), AT) == "2026-03-20T00:00:00.000000Z"
    assert roll_changes(coops, rule("resolution"), Instant("2026-03-20T00:00:00.000000Z")) is None
    fortnight = rule("resolution", entitled=Entitled(member_for=timedelta(days=14)))
    assert roll_changes(coops, fortnight, AT) == "2026-03-17T12:00:00.000000Z"
    assert roll_changes(coops[:1], fortnight, Instant("2026-03-17T12:00:00.000000Z")) is None
