"""The register at any date: what it says of a past instant is what it said then."""

import contextlib
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.commands import register as ask
from governance.effect import (
    Admit,
    CorrectCountry,
    CorrectName,
    CorrectNumber,
    Effect,
    Expel,
    Recategorise,
    Reinstate,
    Suspend,
)
from governance.errors import Refusal
from governance.ids import CoopId
from governance.instants import Instant, later
from governance.provisions import Provisions
from governance.register import COOPERATORS, Coop, as_of, counted, register_as_of
from tests.governance.acting import MINUTE, NOW, QUICK, SECOND, decree, fork, leave, rules, standing
from tests.governance.remembered import check_remembered
from tests.governance.world import DAY, START, Founded

C1, C4 = CoopId("c1"), CoopId("c4")
MONTHLY = Provisions(categories=("full", "associate"), census=tuple(f"{month:02}-01" for month in range(1, 13)))


@cache
def base() -> Founded:
    return Founded(4, rules=rules(*QUICK), provisions=MONTHLY)


def founded() -> Founded:
    world = fork(base())
    world.stewards = dict(world.stewards)
    return world


def by_three(world: Founded, effect: Effect) -> Instant:
    """Decide it about the fourth coop, and give the instant from which it holds."""
    decree(world, effect, yes=(1, 2, 3))
    return world.now


def coop(world: Founded, at: Instant, of: CoopId = C4) -> Coop:
    found = as_of(world.state.coops.get(of), at)
    assert found is not None
    return found


def services(world: Founded, of: CoopId, *offered: str) -> None:
    world.ask(ask.DeclareServices(services=offered), world.stewards[of])


CHANGES: list[tuple[str, Any, Callable[[Founded], Any]]] = [
    ("status", "suspended", lambda world: by_three(world, Suspend(coop=C4))),
    ("status", "former", lambda world: by_three(world, Expel(coop=C4))),
    ("status", "former", lambda world: leave(world, 4)),
    ("category", "associate", lambda world: by_three(world, Recategorise(coop=C4, category="associate"))),
    ("name", "Coop Cuarta", lambda world: by_three(world, CorrectName(coop=C4, name="Coop Cuarta"))),
    ("country", "UY", lambda world: by_three(world, CorrectCountry(coop=C4, country="UY"))),
    ("good_standing", False, lambda world: standing(world, 4, good=False)),
    ("services", ("Hosting",), lambda world: services(world, C4, "Hosting")),
]


@pytest.mark.parametrize(("name", "value", "change"), CHANGES)
def test_what_changes_holds_from_its_very_instant_and_the_rest_stays(
    name: str, value: Any, change: Callable[[Founded], Any]
) -> None:
    world = founded()
    world.wait(DAY)
    before = coop(world, world.now)
    change(world)
    after = coop(world, world.now)
    assert coop(world, later(world.now, -SECOND)) == before
    assert getattr(after, name) == value != getattr(before, name)
    assert (after.at, after.seq) == (world.now, world.records[-1].seq)
    changed = {one for one in Coop.__struct_fields__ if getattr(after, one) != getattr(before, one)}
    assert changed == {name, "at", "seq", "earlier"} | ({"since"} if name == "status" else set())
    world.wait(DAY)
    assert coop(world, world.now) == after


def test_what_says_nothing_new_is_no_change_and_a_number_is_none_either() -> None:
    world = founded()
    before = coop(world, world.now)
    world.wait(DAY)
    services(world, C4)
    world.ask(ask.DeclareNumber(fact="dues", number=Fraction(3)), world.stewards[C4])
    assert coop(world, world.now) == before
    assert world.state.coops.get(C4).earlier == ()


def test_the_register_before_the_founding_is_empty_and_an_applicant_is_not_in_it() -> None:
    world = founded()
    coops = tuple(world.state.coops.values())
    assert register_as_of(coops, later(START, -SECOND)) == ()
    assert len(register_as_of(coops, START)) == 4
    steward = world.mandate()
    new = Admit(name="Coop Nueva", country="UY", category="full", cooperators=3, steward=steward)
    admitted = by_three(world, new)
    coops = tuple(world.state.coops.values())
    assert [len(register_as_of(coops, at)) for at in (later(admitted, -SECOND), admitted)] == [4, 5]


def test_a_coop_that_comes_back_keeps_its_past_and_the_numbers_that_counted() -> None:
    world = founded()
    before = coop(world, world.now)
    world.wait(DAY)
    leave(world, 4)
    left = world.now
    world.wait(DAY)
    again = Admit(
        name="Coop Nueva", country="UY", category="full", cooperators=3, steward=world.mandate(), coop=C4
    )  # fmt: skip
    back = by_three(world, again)
    assert [coop(world, at).status for at in (later(left, -SECOND), left, later(back, -SECOND), back)] == [
        "member",
        "former",
        "former",
        "member",
    ]
    assert (coop(world, left).name, coop(world, back).name) == (before.name, "Coop Nueva")
    assert [counted(coop(world, at), COOPERATORS, at) for at in (left, back)] == [8, 3]


