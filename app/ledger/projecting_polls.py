"""Projections of votes and ballots."""

from app.ledger.projecting_course import course_rows, matter_rows
from app.ledger.projecting_proposals import proposal_rows
from app.store.changes import Cell, Change, Patch, Put
from app.store.tables import Ballot, Poll
from governance.canonical import encode
from governance.facts import polls as fact
from governance.ids import ProposalId
from governance.records import Record
from governance.state import State


def poll_opened(state: State, body: fact.PollOpened, record: Record) -> list[Change]:
    """A vote is open."""
    row: dict[str, Cell] = {
        "id": body.poll,
        "proposal": body.proposal,
        "purpose": body.purpose,
        "amendment": body.amendment,
        "call": body.call,
        "text": body.text,
        "rule": body.rule,
        "rolls": encode(body.rolls).decode(),
        "heads": max(roll.heads for roll in body.rolls),
        "opened": record.at,
        "closes": body.closes,
        "extended": 0,
        "status": "open",
        "counts": None,
        "changed": None,
        "closed": None,
    }
    return [Put(table=Poll, row=row), *proposal_rows(state, body.proposal, record)]


def ballot_cast(state: State, body: fact.BallotCast, record: Record) -> list[Change]:
    """A ballot is in force, and the one that it replaces is not."""
    del state
    row: dict[str, Cell] = {
        "seq": record.seq,
        "poll": body.poll,
        "coop": body.coop,
        "choice": body.choice,
        "reason": body.reason,
        "replaces": body.replaces,
        "replaced_by": None,
        "actor": record.actor,
        "at": record.at,
    }
    put = Put(table=Ballot, row=row)
    if body.replaces is None:
        return [put]
    return [Patch(table=Ballot, where={"seq": body.replaces}, values={"replaced_by": record.seq}), put]


def poll_extended(state: State, body: fact.PollExtended, record: Record) -> list[Change]:
    """A vote closes later."""
    del record
    later = _poll(body.poll, {"closes": body.closes, "extended": 1})
    return [later, *course_rows(state, ProposalId(body.poll.partition(".")[0]))]


def poll_closed(state: State, body: fact.PollClosed, record: Record) -> list[Change]:
    """A vote is over, with its counts, and its proposal has moved on."""
    values: dict[str, Cell] = {
        "status": body.status,
        "counts": encode(body.counts).decode(),
        "changed": encode(body.changed).decode(),
        "closed": record.at,
    }
    # A vote on an amendment that carries gives its proposal another effect.
    return [
        _poll(body.poll, values),
        *proposal_rows(state, body.proposal, record),
        *matter_rows(state, body.proposal),
    ]


def poll_voided(state: State, body: fact.PollVoided, record: Record) -> list[Change]:
    """A vote is void."""
    return [
        _poll(body.poll, {"status": "voided", "closed": record.at}),
        *proposal_rows(state, body.proposal, record),
    ]


def _poll(poll: str, values: dict[str, Cell]) -> Patch:
    return Patch(table=Poll, where={"id": poll}, values=values)
