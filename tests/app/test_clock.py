from datetime import UTC, datetime, timedelta

from app.clock import now
from governance.instants import moment


def test_the_clock_says_the_time_in_utc_as_the_log_writes_it() -> None:
    assert abs(moment(now()) - datetime.now(UTC)) < timedelta(seconds=5)