def test_a_number_whose_contest_was_withdrawn_late_counted_only_from_then() -> None:
    world = founded()
    world.ask(ask.DeclareNumber(fact=COOPERATORS, number=Fraction(50)), world.stewards[C1])
    world.ask(ask.ContestNumber(coop=C1, fact=COOPERATORS), world.c(2))
    world.wait(90 * DAY)
    world.ask(ask.WithdrawContest(coop=C1, fact=COOPERATORS), world.c(2))
    withdrawn = world.now
    world.wait(DAY)
    instants = (later(withdrawn, -DAY), later(withdrawn, -SECOND), withdrawn)
    assert [counted(coop(world, at, C1), COOPERATORS, at) for at in instants] == [5, 5, 50]


def test_numbers_that_wait_or_are_contested_are_not_among_those_of_an_instant() -> None:
    world = founded()
    founding = coop(world, world.now, C1).facts
    world.ask(ask.DeclareNumber(fact=COOPERATORS, number=Fraction(50)), world.stewards[C1])
    world.ask(ask.DeclareNumber(fact="dues", number=Fraction(3)), world.stewards[C1])
    for fact in (COOPERATORS, "dues"):
        assert coop(world, world.now, C1).facts == founding
        world.ask(ask.ContestNumber(coop=C1, fact=fact), world.c(2))
    world.wait(90 * DAY)
    assert coop(world, world.now, C1).facts == founding


def test_of_two_changes_at_one_instant_the_last_holds_and_both_are_kept() -> None:
    world = founded()
    services(world, C4, "Hosting")
    services(world, C4, "Teaching")
    found = coop(world, world.now)
    assert [one.services for one in (*found.earlier, found)] == [(), ("Hosting",), ("Teaching",)]


def test_the_past_is_kept_without_a_past_and_numbers_of_its_own() -> None:
    world = founded()
    for offered in ("Hosting", "Teaching", "Design"):
        services(world, C4, offered)
    assert [(one.earlier, one.facts) for one in world.state.coops.get(C4).earlier] == [((), {})] * 3


def readmitted(world: Founded, name: str, number: int) -> None:
    steward = world.mandate()
    again = Admit(name=name, country="UY", category="full", cooperators=number, steward=steward, coop=C4)
    by_three(world, again)
    world.stewards[C4] = steward


WAITS = (NOW, MINUTE, DAY, 20 * DAY, 40 * DAY)
NAMES = ("Coop Aaa", "Coop Bbb", "Coop Ccc")
FACTS = (COOPERATORS, "dues")
Move = Callable[[Founded, int], Any]
MOVES: tuple[Move, ...] = (
    lambda world, n: world.wait(WAITS[n % 5]),
    lambda world, n: world.wait(WAITS[n % 5]),
    lambda world, n: world.ask(ask.DeclareNumber(fact=FACTS[n % 2], number=Fraction(n)), world.stewards[C4]),
    lambda world, n: world.ask(ask.ContestNumber(coop=C4, fact=FACTS[n % 2]), world.c(2)),
    lambda world, n: world.ask(ask.WithdrawContest(coop=C4, fact=FACTS[n % 2]), world.c(2)),
    lambda world, n: services(world, C4, *NAMES[: n % 3]),
    lambda world, n: standing(world, 4, good=bool(n % 2)),
    lambda world, n: leave(world, 4),
    lambda world, n: by_three(world, CorrectNumber(coop=C4, fact=FACTS[n % 2], number=Fraction(n))),
    lambda world, n: by_three(world, CorrectName(coop=C4, name=NAMES[n % 3])),
    lambda world, n: by_three(world, CorrectCountry(coop=C4, country=("UY", "ES")[n % 2])),
    lambda world, n: by_three(world, Recategorise(coop=C4, category=("associate", "full")[n % 2])),
    lambda world, n: by_three(world, (Suspend, Reinstate, Expel)[n % 3](coop=C4)),
    lambda world, n: readmitted(world, NAMES[n % 3], n),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(MOVES), st.integers(1, 30)), max_size=40))
def test_the_register_of_an_earlier_instant_is_that_of_the_log_up_to_then(moves: list[tuple[Move, int]]) -> None:
    world = founded()
    for move, number in moves:
        with contextlib.suppress(Refusal):
            move(world, number)
    check_remembered(world.records, world.state)


@pytest.mark.parametrize("number", range(len(MOVES)))
def test_every_move_of_the_histories_can_be_made(number: int) -> None:
    """Else the law would be tested on histories in which nothing happens."""
    world, move = founded(), MOVES[number]
    before = len(world.records)
    if number in (3, 4):
        MOVES[2](world, 6)
    if number == 4:
        MOVES[3](world, 6)
    if number == len(MOVES) - 1:
        leave(world, 4)
    move(world, 6)
    assert number < 2 or len(world.records) > before
