from fractions import Fraction
from typing import Any

import pytest

from governance.ids import CoopId
from governance.instants import Instant
from governance.register import (
    Coop,
    Declaration,
    check_country,
    check_fact_name,
    check_number,
    check_services,
    counted,
    pending,
)
from tests.governance.acting import refused

T = tuple(Instant(f"2026-03-{day:02}T00:00:00.000000Z") for day in range(1, 6))


def coop(*declared: Declaration) -> Coop:
    facts = {"dues": declared} if declared else {}
    return Coop(
        id=CoopId("c1"),
        seq=0,
        at=T[0],
        name="A",
        country="AR",
        category="full",
        status="member",
        since=T[0],
        member_since=T[0],
        facts=facts,
    )


def number(value: int, counts: Instant, **changes: Any) -> Declaration:
    return Declaration(number=Fraction(value), at=T[0], counts_from=counts, **changes)


def test_a_number_counts_from_its_very_instant() -> None:
    one = coop(number(3, T[1]))
    assert counted(one, "dues", Instant("2026-03-01T23:59:59.999999Z")) is None
    assert counted(one, "dues", T[1]) == 3
    assert counted(one, "other", T[1]) is None


def test_until_a_new_number_counts_the_earlier_one_does() -> None:
    one = coop(number(3, T[1]), number(5, T[3]))
    assert [counted(one, "dues", at) for at in T] == [None, 3, 3, 5, 5]


def test_a_contested_number_never_counts_and_the_earlier_one_stands() -> None:
    one = coop(number(3, T[1]), number(5, T[3], contested_by=CoopId("c2")))
    assert [counted(one, "dues", at) for at in T] == [None, 3, 3, 3, 3]


def test_what_waits_is_the_last_number_that_does_not_count_yet_or_is_contested() -> None:
    waiting, contested = number(5, T[3]), number(5, T[3], contested_by=CoopId("c2"))
    assert pending(coop(), "dues", T[0]) is None
    assert pending(coop(waiting), "dues", T[2]) == waiting
    assert pending(coop(waiting), "dues", T[3]) is None
    assert pending(coop(contested), "dues", T[4]) == contested


@pytest.mark.parametrize("value", [1, 10_000_000])
def test_a_coop_has_a_whole_number_of_cooperators(value: int) -> None:
    check_number("cooperators", Fraction(value))


@pytest.mark.parametrize("value", [0, -1, 10_000_001, Fraction(1, 2)])
def test_a_number_of_cooperators_that_cannot_be_is_refused(value: Fraction) -> None:
    with refused("fact_invalid"):
        check_number("cooperators", Fraction(value))


@pytest.mark.parametrize("value", [0, 10**15, Fraction(1, 10**6), Fraction(123_456, 100), Fraction(1, 64)])
def test_another_number_is_a_decimal(value: Fraction) -> None:
    check_number("dues", Fraction(value))


@pytest.mark.parametrize(
    "value", [-1, Fraction(-1, 2), 10**15 + 1, Fraction(1, 3), Fraction(1, 10**7), Fraction(1, 999_983)]
)
def test_a_negative_huge_or_endless_number_is_refused(value: Fraction) -> None:
    with refused("fact_invalid"):
        check_number("dues", Fraction(value))


@pytest.mark.parametrize("name", ["", "Dues", "dues paid", "dues\n", "a" * 41])
def test_a_number_is_named_by_a_slug(name: str) -> None:
    with refused("fact_invalid"):
        check_fact_name(name)
    check_fact_name("dues-paid-2026" + "a" * 26)


@pytest.mark.parametrize("country", ["", "A", "ARG", "ar", "A1", "ÄR", "AR\n", "ＡＲ"])
def test_a_country_is_two_capital_letters(country: str) -> None:
    with refused("fact_invalid"):
        check_country(country)
    check_country("AR")


@pytest.mark.parametrize("services", [("",), ("a", "a"), ("a" * 81,), ("a\nb",), tuple(map(str, range(101)))])
def test_services_that_a_directory_could_not_show_are_refused(services: tuple[str, ...]) -> None:
    with refused("fact_invalid"):
        check_services(services)
    check_services(("a" * 80, "Web sites", *map(str, range(98))))
