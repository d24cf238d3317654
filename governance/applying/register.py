"""What the facts about coops and their people change."""

from msgspec.structs import replace

from governance.facts import register as fact
from governance.ids import CoopId, MandateId, TextHash
from governance.instants import Instant
from governance.mandate import Mandate
from governance.records import Record
from governance.register import Coop, Declaration, restated
from governance.state import Restoration, State


def number_declared(state: State, body: fact.NumberDeclared, record: Record) -> None:
    """A number is declared and counts later."""
    declared = Declaration(number=body.number, at=record.at, counts_from=body.counts_from)
    add_declaration(state, body.coop, body.fact, declared)


def add_declaration(state: State, of: CoopId, name: str, declared: Declaration) -> None:
    """Put a declaration behind those that count already. It takes the place of one that does not count yet, or is contested.

    So there is one number at most that waits to count, and that one can be contested: none hides behind a later one.
    """
    coop = registered(state, of)
    before = tuple(
        one for one in coop.facts.get(name, ()) if one.counts_from <= declared.at and one.contested_by is None
    )
    facts = {**coop.facts, name: (*before, declared)}
    state.coops.put(coop.id, replace(coop, facts=facts))


def number_contested(state: State, body: fact.NumberContested, record: Record) -> None:  # noqa: ARG001 - one shape for all
    """A declared number does not count."""
    last = registered(state, body.coop).facts[body.fact][-1]
    _mark(state, body.coop, body.fact, replace(last, contested_by=body.by))


def contest_withdrawn(state: State, body: fact.ContestWithdrawn, record: Record) -> None:
    """A declared number counts again: from when it would have, or from now if that is over. It never counted before."""
    last = registered(state, body.coop).facts[body.fact][-1]
    _mark(state, body.coop, body.fact, replace(last, contested_by=None, counts_from=max(last.counts_from, record.at)))


def _mark(state: State, of: CoopId, name: str, marked: Declaration) -> None:
    coop = registered(state, of)
    facts = {**coop.facts, name: (*coop.facts[name][:-1], marked)}
    state.coops.put(coop.id, replace(coop, facts=facts))


def services_declared(state: State, body: fact.ServicesDeclared, record: Record) -> None:
    """A coop offers other services."""
    restate(state, body.coop, record, services=body.services)


def standing_recorded(state: State, body: fact.StandingRecorded, record: Record) -> None:
    """A coop is, or is not, in good standing."""
    restate(state, body.coop, record, good_standing=body.good)


def coop_left(state: State, body: fact.CoopLeft, record: Record) -> None:
    """A coop is no member any more."""
    end_membership(state, body.coop, record)


def restate(state: State, of: CoopId, record: Record, **changes: object) -> None:
    """Let the register say something else of a coop from a record on."""
    state.coops.put(of, restated(registered(state, of), record.seq, record.at, **changes))


def end_membership(state: State, of: CoopId, record: Record) -> None:
    """Make a coop a former member; nobody restores its steward."""
    restate(state, of, record, status="former", since=record.at)
    state.restorations.remove(of)
    state.cancel("restore_steward", of)


def mandate_given(state: State, body: fact.MandateGiven, record: Record) -> None:
    """Somebody has a mandate."""
    add_mandate(
        state,
        Mandate(
            id=body.mandate, role=body.role, starts=body.starts, ends=body.ends, coop=body.coop, office=body.office
        ),
        record.at,
    )


def add_mandate(state: State, mandate: Mandate, at: Instant) -> None:
    """Put a mandate into force, and among those of its coop, of which those that have ended are forgotten."""
    state.mandates.put(mandate.id, mandate)
    if mandate.coop is not None:
        known = [(other, state.mandates.get(other)) for other in state.mandates_of.get(mandate.coop) or ()]
        present = [other for other, found in known if found is not None and (found.ends is None or at < found.ends)]
        state.mandates_of.put(mandate.coop, (*present, mandate.id))


def mandate_revoked(state: State, body: fact.MandateRevoked, record: Record) -> None:
    """A mandate has ended."""
    end_mandate(state, body.mandate, record.at)


def end_mandate(state: State, of: MandateId, at: Instant) -> None:
    """End a mandate, and forget it among those of its coop."""
    mandate = state.mandates.get(of)
    if mandate is None:
        raise KeyError(of)
    if mandate.ends is None or at < mandate.ends:
        state.mandates.put(of, replace(mandate, ends=at))
    if mandate.coop is not None:
        present = state.mandates_of.get(mandate.coop) or ()
        state.mandates_of.put(mandate.coop, tuple(other for other in present if other != of))


def restoration_attested(state: State, body: fact.RestorationAttested, record: Record) -> None:  # noqa: ARG001
    """A coop attests somebody, in place of whom it attested before; with the second to attest the same, the notice runs."""
    before = state.restorations.get(body.coop)
    attested = {**(before.attested if before is not None else {}), body.by: body.steward}
    steward = None
    if body.due is not None:
        steward = body.steward
        state.plan("restore_steward", body.coop, body.due)
    state.restorations.put(body.coop, Restoration(attested=attested, steward=steward, due=body.due))


def restoration_objected(state: State, body: fact.RestorationObjected, record: Record) -> None:  # noqa: ARG001
    """The restoration is off."""
    state.restorations.remove(body.coop)
    state.cancel("restore_steward", body.coop)


def steward_restored(state: State, body: fact.StewardRestored, record: Record) -> None:
    """A coop has its new steward, and the earlier ones' mandates have ended."""
    for mandate in state.mandates_of.get(body.coop) or ():
        present = state.mandates.get(mandate)
        if present is not None and present.role == "steward":
            end_mandate(state, mandate, record.at)
    state.restorations.remove(body.coop)
    state.cancel("restore_steward", body.coop)
    add_mandate(state, Mandate(id=body.steward, role="steward", starts=record.at, coop=body.coop), record.at)


def text_redacted(state: State, body: fact.TextRedacted, record: Record) -> None:
    """The bytes behind a hash are gone."""
    state.redacted.put(TextHash(body.text), record.seq)


def registered(state: State, of: CoopId) -> Coop:
    """The coop of an id that is there."""
    coop = state.coops.get(of)
    if coop is None:
        raise KeyError(of)
    return coop
