"""Nothing falls by an easier road than it came, and nothing is decided under more rules than can be counted in one record."""

import pytest

from governance.deciding.effects import MOST_RULES, check_effect
from governance.effect import ChangeRules, Resolve, SetRule
from governance.ids import ProposalId
from governance.rulebook import rules_for
from tests.governance.acting import MINUTE, NOW, decree, refused, rules
from tests.governance.world import Founded, rule


@pytest.fixture(scope="module")
def world() -> Founded:
    """p1 is a resolution to merge; p2, a plain one, superseded it. No test changes it."""
    merge, plain = (rule(matter, notice=NOW, voting=MINUTE) for matter in ("resolution.merge", "resolution"))
    world = Founded(5, rules=rules(merge, plain))
    first = decree(world, Resolve(narrowing="merge"), yes=(1, 2, 3, 4))
    decree(world, Resolve(supersedes=(first,)), yes=(1, 2, 3, 4))
    return world


def under(world: Founded, *superseded: str) -> list[str]:
    effect = Resolve(supersedes=tuple(ProposalId(one) for one in superseded))
    return [pinned.matter for pinned in rules_for(world.state, effect)]


def test_a_resolution_is_superseded_under_its_own_rule_as_well(world: Founded) -> None:
    assert under(world, "p1") == ["resolution", "resolution.merge"]


def test_the_rule_of_a_resolution_follows_through_whatever_superseded_it(world: Founded) -> None:
    assert under(world, "p2") == ["resolution", "resolution.merge"]
    assert under(world, "p2", "p1") == ["resolution", "resolution.merge"]


def test_what_supersedes_nothing_that_there_is_falls_under_its_own_rule(world: Founded) -> None:
    assert under(world) == under(world, "p9") == ["resolution"]


NARROWED = (
    *("resolution.merge", "resolution.dissolve", "resolution.amendment", "admission.full", "admission.associate"),
    *("membership.suspend", "membership.reinstate", "membership.expel", "membership.category", "membership.correct"),
    *("charter.article.mission", "charter.article.democracy"),
)


def test_a_change_falls_under_a_limited_number_of_rules() -> None:
    world = Founded(5, rules=rules(*(rule(matter) for matter in NARROWED)))
    own = [one for one in world.state.rules.values() if one.matter != "rules"]

    def changing(number: int) -> ChangeRules:
        return ChangeRules(changes=tuple(SetRule(rule=one.rule, base=1) for one in own[:number]))

    check_effect(world.state, changing(MOST_RULES - 1), world.now)
    with refused("effect_invalid"):
        check_effect(world.state, changing(MOST_RULES), world.now)
