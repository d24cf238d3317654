"""Projections of what is decided. Titles and texts are not known here: they stand beside the log, in blobs."""

from piccolo.columns import BigInt, Text
from piccolo.table import Table


class Proposal(Table, tablename="proposal"):
    """A proposal as it stands. `effect`, `sponsors`, `seconders` and `amendments` are JSON.

    `poll` is the open vote; `next_step` is what falls due next by itself, at `next_due`; `resolution` its number.
    """

    id = Text(primary_key=True)
    number = BigInt(index=True)
    kind = Text(index=True)
    matters = Text()
    stage = Text(index=True)
    effect = Text()
    text = Text()
    language = Text()
    concerned = Text(null=True, default=None, index=True)
    lead = Text(null=True, default=None, index=True)
    office = Text(null=True, default=None)
    sponsors = Text()
    seconders = Text()
    amendments = Text()
    submitted = Text()
    notice_from = Text(null=True, default=None)
    poll = Text(null=True, default=None)
    purpose = Text()
    call = BigInt()
    next_step = Text(null=True, default=None)
    next_due = Text(null=True, default=None)
    enact_at = Text(null=True, default=None)
    provisional_until = Text(null=True, default=None)
    lapse_reason = Text(null=True, default=None)
    resolution = BigInt(null=True, default=None)
    seq = BigInt(index=True)


class Poll(Table, tablename="poll"):
    """A vote. `status` is open, carried, rejected, no_quorum, tied, voided, or dropped with its proposal.

    `rolls`, `counts` and `changed` are JSON as the log has them; `heads` is how many coops are on the largest roll.
    """

    id = Text(primary_key=True)
    proposal = Text(index=True)
    purpose = Text()
    amendment = Text(null=True, default=None)
    call = BigInt()
    text = Text()
    rule = Text()
    rolls = Text()
    heads = BigInt()
    opened = Text(index=True)
    closes = Text(index=True)
    extended = BigInt()
    status = Text(index=True)
    counts = Text(null=True, default=None)
    changed = Text(null=True, default=None)
    closed = Text(null=True, default=None)


class Ballot(Table, tablename="ballot"):
    """A ballot at its position in the log. `replaced_by` is the position of the one that took its place."""

    seq = BigInt(primary_key=True)
    poll = Text(index=True)
    coop = Text(index=True)
    choice = Text()
    reason = Text(null=True, default=None)
    replaces = BigInt(null=True, default=None)
    replaced_by = BigInt(null=True, default=None)
    actor = Text()
    at = Text()


class Resolution(Table, tablename="resolution"):
    """A numbered resolution, in force from `since` until another supersedes it."""

    number = BigInt(primary_key=True)
    proposal = Text(index=True)
    since = Text()
    review = Text(null=True, default=None)
    superseded_by = Text(null=True, default=None)
