"""What time it is for an append, and whether the clocks that say so can be believed (decision 8)."""

from datetime import timedelta
from typing import Final

from app.clock import Clock
from app.clock import now as host
from app.ledger.errors import ClockBehind, ClockDiffers
from app.store.writing import Writer
from governance.instants import Instant, later

_TOLERANCE: Final = timedelta(seconds=2)
"""How far a clock may be behind the log's last entry, or from another clock."""


class Timing:
    """Tells the instant of a batch.

    Where the database has a clock of its own, that is the one, so that several hosts agree; the host's stands beside it as a
    second opinion: if one of them jumped, nothing is recorded, because an instant in the log can never be taken back. A clock
    that a test brings is the only one.
    """

    def __init__(self, clock: Clock, writer: Writer) -> None:
        """Take the process's clock and the ledger's writer."""
        self._clock = clock
        self._writer = writer

    async def now(self, last: Instant) -> Instant:
        """The instant of a batch, read under the lock: that of the `last` entry where the clock is a little behind it.

        Raises:
            ClockDiffers: the host's clock and the database's are too far apart.
            ClockBehind: time would run backwards.
        """
        at = await self._read()
        if last and later(at, _TOLERANCE) < last:
            raise ClockBehind(f"The clock says {at}, and the log's last entry is of {last}. Set the clock.")
        return max(at, last)

    async def _read(self) -> Instant:
        before = self._clock()
        told = await self._writer.now() if self._clock is host else None
        if told is None:
            return before
        # However long the answer took, it was given between these two readings.
        if later(told, _TOLERANCE) < before or later(self._clock(), _TOLERANCE) < told:
            raise ClockDiffers(
                f"This host's clock says {before}, and the database's {told}. Set the one that is wrong; both should follow the "
                "network's time."
            )
        return told
