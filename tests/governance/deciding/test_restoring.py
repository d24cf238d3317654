"""How a coop whose people are gone gets a steward again, and how that is kept from being a way to take a coop over."""

from typing import Any

import pytest

from governance.commands import register as ask
from governance.effect import Admit, Reinstate, Suspend
from governance.facts.register import RestorationAttested, StewardRestored
from governance.ids import CoopId, MandateId
from governance.instants import later
from tests.governance.acting import MINUTE, QUICK, decree, leave, refused, rules
from tests.governance.world import DAY, Founded

C4 = CoopId("c4")


def attest(world: Founded, by: int, steward: MandateId, of: CoopId = C4) -> RestorationAttested:
    attested: RestorationAttested = world.ask(ask.AttestSteward(coop=of, steward=steward), world.c(by))
    return attested


def founded(coops: int = 5) -> Founded:
    return Founded(coops, rules=rules(*QUICK))


def steward(world: Founded, of: CoopId = C4) -> list[MandateId]:
    """The stewards of a coop whose mandates are in force."""
    return [
        one.id
        for one in world.state.mandates.values()
        if one.coop == of and one.role == "steward" and one.in_force(world.now)
    ]


def test_two_coops_and_seven_days_give_a_coop_a_new_steward_in_place_of_the_old() -> None:
    world = founded()
    new = world.mandate()
    assert attest(world, 1, new).due is None
    assert attest(world, 2, new).due == later(world.now, 7 * DAY)
    world.wait(7 * DAY - MINUTE)
    assert steward(world) == [world.stewards[C4]]
    world.wait(MINUTE)
    assert world.last(StewardRestored) == StewardRestored(coop=C4, steward=new, due=world.now)
    assert steward(world) == [new]
    assert world.state.restorations.get(C4) is None
    assert world.state.mandates.get(world.c(4)).ends is None, "delegates keep their mandates"
    world.ask(ask.GiveMandate(mandate=world.mandate(), role="delegate"), new)


def test_a_stewards_mandate_that_had_ended_keeps_its_end() -> None:
    world = founded()
    passing, end = world.mandate(), later(world.now, DAY)
    world.ask(ask.GiveMandate(mandate=passing, role="steward", ends=end), world.stewards[C4])
    new = world.mandate()
    attest(world, 1, new)
    attest(world, 2, new)
    world.wait(8 * DAY)
    assert world.state.mandates.get(passing).ends == end
    assert steward(world) == [new]


def test_one_coop_does_not_attest_twice_nor_its_own_steward() -> None:
    world = founded()
    new = world.mandate()
    attest(world, 1, new)
    with refused("mandate_invalid"):
        attest(world, 1, new)
    with refused("coop_not_member"):
        attest(world, 4, world.mandate())
    with refused("no_mandate"):
        world.ask(ask.AttestSteward(coop=C4, steward=new), world.stewards[CoopId("c2")])


def test_only_members_attest_and_only_for_coops_that_there_are() -> None:
    world = founded()
    with refused("coop_unknown"):
        attest(world, 1, world.mandate(), CoopId("c99"))
    leave(world, 5)
    with refused("coop_not_member"):
        attest(world, 5, world.mandate())
    with refused("coop_not_member"):
        attest(world, 1, world.mandate(), CoopId("c5"))


def test_of_several_candidates_the_first_whom_two_coops_attest_gets_the_notice() -> None:
    world = founded()
    one, other = world.mandate(), world.mandate()
    attest(world, 1, one)
    assert attest(world, 2, other).due is None
    assert attest(world, 3, one).due == later(world.now, 7 * DAY)
    for by, late in ((5, other), (5, one), (2, one)):
        with refused("mandate_invalid"):
            attest(world, by, late)
    world.wait(7 * DAY)
    assert steward(world) == [one]
    assert world.state.restorations.get(C4) is None


def test_one_coop_that_always_attests_somebody_else_holds_nobody_up() -> None:
    world = founded()
    new = world.mandate()
    for _ in range(3):
        assert attest(world, 2, world.mandate()).due is None
    attest(world, 1, new)
    for _ in range(3):
        assert attest(world, 2, world.mandate()).due is None
    assert attest(world, 3, new).due is not None
    world.wait(7 * DAY)
    assert steward(world) == [new]


def test_a_coop_that_attests_another_takes_its_word_for_the_first_back() -> None:
    world = founded()
    one, other = world.mandate(), world.mandate()
    attest(world, 1, one)
    attest(world, 1, other)
    assert attest(world, 2, one).due is None
    assert attest(world, 1, one).due is not None


