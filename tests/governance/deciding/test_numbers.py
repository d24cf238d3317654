"""Numbers that coops declare: from when they count, and who can contest them."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from governance.commands import register as ask
from governance.effect import CorrectNumber
from governance.facts.register import NumberContested, NumberDeclared
from governance.ids import CoopId
from governance.instants import Instant, later
from governance.provisions import Provisions
from governance.register import counted
from tests.governance.acting import MINUTE, QUICK, decree, leave, refused, rules
from tests.governance.world import DAY, Founded

CENSUS = Provisions(categories=("full", "associate"), census=("07-01",))
JULY = Instant("2026-07-01T00:00:00.000000Z")
C1, C2 = CoopId("c1"), CoopId("c2")


def founded(provisions: Provisions = CENSUS) -> Founded:
    return Founded(4, rules=rules(*QUICK), provisions=provisions)


def declare(world: Founded, number: int, fact: str = "cooperators", of: CoopId = C1) -> NumberDeclared:
    declared: NumberDeclared = world.ask(ask.DeclareNumber(fact=fact, number=Fraction(number)), world.stewards[of])
    return declared


def contest(world: Founded, by: int = 2, of: CoopId = C1, fact: str = "cooperators") -> Any:
    return world.ask(ask.ContestNumber(coop=of, fact=fact), world.c(by))


def withdraw(world: Founded, by: int = 2, of: CoopId = C1) -> Any:
    return world.ask(ask.WithdrawContest(coop=of, fact="cooperators"), world.c(by))


def counts(world: Founded, at: Instant, of: CoopId = C1, fact: str = "cooperators") -> Fraction | None:
    return counted(world.state.coops.get(of), fact, at)


def just_before(at: Instant) -> Instant:
    return later(at, -timedelta(microseconds=1))


def test_a_founding_number_counts_at_once_and_a_declared_one_from_the_next_census() -> None:
    world = founded()
    assert declare(world, 50).counts_from == JULY
    assert [counts(world, at) for at in (world.now, just_before(JULY), JULY)] == [5, 5, 50]


def test_a_number_declared_too_late_for_its_window_counts_a_census_later() -> None:
    world = founded()
    world.wait(93 * DAY)
    assert declare(world, 50).counts_from == "2027-07-01T00:00:00.000000Z"


def test_a_contested_number_does_not_count_until_the_contest_is_withdrawn() -> None:
    world = founded()
    declared = world.now
    declare(world, 50)
    assert contest(world) == NumberContested(coop=C1, fact="cooperators", declared=declared, by=C2, reason=None)
    assert counts(world, JULY) == 5
    with refused("contest_unfounded"):
        withdraw(world, by=3)
    withdraw(world)
    assert [counts(world, at) for at in (world.now, just_before(JULY), JULY)] == [5, 5, 50]
    with refused("contest_unfounded"):
        withdraw(world)


def test_a_contest_can_be_withdrawn_after_the_census_and_the_number_counts_then() -> None:
    world = founded()
    declare(world, 50)
    contest(world)
    world.wait(200 * DAY)
    assert counts(world, world.now) == 5
    withdraw(world)
    assert counts(world, world.now) == 50


def test_a_number_declared_anew_takes_the_place_of_the_contested_one() -> None:
    world = founded()
    declare(world, 50)
    contest(world)
    declare(world, 12)
    assert counts(world, JULY) == 12
    with refused("contest_unfounded"):
        withdraw(world)
    contest(world, by=3)
    assert counts(world, JULY) == 5


def test_an_inflated_number_cannot_hide_from_contests_behind_a_modest_one() -> None:
    world = founded()
    world.wait(92 * DAY - 12 * timedelta(hours=1))
    assert declare(world, 5_000).counts_from == JULY
    world.wait(MINUTE)
    assert declare(world, 6).counts_from == "2027-07-01T00:00:00.000000Z"
    assert counts(world, JULY) == 5


def test_a_vote_settles_a_contested_number_at_once() -> None:
    world = founded()
    declare(world, 50)
    contest(world)
    decree(world, CorrectNumber(coop=C1, fact="cooperators", number=Fraction(9)), yes=(2, 3, 4))
    assert [counts(world, at) for at in (world.now, JULY)] == [9, 9]
    with refused("contest_unfounded"):
        contest(world, by=3)
    declare(world, 10)
    assert [counts(world, at) for at in (world.now, JULY)] == [9, 10]


def test_what_counts_already_cannot_be_contested() -> None:
    world = founded(Provisions(categories=("full", "associate"), contest_window=30 * DAY))
    with refused("contest_unfounded"):
        contest(world)
    declare(world, 50)
    world.wait(30 * DAY - MINUTE)
    contest(world)
    withdraw(world)
    world.wait(MINUTE)
    with refused("contest_unfounded"):
        contest(world)


def test_a_number_is_contested_once_by_another_member_coop() -> None:
    world = founded()
    declare(world, 50)
    with refused("contest_unfounded"):
        contest(world, by=1)
    with refused("no_mandate"):
        world.ask(ask.ContestNumber(coop=C1, fact="cooperators"), world.stewards[C2])
    with refused("coop_unknown"):
        contest(world, of=CoopId("c99"))
    with refused("contest_unfounded"):
        contest(world, fact="dues")
    leave(world, 3)
    with refused("coop_not_member"):
        contest(world, by=3)
    contest(world)
    with refused("contest_unfounded"):
        contest(world, by=4)


def test_who_withdraws_a_contest_names_a_coop_that_there_is() -> None:
    world = founded()
    with refused("coop_unknown"):
        withdraw(world, of=CoopId("c99"))
    with refused("contest_unfounded"):
        withdraw(world)


def test_only_the_steward_of_a_member_coop_declares() -> None:
    world = founded()
    with refused("no_mandate"):
        world.ask(ask.DeclareNumber(fact="cooperators", number=Fraction(6)), world.c(1))
    leave(world, 1)
    with refused("coop_not_member"):
        declare(world, 6)


@pytest.mark.parametrize(("fact", "number"), [("cooperators", 0), ("dues", -1), ("Dues", 1)])
def test_a_number_that_a_coop_cannot_have_is_refused(fact: str, number: int) -> None:
    with refused("fact_invalid"):
        declare(founded(), number, fact)


def test_other_numbers_are_declared_in_the_same_way() -> None:
    world = founded()
    declare(world, 100, "dues")
    assert [counts(world, at, fact="dues") for at in (world.now, JULY)] == [None, 100]


def test_services_are_what_the_steward_declared_last() -> None:
    world = founded()
    for services in (("Web sites", "Hosting"), ("Teaching",)):
        world.ask(ask.DeclareServices(services=services), world.stewards[C1])
        assert world.state.coops.get(C1).services == services
    with refused("fact_invalid"):
        world.ask(ask.DeclareServices(services=("a", "a")), world.stewards[C1])
    with refused("no_mandate"):
        world.ask(ask.DeclareServices(services=()), world.c(1))
