"""What an office may write without a vote, and that it needs the power for each."""

from typing import Any

import pytest
from msgspec.structs import replace

from governance.commands import proposals as propose
from governance.commands import register as ask
from governance.commands.polls import VoidPoll
from governance.effect import Resolve, Suspend
from governance.facts.register import CoopLeft, StandingRecorded
from governance.ids import CoopId, HashText, MandateId
from governance.mandate import Power
from tests.governance.acting import QUICK, decree, leave, refused, rules, standing
from tests.governance.world import DAY, Founded, rule

C1, C2 = CoopId("c1"), CoopId("c2")
HASH = HashText("0" * 64)
CHARTER = (rule("charter", waiting=14 * DAY),)


def without(world: Founded, power: Power) -> Founded:
    """The same world, in which the office has lost a power."""
    office = world.state.offices.get(world.office)
    powers = tuple(one for one in office.powers if one != power)
    world.state.offices.put(office.id, replace(office, powers=powers))
    return world


def exercise(world: Founded, power: Power, by: MandateId) -> None:
    commands: dict[Power, Any] = {
        "record_standing": ask.RecordStanding(coop=C2, good=False),
        "record_departures": ask.Leave(coop=C2),
        "redact_texts": ask.RedactText(text=HASH, reason="unlawful"),
        "decide_urgently": propose.Submit(effect=Resolve(narrowing="urgent"), text=HASH),
    }
    if power == "void_open_polls":
        commands[power] = VoidPoll(poll=world.until_open(world.submit()), reason=HASH)
    world.ask(commands[power], by)


POWERS: tuple[Power, ...] = (
    "record_standing",
    "record_departures",
    "redact_texts",
    "void_open_polls",
    "decide_urgently",
)


@pytest.mark.parametrize("power", POWERS)
def test_an_office_does_what_the_rulebook_lists(power: Power) -> None:
    world = Founded(4)
    exercise(world, power, world.officer)


@pytest.mark.parametrize("power", POWERS)
def test_an_office_does_nothing_that_the_rulebook_does_not_list(power: Power) -> None:
    world = without(Founded(4), power)
    with refused("power_missing"):
        exercise(world, power, world.officer)


@pytest.mark.parametrize("power", POWERS)
def test_no_coop_has_the_powers_of_an_office(power: Power) -> None:
    world = Founded(4)
    with refused("not_entitled" if power == "decide_urgently" else "no_mandate"):
        exercise(world, power, world.c(1))


def test_standing_is_recorded_once_and_not_of_who_has_left() -> None:
    world = Founded(4)
    recorded = world.ask(ask.RecordStanding(coop=C1, good=False), world.officer)
    assert recorded == StandingRecorded(coop=C1, good=False, office=world.office)
    with refused("fact_invalid"):
        standing(world, 1, good=False)
    standing(world, 1, good=True)
    with refused("fact_invalid"):
        standing(world, 1, good=True)
    with refused("coop_unknown"):
        standing(world, 99, good=True)
    leave(world, 1)
    with refused("coop_not_member"):
        standing(world, 1, good=False)


def test_without_good_standing_a_coop_has_no_vote_and_with_it_again_it_has() -> None:
    world = Founded(4)
    standing(world, 4, good=False)
    with refused("not_entitled"):
        world.submit(by=4)
    assert "c4" not in world.state.polls.get(world.until_open(world.submit())).voters
    standing(world, 4, good=True)
    assert "c4" in world.state.polls.get(world.until_open(world.submit())).voters


def test_a_coop_leaves_by_its_own_act() -> None:
    world = Founded(4)
    assert world.ask(ask.Leave(), world.stewards[C1]) == CoopLeft(coop=C1, office=None)
    coop = world.state.coops.get(C1)
    assert (coop.status, coop.since) == ("former", world.now)
    with refused("coop_not_member"):
        world.submit(by=1)
    with refused("coop_not_member"):
        world.ask(ask.Leave(), world.stewards[C1])
    with refused("coop_not_member"):
        world.ask(ask.Leave(coop=C1), world.officer)


def test_only_a_steward_takes_its_coop_out() -> None:
    world = Founded(4)
    with refused("no_mandate"):
        world.ask(ask.Leave(), world.c(1))
    with refused("no_mandate"):
        world.ask(ask.Leave(coop=C1), world.stewards[C1])
    with refused("coop_unknown"):
        world.ask(ask.Leave(coop=CoopId("c99")), world.officer)
    assert world.ask(ask.Leave(coop=C1), world.officer) == CoopLeft(coop=C1, office=world.office)


def test_a_suspended_coop_has_voice_but_no_part_and_can_leave() -> None:
    world = Founded(5, rules=rules(*QUICK))
    decree(world, Suspend(coop=CoopId("c5")), yes=(1, 2, 3, 4))
    assert world.state.coops.get(CoopId("c5")).status == "suspended"
    with refused("coop_not_member"):
        world.submit(by=5)
    leave(world, 5)