def test_an_id_that_nobody_attests_any_more_is_free_for_other_mandates() -> None:
    world = founded()
    one = world.mandate()
    attest(world, 1, one)
    attest(world, 1, world.mandate())
    world.ask(ask.GiveMandate(mandate=one, role="delegate"), world.stewards[CoopId("c1")])
    with refused("mandate_invalid"):
        attest(world, 2, one)


def test_a_coop_attests_again_once_another_that_does_is_a_member_again() -> None:
    world = founded()
    new = world.mandate()
    attest(world, 1, new)
    decree(world, Suspend(coop=CoopId("c1")), yes=(2, 3, 5))
    assert attest(world, 2, new).due is None
    with refused("mandate_invalid"):
        attest(world, 2, new)
    decree(world, Reinstate(coop=CoopId("c1")), yes=(2, 3, 5))
    assert attest(world, 2, new).due is not None


def test_an_objection_takes_every_attestation_with_it() -> None:
    world = founded()
    one, other = world.mandate(), world.mandate()
    attest(world, 1, one)
    attest(world, 2, other)
    world.ask(ask.ObjectRestoration(), world.c(4))
    assert attest(world, 3, one).due is None
    assert attest(world, 5, other).due is None


def test_an_attestation_of_a_coop_that_has_left_counts_no_more() -> None:
    world = founded(6)
    new = world.mandate()
    attest(world, 1, new)
    leave(world, 1)
    assert attest(world, 2, new).due is None
    assert attest(world, 3, new).due is not None
    assert list(world.state.restorations.get(C4).attested) == ["c1", "c2", "c3"]


def test_somebody_of_the_coop_concerned_ends_it_with_a_word() -> None:
    world = founded()
    for by in (world.stewards[C4], world.c(4)):
        new = world.mandate()
        attest(world, 1, new)
        attest(world, 2, new)
        world.wait(6 * DAY)
        world.ask(ask.ObjectRestoration(), by)
        world.wait(2 * DAY)
        assert steward(world) == [world.stewards[C4]]
        with refused("mandate_invalid"):
            world.ask(ask.ObjectRestoration(), by)
    with refused("no_mandate"):
        world.ask(ask.ObjectRestoration(), world.officer)


def test_a_first_attestation_can_be_objected_to_as_well() -> None:
    world = founded()
    attest(world, 1, world.mandate())
    world.ask(ask.ObjectRestoration(), world.c(4))
    assert world.state.restorations.get(C4) is None


def test_nothing_is_restored_of_a_coop_that_leaves_meanwhile() -> None:
    world = founded()
    new = world.mandate()
    attest(world, 1, new)
    attest(world, 2, new)
    leave(world, 4)
    world.wait(8 * DAY)
    assert new not in world.state.mandates
    assert world.state.restorations.get(C4) is None


def test_a_suspended_coop_gets_its_steward_too() -> None:
    world = founded()
    decree(world, Suspend(coop=C4), yes=(1, 2, 3))
    new = world.mandate()
    attest(world, 1, new)
    attest(world, 2, new)
    world.wait(7 * DAY)
    assert steward(world) == [new]


def taken_meanwhile(world: Founded, steward: MandateId) -> list[Any]:
    """Every way in which somebody else could come to hold a mandate of this id."""
    admit = Admit(name="Coop Nueva", country="UY", category="full", cooperators=3, steward=steward)
    return [
        lambda: world.ask(ask.GiveMandate(mandate=steward, role="delegate"), world.stewards[CoopId("c1")]),
        lambda: attest(world, 1, steward, CoopId("c3")),
        lambda: world.submit(admit),
    ]


@pytest.mark.parametrize("way", range(3))
@pytest.mark.parametrize("candidates", [1, 2])
def test_nobody_can_take_the_id_under_which_a_steward_is_to_be_restored(way: int, candidates: int) -> None:
    world = founded()
    new = world.mandate()
    attest(world, 2, new)
    if candidates == 2:
        attest(world, 5, world.mandate())
    with refused("mandate_invalid"):
        taken_meanwhile(world, new)[way]()


def test_the_id_of_a_steward_that_is_attested_is_well_spelled_and_free() -> None:
    world = founded()
    for mandate in (MandateId("m-1"), world.c(1)):
        with refused("mandate_invalid"):
            attest(world, 1, mandate)
