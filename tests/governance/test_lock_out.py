"""Decision 24: no change of the rules after which nothing could ever be carried again. Each condition by itself."""

from fractions import Fraction
from typing import Any

import pytest

from governance.counting.weighting import CategoryWeight, Tier, Weighting
from governance.effect import ChangeRules, SetRule, StrikeRule
from governance.errors import Refusal
from governance.ids import Matter
from governance.requirement import Requirement
from governance.rule import Call, Confirmation, Entitled
from governance.rulebook import check_no_lock_out
from tests.governance.acting import MINUTE, leave, refused, rules, set_rule
from tests.governance.world import DAY, Founded, more_than, quorum, rule

F = Fraction
EVERYBODY = (1, 2, 3, 4, 5)
SIZES = (10, 10, 10, 10, 60)
LANDS = ("AR", "AR", "ES", "ES", "UY")


def count_of(number: int, measure: str = "coops") -> tuple[Requirement, ...]:
    return (Requirement(at_least_number=F(number), measure=measure),)


def at_least(share: Fraction, measure: str = "coops") -> tuple[Requirement, ...]:
    return (Requirement(of="entitled", at_least=share, measure=measure),)


def by_category(category: str) -> Weighting:
    return Weighting(kind="by_category", categories=(CategoryWeight(category=category, weight=F(1)),))


def confirmed(**changes: Any) -> Confirmation:
    return Confirmation(**{"majority": (more_than(),), "after": DAY, "voting": DAY, **changes})


@pytest.fixture(scope="module")
def world() -> Founded:
    """Five coops, the last of which has most cooperators and is alone in its country. No test changes it."""
    return Founded(5, cooperators=SIZES, countries=LANDS, categories=("full",) * 4 + ("associate",))


def locks_out(world: Founded, matter: str = "rules", **changes: Any) -> bool:
    entitled = {"entitled": Entitled(categories=("full", "associate"))}
    effect = set_rule(world, rule(matter, **{**entitled, **changes}))
    try:
        check_no_lock_out(world.state, effect, world.now)
    except Refusal as refusal:
        assert refusal.code == "lock_out"
        return True
    return False


CASES: list[tuple[dict[str, Any], bool]] = [
    ({}, False),
    # An electorate, with weight.
    ({"entitled": Entitled(categories=("observer",))}, True),
    ({"entitled": Entitled(member_for=400 * DAY)}, False),
    ({"weighting": Weighting(kind="linear", fact="dues")}, True),
    ({"weighting": Weighting(kind="tiers", tiers=(Tier(from_number=F(61), weight=F(1)),))}, True),
    ({"weighting": by_category("observer")}, True),
    # Carried when all vote yes.
    ({"calls": (Call(quorum=count_of(6)),)}, True),
    ({"majority": count_of(6)}, True),
    ({"majority": count_of(101, "cooperators")}, True),
    ({"majority": count_of(4, "countries")}, True),
    # Still carried when the coop that weighs most in the measure stays away.
    ({"majority": count_of(4)}, False),
    ({"majority": count_of(5)}, True),
    ({"majority": (Requirement(all_but=1),)}, False),
    ({"majority": (Requirement(all_but=0),)}, True),
    ({"majority": at_least(F(4, 5))}, False),
    ({"majority": at_least(F(5, 5))}, True),
    ({"calls": (Call(quorum=(quorum(F(4, 5)),)),)}, False),
    ({"calls": (Call(quorum=(quorum(F(81, 100)),)),)}, True),
    ({"majority": at_least(F(40, 100), "cooperators")}, False),
    ({"majority": at_least(F(41, 100), "cooperators")}, True),
    ({"calls": (Call(quorum=count_of(41, "cooperators")),)}, True),
    ({"majority": count_of(2, "countries")}, False),
    ({"majority": count_of(3, "countries")}, True),
    ({"majority": count_of(40, "weight"), "weighting": Weighting(kind="linear")}, False),
    ({"majority": count_of(41, "weight"), "weighting": Weighting(kind="linear")}, True),
    ({"majority": (Requirement(counts="not_yes", at_most_number=F(1)),)}, False),
    ({"majority": (Requirement(counts="not_yes", fewer_than_number=F(1)),)}, True),
    ({"majority": (Requirement(of="yes+no", at_least=F(1)),)}, False),
    ({"majority": (Requirement(any_of=(*count_of(5), *at_least(F(2, 5), "cooperators"))),)}, False),
    ({"majority": (Requirement(any_of=(*count_of(5), *at_least(F(1, 2), "cooperators"))),)}, True),
    # The last call is the one that has to be possible, and the confirmation as much as the first vote.
    ({"calls": (Call(quorum=count_of(6)), Call(quorum=count_of(4)))}, False),
    ({"calls": (Call(quorum=count_of(4)), Call(quorum=count_of(6)))}, True),
    ({"confirmation": confirmed()}, False),
    ({"confirmation": confirmed(majority=count_of(5))}, True),
    ({"confirmation": confirmed(quorum=count_of(5))}, True),
    # Sponsors and seconders together are fewer than the electorate.
    ({"sponsors": 4}, False),
    ({"sponsors": 5}, True),
    ({"sponsors": 2, "seconders": 2}, False),
    ({"sponsors": 2, "seconders": 3}, True),
    ({"sponsors": 4, "entitled": Entitled()}, True),
    ({"sponsors": 4, "weighting": by_category("full")}, True),
    # Within 400 days.
    ({"notice": 100 * DAY, "voting": 100 * DAY, "waiting": 200 * DAY}, False),
    ({"notice": 100 * DAY, "voting": 100 * DAY, "waiting": 200 * DAY + MINUTE}, True),
    ({"notice": 393 * DAY + MINUTE, "voting": 7 * DAY}, True),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "locked"), CASES, ids=range(len(CASES)))
