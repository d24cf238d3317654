from fractions import Fraction

import pytest

from governance.counting.weighting import Tier, Weighting
from governance.deciding.authority import (
    check_new_mandate,
    coop_of,
    known_coop,
    mandate_of,
    member_of,
    officer_of,
    require_entitled,
)
from governance.deciding.founding import require_founding
from governance.effect import Suspend
from governance.ids import OPERATOR, CoopId, MandateId, Matter
from governance.rulebook import rule_for
from governance.state import State
from tests.governance.acting import QUICK, decree, leave, refused, rules, standing
from tests.governance.world import START, Founded, rule

C1, C2 = CoopId("c1"), CoopId("c2")


@pytest.fixture(scope="module")
def world() -> Founded:
    """Six coops, of which c5 is suspended and c6 has left. No test changes it."""
    world = Founded(6, rules=rules(*QUICK))
    decree(world, Suspend(coop=CoopId("c5")), yes=(1, 2, 3, 4))
    leave(world, 6)
    return world


def test_before_the_founding_nobody_has_a_mandate() -> None:
    with refused("not_founded"):
        mandate_of(State(), OPERATOR, START)


def test_the_founding_is_the_operators() -> None:
    require_founding(State(), OPERATOR)
    with refused("no_mandate"):
        require_founding(State(), MandateId("m-" + "0" * 32))


def test_a_mandate_is_for_a_coop_in_a_role(world: Founded) -> None:
    state, at = world.state, world.now
    assert coop_of(state, world.c(1), at, "delegate").id == C1
    assert coop_of(state, world.stewards[C1], at, "delegate", "steward").id == C1
    for actor, role in ((world.c(1), "steward"), (world.stewards[C1], "delegate"), (world.officer, "delegate")):
        with refused("no_mandate"):
            coop_of(state, actor, at, role)


def test_only_a_member_takes_part(world: Founded) -> None:
    state, at = world.state, world.now
    for number in (5, 6):
        assert coop_of(state, world.c(number), at, "delegate").id == f"c{number}"
        with refused("coop_not_member"):
            member_of(state, world.c(number), at, "delegate")
    assert member_of(state, world.c(1), at, "delegate").id == C1


def test_an_officer_has_the_powers_of_its_office(world: Founded) -> None:
    assert officer_of(world.state, world.officer, world.now, "redact_texts") == world.office
    with refused("no_mandate"):
        officer_of(world.state, world.c(1), world.now, "redact_texts")


def test_who_would_have_no_vote_has_no_part_in_bringing_or_deciding() -> None:
    heavy = Weighting(kind="tiers", tiers=(Tier(from_number=Fraction(6), weight=Fraction(1)),))
    world = Founded(5, rules=rules(rule("charter", weighting=heavy)))
    standing(world, 4, good=False)
    state, at = world.state, world.now
    plain, weighted = (rule_for(state, Matter(matter)) for matter in ("resolution", "charter"))
    one, two, four = (known_coop(state, CoopId(f"c{number}")) for number in (1, 2, 4))
    require_entitled(one, (plain,), None, at)
    require_entitled(two, (weighted,), None, at)
    require_entitled(one, (plain, weighted), None, at)
    for coop, pinned, concerned in ((one, (plain,), C1), (one, (weighted,), None), (four, (plain, weighted), C2)):
        with refused("not_entitled"):
            require_entitled(coop, pinned, concerned, at)


def test_a_coop_that_is_not_in_the_register_is_unknown(world: Founded) -> None:
    with refused("coop_unknown"):
        known_coop(world.state, CoopId("c7"))


def test_a_new_mandate_has_an_id_that_is_free(world: Founded) -> None:
    check_new_mandate(world.state, MandateId("m-" + "0" * 32))
    for taken in (world.c(1), world.officer, OPERATOR):
        with refused("mandate_invalid"):
            check_new_mandate(world.state, taken)
