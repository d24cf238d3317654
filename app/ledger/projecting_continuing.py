"""The projection of a log that goes on after a loss."""

from app.ledger.projecting_proposals import proposal_rows
from app.ledger.projecting_register import restoration_rows
from app.ledger.projecting_rulebook import federation_rows
from app.store.changes import Cell, Change, Patch, Put
from app.store.tables import LogContinuation, Poll
from governance.facts.continuing import LogContinued
from governance.proposal import OPEN_STAGES
from governance.records import Record
from governance.state import State


def log_continued(state: State, body: LogContinued, record: Record) -> list[Change]:
    """The loss itself; every open vote is void, and everything else that is open has later deadlines."""
    del body
    told = state.continuations[-1]
    row: dict[str, Cell] = {
        "seq": told.seq,
        "at": told.at,
        "origin": told.origin,
        "key": told.key,
        "origin_before": told.origin_before,
        "key_before": told.key_before,
        "signed": told.signed,
    }
    changes: list[Change] = [
        Put(table=LogContinuation, row=row),
        *federation_rows(state),
        Patch(table=Poll, where={"status": "open"}, values={"status": "voided", "closed": record.at}),
    ]
    for proposal in state.proposals.values():
        if proposal.stage in OPEN_STAGES:
            changes += proposal_rows(state, proposal.id, record)
    for coop in [coop for coop, _ in state.restorations.items()]:
        changes += restoration_rows(state, coop)
    return changes
