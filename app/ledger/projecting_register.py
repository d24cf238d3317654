"""Projections of coops and mandates."""

from app.store.changes import Change, Put
from app.store.tables import Coop, CoopFact, Mandate
from governance.canonical import encode
from governance.exact import exact_text
from governance.facts.founding import CoopFounded
from governance.facts.register import MandateGiven, MandateRevoked, StewardRestored
from governance.ids import CoopId, MandateId
from governance.mandate import Mandate as GivenMandate
from governance.records import Record
from governance.state import State
from governance.value import Value


def coop_changed(state: State, body: CoopFounded | Value, record: Record) -> list[Change]:
    """A coop's row and its numbers."""
    return coop_rows(state, CoopId(str(body.coop)), record)  # type: ignore[union-attr]  # every fact listed with this has one


def coop_rows(state: State, coop: CoopId, record: Record) -> list[Change]:
    """A coop as it is after a record, with all its numbers."""
    found = state.coops.get(coop)
    if found is None:
        raise KeyError(coop)
    changes: list[Change] = [
        Put(
            table=Coop,
            row={
                "id": found.id,
                "number": int(found.id[1:]),
                "name": found.name,
                "country": found.country,
                "category": found.category,
                "status": found.status,
                "since": found.since,
                "member_since": found.member_since,
                "good_standing": int(found.good_standing),
                "services": encode(found.services).decode(),
                "seq": record.seq,
            },
        )
    ]
    for fact, declarations in found.facts.items():
        for position, declared in enumerate(declarations):
            row: dict[str, int | str | bytes | None] = {
                "id": f"{found.id}/{fact}/{position}",
                "coop": found.id,
                "fact": fact,
                "position": position,
                "number": exact_text(declared.number),
                "declared": declared.at,
                "counts_from": declared.counts_from,
                "contested_by": declared.contested_by,
            }
            changes.append(Put(table=CoopFact, row=row))
    return changes


def mandate_changed(state: State, body: MandateGiven | MandateRevoked, record: Record) -> list[Change]:
    """A mandate's row."""
    del record
    return mandate_rows(state, body.mandate)


def mandates_changed(state: State, body: StewardRestored, record: Record) -> list[Change]:
    """All mandates of a coop, those that ended among them."""
    del record
    return mandates_of(state, body.coop)


def mandates_of(state: State, coop: CoopId) -> list[Change]:
    """The rows of all mandates that a coop ever gave. The state lists only those that have not ended, so all are looked at."""
    return [Put(table=Mandate, row=_row(one)) for one in state.mandates.values() if one.coop == coop]


def mandate_rows(state: State, mandate: MandateId) -> list[Change]:
    """A mandate as it is after a record."""
    found = state.mandates.get(mandate)
    if found is None:
        raise KeyError(mandate)
    return [Put(table=Mandate, row=_row(found))]


def _row(mandate: GivenMandate) -> dict[str, int | str | bytes | None]:
    return {
        "id": mandate.id,
        "role": mandate.role,
        "coop": mandate.coop,
        "office": mandate.office,
        "starts": mandate.starts,
        "ends": mandate.ends,
    }
