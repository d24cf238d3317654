"""Instants and days as people ask for them."""

from datetime import datetime, timedelta
from typing import Final

from governance.instants import Day, Instant, NotAnInstant, instant, later, start_of

_DAY: Final = len("2026-11-21")


def asked_instant(text: str) -> Instant:
    """The instant that is meant: RFC 3339 with an offset, or a day, which stands for its last instant in UTC.

    Raises:
        NotAnInstant: it is neither, or there is no such day or hour.
    """
    if len(text) == _DAY:
        return later(start_of(Day(text)), timedelta(days=1, microseconds=-1))
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return instant(moment)
    except (ValueError, OverflowError):
        pass
    raise NotAnInstant(
        f"{text[:40]!r} is neither a day such as 2026-11-21 nor an instant such as 2026-11-21T23:47:57Z."
    )
