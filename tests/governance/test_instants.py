from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.instants import Day, Instant, NotAnInstant, day_of, instant, later, moment, start_of


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_is_read_back_from_its_text(when: datetime) -> None:
    assert moment(instant(when)) == when


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_the_order_of_the_texts_is_the_order_of_time(one: datetime, other: datetime) -> None:
    assert (instant(one) < instant(other)) == (one < other)


def test_an_instant_is_written_in_utc_with_four_digits_of_year_and_six_of_a_second() -> None:
    assert instant(datetime(2026, 7, 1, 2, tzinfo=timezone(timedelta(hours=2)))) == "2026-07-01T00:00:00.000000Z"
    assert instant(datetime(999, 1, 1, tzinfo=UTC)) == "0999-01-01T00:00:00.000000Z"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-21",
        "2026-11-21T23:47:57Z",
        "2026-11-21T23:47:57.123Z",
        "2026-11-21 23:47:57.123456Z",
        "2026-11-21T23:47:57.123456+00:00",
        "2026-11-21T23:47:57.123456Z\n",
        "٢026-11-21T23:47:57.123456Z",
        "2026-02-29T00:00:00.000000Z",
        "0000-01-01T00:00:00.000000Z",
        "2026-01-01T24:00:00.000000Z",
        "2026-01-01T23:60:00.000000Z",
        "2026-01-01T23:59:60.000000Z",
    ],
)
def test_every_other_spelling_and_what_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(NotAnInstant) as caught:
        moment(Instant(text))
    assert caught.value.code == "instant_invalid"


def test_days_are_24_hours_also_over_a_leap_day() -> None:
    assert later(Instant("2028-02-28T12:00:00.000001Z"), timedelta(days=1)) == "2028-02-29T12:00:00.000001Z"
    assert later(Instant("2027-02-28T12:00:00.000001Z"), timedelta(days=1)) == "2027-03-01T12:00:00.000001Z"


def test_what_would_come_after_the_year_9999_is_refused_and_is_no_crash() -> None:
    with pytest.raises(NotAnInstant, match="beyond the year 9999"):
        later(Instant("9999-12-31T23:59:59.999999Z"), timedelta(microseconds=1))


def test_a_day_starts_at_midnight_and_an_instant_falls_on_its_day() -> None:
    assert start_of(Day("2028-02-29")) == "2028-02-29T00:00:00.000000Z"
    assert day_of(Instant("2028-02-29T23:59:59.999999Z")) == "2028-02-29"


@pytest.mark.parametrize("day", ["2027-02-29", "20261121", "2026-W10-1", "2026-11-21T", "10000-01-01", ""])
def test_a_day_that_does_not_exist_or_is_spelled_otherwise_is_refused(day: str) -> None:
    with pytest.raises(NotAnInstant, match="is not a day"):
        start_of(Day(day))
