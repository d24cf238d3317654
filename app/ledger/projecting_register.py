"""Projections of coops and mandates."""

from app.store.changes import Cell, Change, Delete, Put
from app.store.searching import folded
from app.store.tables import Coop, CoopChange, CoopFact, CoopName, CoopService, Mandate, Restoration
from governance.canonical import encode
from governance.exact import exact_text
from governance.facts.founding import CoopFounded
from governance.facts.register import (
    CoopLeft,
    MandateGiven,
    MandateRevoked,
    RestorationAttested,
    RestorationObjected,
    StewardRestored,
)
from governance.ids import CoopId, MandateId
from governance.mandate import Mandate as GivenMandate
from governance.records import Record
from governance.register import Coop as Registered
from governance.state import State
from governance.value import Value


def coop_changed(state: State, body: CoopFounded | Value, record: Record) -> list[Change]:
    """A coop's row, that of its present standing, and its numbers."""
    return coop_rows(state, CoopId(str(body.coop)), record)  # type: ignore[union-attr]  # every fact listed with this has one


def coop_rows(state: State, coop: CoopId, record: Record) -> list[Change]:
    """A coop as it is after a record, with all its numbers. Where nothing else changed, its standing is written as it was."""
    found = state.coops.get(coop)
    if found is None:
        raise KeyError(coop)
    standing = _standing(found)
    changes: list[Change] = [
        Put(table=Coop, row={"id": found.id, "number": int(found.id[1:]), **standing, "seq": record.seq}),
        Put(
            table=CoopChange,
            row={
                "id": f"{found.id}/{len(found.earlier)}",
                "coop": found.id,
                "seq": found.seq,
                "at": found.at,
                **standing,
            },
        ),
    ]
    changes += _searched(found)
    for fact, declarations in found.facts.items():
        for position, declared in enumerate(declarations):
            row: dict[str, Cell] = {
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


def coop_left(state: State, body: CoopLeft, record: Record) -> list[Change]:
    """A coop's rows. Nobody restores a steward of one that has left."""
    return [*coop_rows(state, body.coop, record), *restoration_rows(state, body.coop)]


def _searched(coop: Registered) -> list[Change]:
    change = f"{coop.id}/{len(coop.earlier)}"
    services = [
        Put(table=CoopService, row={"id": f"{change}/{number}", "change": change, "service": service})
        for number, service in enumerate(coop.services)
    ]
    return [Put(table=CoopName, row={"id": change, "folded": folded(coop.name)}), *services]


def restoration_changed(state: State, body: RestorationAttested | RestorationObjected, record: Record) -> list[Change]:
    """The row of a restoration that is under way, or none."""
    del record
    return restoration_rows(state, body.coop)


def restoration_rows(state: State, coop: CoopId) -> list[Change]:
    """The row of a coop whose steward is being restored; none where nobody's is, or not any more."""
    found = state.restorations.get(coop)
    if found is None:
        return [Delete(table=Restoration, where={"coop": coop})]
    row: dict[str, Cell] = {
        "coop": coop,
        "attested": encode(found.attested).decode(),
        "steward": found.steward,
        "due": found.due,
    }
    return [Put(table=Restoration, row=row)]


def _standing(coop: Registered) -> dict[str, Cell]:
    return {
        "name": coop.name,
        "country": coop.country,
        "category": coop.category,
        "status": coop.status,
        "since": coop.since,
        "member_since": coop.member_since,
        "good_standing": int(coop.good_standing),
        "services": encode(coop.services).decode(),
    }


def mandate_changed(state: State, body: MandateGiven | MandateRevoked, record: Record) -> list[Change]:
    """A mandate's row."""
    del record
    return mandate_rows(state, body.mandate)


def mandates_changed(state: State, body: StewardRestored, record: Record) -> list[Change]:
    """All mandates of a coop, those that ended among them; its restoration is over."""
    del record
    return [*mandates_of(state, body.coop), *restoration_rows(state, body.coop)]


def mandates_of(state: State, coop: CoopId) -> list[Change]:
    """The rows of all mandates that a coop ever gave. The state lists only those that have not ended, so all are looked at."""
    return [Put(table=Mandate, row=_row(one)) for one in state.mandates.values() if one.coop == coop]


def mandate_rows(state: State, mandate: MandateId) -> list[Change]:
    """A mandate as it is after a record."""
    found = state.mandates.get(mandate)
    if found is None:
        raise KeyError(mandate)
    return [Put(table=Mandate, row=_row(found))]


def _row(mandate: GivenMandate) -> dict[str, Cell]:
    return {
        "id": mandate.id,
        "role": mandate.role,
        "coop": mandate.coop,
        "office": mandate.office,
        "starts": mandate.starts,
        "ends": mandate.ends,
    }