def test_the_rule_on_rules_is_refused_exactly_where_it_could_never_carry(
    world: Founded, changes: dict[str, Any], locked: bool
) -> None:
    assert locks_out(world, **changes) == locked


@pytest.mark.parametrize(("changes", "locked"), CASES, ids=range(len(CASES)))
def test_every_other_rule_that_is_set_is_held_to_the_same_as_it_must_carry_its_own_change(
    world: Founded, changes: dict[str, Any], locked: bool
) -> None:
    assert locks_out(world, "charter", **changes) == locked


def test_the_detail_says_which_condition_failed(world: Founded) -> None:
    wanted: dict[str, dict[str, Any]] = {
        "Nobody could vote on rules": {"entitled": Entitled(categories=("observer",))},
        "would need 5 coops behind it; with 5 entitled, at most 4": {"sponsors": 5},
        "would take over 400 days": {"notice": 400 * DAY},
        "all coops vote yes": {"majority": count_of(6)},
        "all coops but c5 vote yes": {"majority": count_of(41, "cooperators")},
    }
    for why, changes in wanted.items():
        effect = set_rule(world, rule("rules", **{"entitled": Entitled(categories=("full", "associate")), **changes}))
        with pytest.raises(Refusal, match=why):
            check_no_lock_out(world.state, effect, world.now)


def test_the_rule_on_rules_is_looked_at_with_every_change(world: Founded) -> None:
    elsewhere = set_rule(world, rule("charter"))
    check_no_lock_out(world.state, elsewhere, world.now)
    locked = Founded(5, rules=rules(rule("rules", majority=count_of(4))))
    leave(locked, 5)
    for effect in (elsewhere, ChangeRules(changes=(StrikeRule(matter=Matter("resolution.routine"), base=1),))):
        with refused("lock_out"):
            check_no_lock_out(locked.state, effect, locked.now)
    check_no_lock_out(locked.state, set_rule(locked, rule("rules")), locked.now)


def test_a_change_of_several_rules_is_judged_by_what_all_of_them_give(world: Founded) -> None:
    strict, lenient = rule("rules", majority=count_of(5)), rule("charter")
    effect = ChangeRules(changes=(SetRule(rule=lenient, base=1), SetRule(rule=strict, base=1)))
    with refused("lock_out"):
        check_no_lock_out(world.state, effect, world.now)


def test_a_coop_that_is_alone_in_its_country_can_stay_away_though_it_is_large_in_nothing_else() -> None:
    world = Founded(5, cooperators=(10,) * 5, countries=("UY", "AR", "AR", "ES", "ES"))
    assert not locks_out(world, majority=count_of(2, "countries"))
    assert locks_out(world, majority=count_of(3, "countries"))
    together = Founded(6, cooperators=(10,) * 6, countries=("UY", "AR", "AR", "ES", "ES", "UY"))
    assert not locks_out(together, majority=count_of(3, "countries"))
