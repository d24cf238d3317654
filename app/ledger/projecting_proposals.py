"""Projections of proposals, and of what their enactment changes."""

from operator import itemgetter
from typing import Final

from app.ledger.projecting_course import course_rows, matter_rows
from app.ledger.projecting_register import coop_rows, mandates_of, restoration_rows
from app.ledger.projecting_rulebook import charter_rows, federation_rows, office_rows, provisions_rows, rule_rows
from app.store.changes import Cell, Change, Patch, Put
from app.store.tables import Poll, Proposal, Resolution
from governance.canonical import encode
from governance.effect import ChangeRules, Resolve, SetOffice, SetProvisions, concerned_by, kind_of
from governance.facts import proposals as fact
from governance.ids import ProposalId
from governance.instants import Instant
from governance.matter import matters_of
from governance.records import Record
from governance.state import State, StepKind
from governance.value import Value

_STEPS: Final[tuple[StepKind, ...]] = ("lapse", "enact", "open_poll", "review")


def proposal_changed(state: State, body: Value, record: Record) -> list[Change]:
    """A proposal's row."""
    return proposal_rows(state, ProposalId(str(body.proposal)), record)  # type: ignore[attr-defined]  # every fact listed with this has one


def effect_changed(state: State, body: fact.ProposalSubmitted | fact.AmendmentAccepted, record: Record) -> list[Change]:
    """A proposal's row, and the matters of the effect that it now has."""
    return [*proposal_rows(state, body.proposal, record), *matter_rows(state, body.proposal)]


def proposal_lifted(state: State, body: fact.ProposalLifted, record: Record) -> list[Change]:
    """A proposal's row, its open votes, which end without a result, and the matters that it now falls under."""
    return [*proposal_ended(state, body, record), *matter_rows(state, body.proposal)]


def proposal_ended(
    state: State, body: fact.ProposalWithdrawn | fact.ProposalLifted | fact.ProposalLapsed, record: Record
) -> list[Change]:
    """A proposal's row, and its open votes, which end without a result."""
    reason = body.reason if isinstance(body, fact.ProposalLapsed) else None
    return [
        *proposal_rows(state, body.proposal, record, reason),
        Patch(
            table=Poll,
            where={"proposal": body.proposal, "status": "open"},
            values={"status": "dropped", "closed": record.at},
        ),
    ]


def proposal_rows(state: State, proposal: ProposalId, record: Record, lapsed: str | None = None) -> list[Change]:
    """A proposal as it is after a record."""
    found = state.proposals.get(proposal)
    if found is None:
        raise KeyError(proposal)
    step, due = _next(state, proposal)
    row: dict[str, Cell] = {
        "id": found.id,
        "number": int(found.id[1:]),
        "kind": kind_of(found.effect),
        "matters": encode(matters_of(found.effect)).decode(),
        "stage": found.stage,
        "effect": encode(found.effect).decode(),
        "text": found.text,
        "language": found.language,
        "concerned": concerned_by(found.effect),
        "lead": found.lead,
        "office": found.office,
        "sponsors": encode(found.sponsors).decode(),
        "seconders": encode(found.seconders).decode(),
        "amendments": encode(found.amendments).decode(),
        "submitted": found.submitted,
        "notice_from": found.notice_from,
        "poll": found.poll,
        "purpose": found.purpose,
        "call": found.call,
        "next_step": step,
        "next_due": due,
        "enact_at": found.enact_at,
        "provisional_until": found.provisional_until,
        "lapse_reason": lapsed,
        "resolution": found.number,
        "seq": record.seq,
    }
    return [Put(table=Proposal, row=row), *course_rows(state, found.id)]


def _next(state: State, proposal: ProposalId) -> tuple[StepKind | None, Instant | None]:
    planned = [found for kind in _STEPS if (found := state.schedule.get((kind, proposal))) is not None]
    if not planned:
        return None, None
    step = min(planned, key=itemgetter(0, 1))[3]
    return step.kind, step.due


def proposal_enacted(state: State, body: fact.ProposalEnacted, record: Record) -> list[Change]:
    """A proposal's row, and everything that its taking effect changed."""
    return [*proposal_rows(state, body.proposal, record), *_result(state, body, record)]


def _result(state: State, body: fact.ProposalEnacted, record: Record) -> list[Change]:
    match body.result:
        case fact.ResolutionInForce(number=number):
            return _resolved(state, body.proposal, number, record)
        case fact.FoundingRatified():
            return federation_rows(state)
        case fact.CoopAdmitted(coop=coop):
            return [*coop_rows(state, coop, record), *mandates_of(state, coop)]
        case fact.RegisterChanged(coop=coop):
            return [*coop_rows(state, coop, record), *restoration_rows(state, coop)]
        case fact.CharterAmended():
            return charter_rows(state, body.proposal, record)
        case fact.RulesChanged(rules=rules):
            return _ruled(state, body.proposal, rules, record)


def _ruled(state: State, proposal: ProposalId, rules: tuple[fact.RuleVersion, ...], record: Record) -> list[Change]:
    changes = federation_rows(state)
    for changed in rules:
        changes += rule_rows(state, changed, record)
    enacted = state.proposals.get(proposal)
    if enacted is not None and isinstance(enacted.effect, ChangeRules):
        for change in enacted.effect.changes:
            if isinstance(change, SetOffice):
                changes += office_rows(state, change.office.id)
            elif isinstance(change, SetProvisions):
                changes += provisions_rows(state, proposal, record)
    return changes


def _resolved(state: State, proposal: ProposalId, number: int, record: Record) -> list[Change]:
    enacted = state.proposals.get(proposal)
    if enacted is None or not isinstance(enacted.effect, Resolve):
        raise KeyError(proposal)
    effect = enacted.effect
    row: dict[str, Cell] = {
        "number": number,
        "proposal": proposal,
        "since": record.at,
        "review": effect.review,
        "superseded_by": None,
    }
    changes: list[Change] = [Put(table=Resolution, row=row)]
    for other in effect.supersedes:
        changes += proposal_rows(state, other, record)
        superseded = Patch(
            table=Resolution, where={"proposal": other, "superseded_by": None}, values={"superseded_by": proposal}
        )
        changes.append(superseded)
    return changes
