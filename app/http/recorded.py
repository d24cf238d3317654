"""The answer to everything that was recorded."""

import msgspec

from app.ledger.asking import Answer


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """It stands in the log, durably.

    `seq` is its position, `entry` its exact bytes there as text, `receipt` the proof that it does (c2sp.org/tlog-proof): keep it.
    """

    seq: int
    entry: str
    receipt: str


def recorded(answer: Answer) -> Recorded:
    """What the ledger answered, as it is sent."""
    return Recorded(seq=answer.seq, entry=answer.record.decode(), receipt=answer.receipt.decode())
