"""Projections that only reading needs: what happened when, what is said, and what lists are searched by."""

from piccolo.columns import BigInt, Text
from piccolo.table import Table


class CharterVersion(Table, tablename="charter_version"):
    """A version of the charter, in force from `since`, by the entry `seq`; `proposal` changed it, or none: the founding."""

    version = BigInt(primary_key=True)
    since = Text(index=True)
    seq = BigInt()
    proposal = Text(null=True, default=None)


class ProvisionsVersion(Table, tablename="provisions_version"):
    """A version of the general provisions, in force from `since`; `provisions` is their canonical JSON."""

    version = BigInt(primary_key=True)
    since = Text(index=True)
    seq = BigInt()
    proposal = Text(null=True, default=None)
    provisions = Text()


class CoopName(Table, tablename="coop_name"):
    """A coop's name as it is searched and sorted by: without accents and capitals. `id` is of the row in `coop_change`."""

    id = Text(primary_key=True)
    folded = Text(index=True)


class CoopService(Table, tablename="coop_service"):
    """A service that a coop offers. `change` is the row in `coop_change` that says so."""

    id = Text(primary_key=True)
    change = Text(index=True)
    service = Text(index=True)


class Restoration(Table, tablename="restoration"):
    """A steward being restored to a coop. `attested` is JSON: whom each coop attests; at `due` the steward has it."""

    coop = Text(primary_key=True)
    attested = Text()
    steward = Text(null=True, default=None)
    due = Text(null=True, default=None)


class ProposalCourse(Table, tablename="proposal_course"):
    """What a proposal needs and what comes next: `step` at `due`, the closing of its open votes included.

    `requisition` is exact text, `notice` an ISO 8601 duration, `demanded_by` and `challengers` are JSON, `heads` is how many
    coops were entitled in its last vote; `confirmed` and `voided` are 0 or 1.
    """

    proposal = Text(primary_key=True)
    sponsors = BigInt()
    seconders = BigInt()
    requisition = Text(null=True, default=None)
    notice = Text()
    support_until = Text()
    demanded_by = Text()
    challengers = Text()
    heads = BigInt()
    confirmed = BigInt()
    voided = BigInt()
    step = Text(null=True, default=None)
    due = Text(null=True, default=None, index=True)


class ProposalMatter(Table, tablename="proposal_matter"):
    """A matter that a proposal is about, or a wider one that this one belongs to."""

    id = Text(primary_key=True)
    proposal = Text(index=True)
    matter = Text(index=True)


class ProposalEvent(Table, tablename="proposal_event"):
    """Something that happened to a proposal, by the entry `seq`. Comments and ballots have tables of their own.

    `detail` says more in a word: a role, a status, a reason, a result. `text` is the hash of what was written.
    """

    seq = BigInt(primary_key=True)
    proposal = Text(index=True)
    type = Text()
    at = Text()
    actor = Text()
    coop = Text(null=True, default=None)
    office = Text(null=True, default=None)
    poll = Text(null=True, default=None, index=True)
    amendment = Text(null=True, default=None)
    text = Text(null=True, default=None)
    detail = Text(null=True, default=None)
    closes = Text(null=True, default=None)
    due = Text(null=True, default=None)


class Comment(Table, tablename="comment"):
    """A comment on a proposal, or a reply to the comment at `reply_to`."""

    seq = BigInt(primary_key=True)
    proposal = Text(index=True)
    coop = Text()
    actor = Text()
    text = Text()
    reply_to = BigInt(null=True, default=None)
    at = Text()


class Redaction(Table, tablename="redaction"):
    """That an office had a text erased, and why."""

    text = Text(primary_key=True)
    seq = BigInt()
    office = Text()
    reason = Text()
    at = Text()
