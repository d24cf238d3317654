"""Ballot statement v1: what a coop says when it votes. It is recorded from the first day, and devices will sign its bytes."""

from typing import Final

from governance.canonical import encode
from governance.counting.tally import Choice
from governance.ids import CoopId, HashText, PollId, TextHash
from governance.value import Value

_DOMAIN: Final = b"rochdale/ballot/v1\n"


class BallotStatement(Value, kw_only=True):
    """One coop's vote in one poll.

    `text` is the hash of the text voted on, `rule` the rules the poll was opened under, `reason` the commitment to a reason
    whose text stands beside the log, `replaces` the log position of the coop's ballot in force, or None for its first one: so
    nobody can replay or reorder ballots, and no stale page casts for something else than it showed.
    """

    choice: Choice
    coop: CoopId
    origin: str
    poll: PollId
    reason: HashText | None = None
    replaces: int | None = None
    rule: str
    text: TextHash


def statement_bytes(statement: BallotStatement) -> bytes:
    """The bytes that a device signs: a domain line and the statement's canonical JSON."""
    return _DOMAIN + encode(statement)
