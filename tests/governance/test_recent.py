from datetime import timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from governance.counting.weighting import Weighting
from governance.electorate import ElectorateEmpty, take_roll
from governance.ids import CoopId
from governance.instants import Instant
from governance.recent import _MOST, RecentRolls
from governance.register import Coop, Declaration
from governance.rule import Entitled, Rule
from tests.governance.world import rule

T = tuple(Instant(f"2026-03-{day:02}T00:00:00.000000Z") for day in range(1, 11))
RULES = (
    rule("resolution"),
    rule("charter", weighting=Weighting(kind="linear", fact="dues")),
    rule("rules", entitled=Entitled(categories=("full", "associate"), member_for=timedelta(days=3))),
    rule("admission", entitled=Entitled(good_standing=False)),
)


def coop(number: int) -> Coop:
    dues = (Declaration(number=Fraction(number), at=T[0], counts_from=T[number]),)
    return Coop(
        id=CoopId(f"c{number}"),
        seq=0,
        at=T[0],
        name=f"Coop {number}",
        country="AR",
        category="full",
        status="member",
        since=T[0],
        member_since=T[0],
        facts={"dues": dues},
    )


CHANGES: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["member", "suspended", "former"]),
        "category": st.sampled_from(["full", "associate"]),
        "good_standing": st.booleans(),
        "country": st.sampled_from(["AR", "UY"]),
        "member_since": st.sampled_from(T),
        "facts": st.lists(
            st.builds(
                Declaration,
                number=st.integers(0, 9).map(Fraction),
                at=st.just(T[0]),
                counts_from=st.sampled_from(T),
                contested_by=st.none() | st.just(CoopId("c1")),
            ),
            max_size=3,
        ).map(lambda declared: {"dues": tuple(declared)}),
    },
)
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.integers(1, 3), CHANGES),
        st.tuples(st.sampled_from(RULES), st.sampled_from(T), st.sampled_from([None, "c1", "c2"])),
    ),
    max_size=30,
)


def taken(take: Any, *asked: Any) -> Any:
    try:
        roll = take(*asked)
    except ElectorateEmpty as empty:
        return empty.code
    return roll.entries, roll.voters, roll.blob, roll.hash


@given(EVENTS)
def test_what_is_remembered_is_exactly_what_would_be_taken_anew(events: list[Any]) -> None:
    coops = {number: coop(number) for number in (1, 2, 3)}
    recent = RecentRolls()
    for event in events:
        if isinstance(event[0], int):
            coops[event[0]] = replace(coops[event[0]], **event[1])
        else:
            asked = (tuple(coops.values()), *event)
            assert taken(recent.take, *asked) == taken(take_roll, *asked)


@given(st.lists(st.tuples(st.sampled_from(RULES[1:3]), st.sampled_from(T)), min_size=2, max_size=6))
def test_a_roll_is_remembered_for_no_longer_and_no_earlier_than_it_holds(asked: list[tuple[Rule, Instant]]) -> None:
    coops = (coop(1), replace(coop(2), member_since=T[3]), coop(4))
    recent = RecentRolls()
    for one, at in asked:
        assert taken(recent.take, coops, one, at, None) == taken(take_roll, coops, one, at, None)


def test_an_unchanged_register_gives_the_very_same_roll() -> None:
    recent, coops = RecentRolls(), (coop(1), coop(2))
    first = recent.take(coops, RULES[0], T[4], None)
    for at in (T[4], T[5]):
        assert recent.take(coops, RULES[0], at, None) is first
    assert recent.take(coops, RULES[3], T[5], None) is first, "two rules with the same roll share it"
    assert recent.take(coops, RULES[0], T[5], CoopId("c1")) is not first


def test_an_equal_rule_that_is_another_one_is_not_taken_for_it() -> None:
    recent, coops = RecentRolls(), (coop(1), coop(2))
    strict: Rule = replace(RULES[0], entitled=Entitled(categories=("associate",)))
    recent.take(coops, RULES[0], T[4], None)
    assert taken(recent.take, coops, strict, T[4], None) == "electorate_empty"


def test_the_rolls_used_last_are_remembered() -> None:
    recent = RecentRolls()
    coops = [(coop(1), replace(coop(2), country=f"A{chr(65 + number)}")) for number in range(_MOST + 1)]
    concerned = [CoopId(f"x{number}") for number in range(_MOST + 1)]
    rolls = [recent.take(coops[at], RULES[0], T[4], concerned[at]) for at in range(_MOST)]
    assert recent.take(coops[0], RULES[0], T[4], concerned[0]) is rolls[0]
    recent.take(coops[_MOST], RULES[0], T[4], concerned[_MOST])
    assert recent.take(coops[0], RULES[0], T[4], concerned[0]) is rolls[0], "it was used again, and so is kept"
    again = recent.take(coops[1], RULES[0], T[4], concerned[1])
    assert again is not rolls[1], "it was the one not used for longest"
    assert again.hash == rolls[1].hash
