from datetime import timedelta
from typing import Any

import pytest

from governance.canonical import decoder_for, encode
from governance.instants import Instant
from governance.provisions import Provisions, check_provisions, counts_from, reading_of
from tests.governance.acting import refused

DAY = timedelta(days=1)


def at(text: str) -> Instant:
    return Instant(f"{text}.000000Z" if "." not in text else f"{text}Z")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"categories": ("full", "associate-member", "a" * 40)},
        {"census": ("01-01", "02-28", "12-28")},
        {"contest_window": timedelta(minutes=1), "support_within": DAY + timedelta(minutes=1)},
        {"contest_window": timedelta(), "support_within": DAY, "restoration_notice": DAY},
        {"contest_window": 400 * DAY, "support_within": 400 * DAY, "restoration_notice": 400 * DAY},
    ],
)
def test_provisions_that_work_are_fine(changes: dict[str, Any]) -> None:
    check_provisions(Provisions(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"categories": ()},
        {"categories": ("full", "full")},
        {"categories": ("Full",)},
        {"categories": ("full\n",)},
        {"categories": ("a" * 41,)},
        {"census": ("02-29",)},
        {"census": ("13-01",)},
        {"census": ("7-1",)},
        {"census": ("07-01\n",)},
        {"census": ("07-01", "01-01")},
        {"census": ("07-01", "07-01")},
        {"contest_window": -DAY},
        {"contest_window": 400 * DAY + timedelta(minutes=1)},
        {"contest_window": timedelta(seconds=1)},
        {"support_within": DAY - timedelta(minutes=1)},
        {"restoration_notice": DAY - timedelta(minutes=1)},
    ],
)
def test_provisions_under_which_something_could_never_happen_are_refused(changes: dict[str, Any]) -> None:
    with refused("provisions_invalid"):
        check_provisions(Provisions(**changes))


@pytest.mark.parametrize(
    ("declared", "counts"),
    [
        ("2026-06-01T00:00:00", "2026-07-01T00:00:00"),
        ("2026-06-01T00:00:00.000001", "2027-01-01T00:00:00"),
        ("2026-12-02T00:00:00", "2027-01-01T00:00:00"),
        ("2026-12-02T00:00:00.000001", "2027-07-01T00:00:00"),
        ("2026-12-31T23:59:59.999999", "2027-07-01T00:00:00"),
    ],
)
def test_a_number_counts_from_the_first_census_that_its_contest_window_leaves_open(declared: str, counts: str) -> None:
    twice = Provisions(census=("01-01", "07-01"))
    assert counts_from(twice, at(declared)) == at(counts)


@pytest.mark.parametrize(
    ("declared", "counts"), [("2027-01-30", "2027-03-01"), ("2027-01-31", "2028-03-01"), ("2028-01-31", "2028-03-01")]
)
def test_the_window_counts_days_so_a_leap_day_is_one_of_them(declared: str, counts: str) -> None:
    spring = Provisions(census=("03-01",))
    assert counts_from(spring, at(f"{declared}T00:00:00")) == at(f"{counts}T00:00:00")


def test_without_census_a_number_counts_when_its_window_has_closed() -> None:
    assert counts_from(Provisions(), at("2026-03-01T12:00:00.000001")) == at("2026-03-31T12:00:00.000001")
    assert counts_from(Provisions(contest_window=timedelta()), at("2026-03-01T12:00:00")) == at("2026-03-01T12:00:00")


def test_a_window_longer_than_a_year_leaves_out_a_census() -> None:
    long = Provisions(census=("03-01",), contest_window=400 * DAY)
    assert counts_from(long, at("2026-03-01T00:00:00")) == at("2028-03-01T00:00:00")


def test_members_read_the_log_where_nothing_is_said_and_then_nothing_is_written() -> None:
    assert reading_of(Provisions()) == "members"
    assert b"reading" not in encode(Provisions())


@pytest.mark.parametrize("reading", ["everyone", "members", "auditors"])
def test_who_may_read_the_log_is_one_of_the_provisions(reading: Any) -> None:
    provisions = Provisions(reading=reading)
    assert reading_of(provisions) == reading
    assert decoder_for(Provisions)(encode(provisions)) == provisions
