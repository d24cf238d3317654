"""The only place that reads the time. Everything else takes a clock, so that tests and replays can bring their own."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from governance.instants import Instant, instant

Clock = Callable[[], Instant]
"""Says what time it is, in UTC with six digits."""


def now() -> Instant:
    """The host's clock."""
    return instant(datetime.now(UTC))


def ticks() -> float:
    """Seconds since some instant, for durations only."""
    return time.perf_counter()
