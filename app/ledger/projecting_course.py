"""Projections of a proposal's course: what it needs, what comes next, and which matters it belongs to."""

from operator import itemgetter
from typing import Final

import msgspec

from app.store.changes import Cell, Change, Delete, Put
from app.store.tables import ProposalCourse, ProposalMatter
from governance.canonical import encode
from governance.exact import exact_text
from governance.ids import ProposalId
from governance.matter import fallbacks, matters_of
from governance.proposal import Proposal
from governance.state import State, Step, StepKind

_STEPS: Final[tuple[StepKind, ...]] = ("lapse", "enact", "open_poll", "review")


def course_rows(state: State, proposal: ProposalId) -> list[Change]:
    """What a proposal needs and what comes next, as it is after a record."""
    found = _get(state, proposal)
    step = _next(state, found)
    row: dict[str, Cell] = {
        "proposal": found.id,
        "sponsors": found.needs.sponsors,
        "seconders": found.needs.seconders,
        "requisition": None if found.needs.requisition is None else exact_text(found.needs.requisition),
        "notice": msgspec.to_builtins(found.needs.notice),
        "support_until": found.support_until,
        "demanded_by": encode(found.demanded_by).decode(),
        "challengers": encode(found.challengers).decode(),
        "heads": found.heads,
        "confirmed": int(found.confirmed),
        "voided": int(found.voided),
        "step": None if step is None else step.kind,
        "due": None if step is None else step.due,
    }
    return [Put(table=ProposalCourse, row=row)]


def matter_rows(state: State, proposal: ProposalId) -> list[Change]:
    """The matters of a proposal's effect, with those above them, in place of what its effect was before."""
    matters = {wider for matter in matters_of(_get(state, proposal).effect) for wider in fallbacks(matter)}
    return [
        Delete(table=ProposalMatter, where={"proposal": proposal}),
        *(
            Put(table=ProposalMatter, row={"id": f"{proposal}/{matter}", "proposal": proposal, "matter": matter})
            for matter in sorted(matters)
        ),
    ]


def _next(state: State, proposal: Proposal) -> Step | None:
    """What falls due first, the votes on the proposal and its amendments included."""
    subjects: list[tuple[StepKind, str]] = [(kind, proposal.id) for kind in _STEPS]
    subjects += [("open_amendment_poll", amendment.id) for amendment in proposal.amendments]
    subjects += [("close_poll", f"{proposal.id}.v{number}") for number in range(1, proposal.polls + 1)]
    planned = [found for subject in subjects if (found := state.schedule.get(subject)) is not None]
    return min(planned, key=itemgetter(0, 1, 2))[3] if planned else None


def _get(state: State, proposal: ProposalId) -> Proposal:
    found = state.proposals.get(proposal)
    if found is None:
        raise KeyError(proposal)
    return found
