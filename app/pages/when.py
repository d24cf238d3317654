"""Instants and numbers as people read them."""

from typing import Final

from governance.instants import Instant, moment

_MONTHS: Final = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905 - shorter so
)
_HOUR: Final = 3_600
_DAY: Final = 24 * _HOUR


def day_and_time(at: Instant) -> str:
    """An instant with its time zone: `24 November 2026, 10:00 UTC`."""
    then = moment(at)
    return f"{then.day} {_MONTHS[then.month - 1]} {then.year}, {then:%H:%M} UTC"


def left(until: Instant, now: Instant) -> str:
    """How long until an instant, roughly; never more than there is."""
    seconds = int((moment(until) - moment(now)).total_seconds())
    for size, one, many in ((_DAY, "day", "days"), (_HOUR, "hour", "hours"), (60, "minute", "minutes")):
        if seconds >= size:
            return f"{seconds // size} {one if seconds // size == 1 else many} left"
    return "closing now"


def grouped(number: int) -> str:
    """A number with thin spaces between its groups of three digits."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
