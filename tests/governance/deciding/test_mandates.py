"""Mandates: who gives and ends them, and what they are good for at which instant."""

from datetime import timedelta
from typing import Any

import pytest

from governance.commands import register as ask
from governance.commands.founding import CloseFounding
from governance.commands.proposals import Submit
from governance.effect import Admit, Resolve
from governance.facts.register import MandateGiven
from governance.ids import FEDERATION, OPERATOR, CoopId, MandateId, OfficeId
from governance.instants import NotAnInstant, later
from tests.governance.acting import MINUTE, leave, refused
from tests.governance.world import DAY, Founded

C1, C2 = CoopId("c1"), CoopId("c2")


def give(world: Founded, by: MandateId | None = None, **changes: Any) -> MandateGiven:
    command = ask.GiveMandate(**{"mandate": world.mandate(), "role": "delegate", **changes})
    given: MandateGiven = world.ask(command, by or world.stewards[C1])
    return given


def revoke(world: Founded, mandate: MandateId, by: MandateId | None = None) -> None:
    world.ask(ask.RevokeMandate(mandate=mandate), by or world.stewards[C1])


def propose(world: Founded, by: MandateId) -> None:
    world.ask(Submit(effect=Resolve(), text=world.text("A proposal")), by)


def test_a_mandate_holds_from_the_moment_it_is_given() -> None:
    world = Founded(3)
    given = give(world)
    assert given == MandateGiven(
        mandate=given.mandate, role="delegate", coop=C1, office=None, starts=world.now, ends=None
    )
    propose(world, given.mandate)


def test_a_mandate_holds_from_its_start_until_its_end_and_at_no_other_instant() -> None:
    world = Founded(3)
    start = later(world.now, DAY)
    given = give(world, starts=start, ends=later(start, DAY))
    for wait, held in ((DAY - MINUTE, False), (MINUTE, True), (DAY - MINUTE, True), (MINUTE, False)):
        world.wait(wait)
        if held:
            propose(world, given.mandate)
        else:
            with refused("no_mandate"):
                propose(world, given.mandate)


def test_a_mandate_begins_now_or_later_and_ends_after_it_began() -> None:
    world = Founded(3)
    before = later(world.now, -timedelta(microseconds=1))
    wrong: list[dict[str, Any]] = [{"starts": before}, {"ends": world.now}]
    for changes in (*wrong, {"starts": later(world.now, DAY), "ends": world.now}):
        with refused("mandate_invalid"):
            give(world, **changes)


@pytest.mark.parametrize("name", ["starts", "ends"])
def test_the_dates_of_a_mandate_exist(name: str) -> None:
    dates: dict[str, Any] = {name: "2099-02-30"}
    with pytest.raises(NotAnInstant, match="is not an instant"):
        give(Founded(3), **dates)


def test_only_a_steward_gives_mandates_and_only_its_own_coops() -> None:
    world = Founded(3)
    with refused("no_mandate"):
        give(world, by=world.c(1))
    with refused("no_mandate"):
        give(world, by=world.officer)
    with refused("no_mandate"):
        give(world, coop=C2)
    assert give(world, coop=C1).coop == C1
    for changes in ({"role": "officer"}, {"role": "officer", "office": world.office}, {"office": world.office}):
        with refused("mandate_invalid"):
            give(world, **changes)


@pytest.mark.parametrize("actor", [OPERATOR, FEDERATION, MandateId("m-" + "0" * 32)])
def test_whoever_runs_the_server_has_no_mandate(actor: MandateId) -> None:
    world = Founded(3)
    with refused("no_mandate"):
        give(world, by=actor)
    with refused("no_mandate"):
        propose(world, actor)
    with refused("already_founded"):
        world.ask(CloseFounding(), actor)


def test_an_id_is_never_given_twice() -> None:
    world = Founded(3)
    taken = give(world).mandate
    with refused("mandate_invalid"):
        give(world, mandate=taken)
    revoke(world, taken)
    with refused("mandate_invalid"):
        give(world, mandate=taken, by=world.stewards[C2])
    with refused("mandate_invalid"):
        give(world, mandate=MandateId("operator"))


def test_nobody_takes_the_id_that_is_promised_to_the_steward_of_an_applicant() -> None:
    world = Founded(4)
    promised = world.mandate()
    admit = Admit(name="Coop Nueva", country="UY", category="full", cooperators=3, steward=promised)
    world.submit(admit)
    with refused("mandate_invalid"):
        give(world, mandate=promised)


def test_a_revoked_mandate_holds_no_more() -> None:
    world = Founded(3)
    given = give(world).mandate
    with refused("no_mandate"):
        revoke(world, given, by=world.c(1))
    with refused("mandate_unknown"):
        revoke(world, given, by=world.stewards[C2])
    revoke(world, given)
    with refused("no_mandate"):
        propose(world, given)
    with refused("mandate_unknown"):
        revoke(world, given)
    with refused("mandate_unknown"):
        revoke(world, world.mandate())


def test_a_mandate_that_has_ended_cannot_be_revoked_and_one_to_come_can() -> None:
    world = Founded(3)
    ended = give(world, ends=later(world.now, DAY)).mandate
    to_come = give(world, starts=later(world.now, 3 * DAY)).mandate
    world.wait(DAY)
    with refused("mandate_unknown"):
        revoke(world, ended)
    revoke(world, to_come)
    world.wait(3 * DAY)
    with refused("no_mandate"):
        propose(world, to_come)


def test_a_coop_keeps_a_steward_without_an_end() -> None:
    world = Founded(3)
    first = world.stewards[C1]
    with refused("last_steward"):
        revoke(world, first)
    give(world, role="steward", ends=later(world.now, 9 * DAY))
    give(world, role="steward", starts=later(world.now, DAY))
    with refused("last_steward"):
        revoke(world, first)
    second = give(world, role="steward").mandate
    revoke(world, first)
    with refused("no_mandate"):
        give(world, by=first)
    give(world, by=second)


def test_a_coop_has_a_hundred_mandates_in_force_at_most() -> None:
    world = Founded(3)
    passing = give(world, ends=later(world.now, DAY)).mandate
    for _ in range(97):
        give(world)
    with refused("mandate_invalid"):
        give(world)
    give(world, by=world.stewards[C2])
    world.wait(DAY)
    revoke(world, give(world).mandate)
    assert passing in world.state.mandates
    give(world)
    with refused("mandate_invalid"):
        give(world)


def test_nobody_is_given_the_vote_of_a_coop_that_has_left() -> None:
    world = Founded(3)
    leave(world, 1)
    with refused("coop_not_member"):
        give(world)


def test_a_coop_is_known_by_the_mandates_that_have_not_ended() -> None:
    world = Founded(3)
    before = world.state.mandates_of.get(C1)
    revoked, passing = give(world).mandate, give(world, ends=later(world.now, DAY)).mandate
    assert world.state.mandates_of.get(C1) == (*before, revoked, passing)
    revoke(world, revoked)
    assert world.state.mandates_of.get(C1) == (*before, passing)
    world.wait(DAY)
    new = give(world).mandate
    assert world.state.mandates_of.get(C1) == (*before, new)
    assert world.state.mandates_of.get(None) is None


def test_an_office_gives_no_mandate_for_a_coop() -> None:
    world = Founded(3)
    assert world.state.mandates.get(world.officer).office == OfficeId("secretary")
    with refused("no_mandate"):
        revoke(world, world.delegates[C1], by=world.officer)
