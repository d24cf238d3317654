"""Instants and days as the log writes them: fixed-width text, so that the order of the texts is the order of time."""

from datetime import UTC, datetime, timedelta
from typing import Final, NewType

from governance.errors import FormatError

Instant = NewType("Instant", str)
"""RFC 3339 in UTC with six digits, such as `2026-11-21T23:47:57.123456Z`."""
Day = NewType("Day", str)
"""RFC 3339 full-date, such as `2026-11-21`."""

_LENGTH: Final = len("2026-11-21T23:47:57.123456Z")
_SEPARATORS: Final = "--T::."
"""Every third character from the fifth on."""
_MIDNIGHT: Final = "24"


class NotAnInstant(FormatError):
    """This is not an instant as the log writes it."""

    code = "instant_invalid"


def instant(moment: datetime) -> Instant:
    """The log's text for an aware datetime."""
    # Not `strftime`: whether it writes the year 999 with four digits depends on the platform.
    return Instant(moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z")


def moment(text: Instant) -> datetime:
    """The datetime, in UTC, of the log's text.

    Raises:
        NotAnInstant: any other spelling, or a day or hour that does not exist.
    """
    # With the separators in these places only digits are left for `fromisoformat` to accept, and it refuses days and hours that
    # do not exist. Python's versions differ on 24:00 alone.
    if len(text) == _LENGTH and text[4:20:3] == _SEPARATORS and text[26] == "Z" and text[11:13] != _MIDNIGHT:
        try:
            return datetime.fromisoformat(text)
        except ValueError as error:
            raise NotAnInstant(f"{text!r} names a day or hour that does not exist.") from error
    raise NotAnInstant(f"{text[:40]!r} is not an instant such as 2026-11-21T23:47:57.123456Z.")


def later(text: Instant, by: timedelta) -> Instant:
    """The instant `by` after another. Days are 24 hours: in UTC there are no others.

    Raises:
        NotAnInstant: it would be after the year 9999.
    """
    try:
        return instant(moment(text) + by)
    except OverflowError:
        raise NotAnInstant(f"What comes {by} after {text} is beyond the year 9999.") from None


def day_of(text: Instant) -> Day:
    """The day, in UTC, on which an instant falls."""
    return Day(text[:10])


def start_of(day: Day) -> Instant:
    """The first instant of a day, in UTC.

    Raises:
        NotAnInstant: the day does not exist.
    """
    try:
        return instant(moment(Instant(f"{day}T00:00:00.000000Z")))
    except NotAnInstant:
        raise NotAnInstant(f"{day[:40]!r} is not a day such as 2026-11-21.") from None
