"""Deciding what is asked about coops and their people."""

from governance.commands import register as asked
from governance.deciding.authority import check_new_mandate, coop_of, known_coop, member_of, officer_of
from governance.deciding.decision import Decision
from governance.deciding.founding import require_founding
from governance.effect import text_of
from governance.errors import Refusal
from governance.facts import register as fact
from governance.ids import MandateId
from governance.instants import Instant, later, moment
from governance.mandate import (
    LastSteward,
    Mandate,
    MandateInvalid,
    MandateUnknown,
    NoMandate,
    OfficeUnknown,
)
from governance.proposal import OPEN_STAGES
from governance.provisions import counts_from
from governance.register import (
    ContestUnfounded,
    CoopNotMember,
    FactInvalid,
    check_fact_name,
    check_number,
    check_services,
    pending,
)
from governance.state import State

_MOST_MANDATES = 100


class TextPermanent(Refusal):
    """This text is a permanent part of the charter, or about to become one."""

    code = "text_permanent"


def give_mandate(state: State, command: asked.GiveMandate, actor: MandateId, at: Instant) -> Decision:
    """A mandate, given by a steward of the coop, or by the operator in the founding."""
    check_new_mandate(state, command.mandate)
    starts = command.starts or at
    for end in (starts, command.ends or starts):
        moment(end)
    if starts < at or (command.ends is not None and command.ends <= starts):
        raise MandateInvalid("A mandate begins now or later, and ends after it began.")
    if not state.founded:
        require_founding(state, actor)
        return Decision(fact=_founding_mandate(state, command, starts))
    coop = coop_of(state, actor, at, "steward")
    if command.role == "officer" or command.office is not None:
        raise MandateInvalid("An office is not a coop's to give. It is filled by vote.")
    if command.coop not in (None, coop.id):
        raise NoMandate("A steward gives mandates for its own coop only.")
    if coop.status == "former":
        raise CoopNotMember(f"{coop.name} has left. Nobody can be given its vote.")
    if len(in_force(state, coop.id, at)) >= _MOST_MANDATES:
        raise MandateInvalid(f"{coop.name} has {_MOST_MANDATES} mandates in force. Revoke one first.")
    return Decision(
        fact=fact.MandateGiven(
            mandate=command.mandate, role=command.role, coop=coop.id, office=None, starts=starts, ends=command.ends
        )
    )


def in_force(state: State, coop: str, at: Instant) -> list[Mandate]:
    """The mandates of a coop that are in force at an instant, or begin later."""
    ids = state.mandates_of.get(coop) or ()  # type: ignore[arg-type]  # a CoopId by its callers
    found = [state.mandates.get(mandate) for mandate in ids]
    return [mandate for mandate in found if mandate is not None and (mandate.ends is None or at < mandate.ends)]


def _founding_mandate(state: State, command: asked.GiveMandate, starts: Instant) -> fact.MandateGiven:
    if (command.role == "officer") != (command.office is not None) or (command.coop is None) == (
        command.office is None
    ):
        raise MandateInvalid("A founding mandate is either for a coop, as steward or delegate, or for an office.")
    if command.coop is not None:
        known_coop(state, command.coop)
    ends = command.ends
    if command.office is not None:
        office = state.offices.get(command.office)
        if office is None:
            raise OfficeUnknown(f"There is no office {command.office!r}.")
        holders = sum(1 for mandate in state.mandates.values() if mandate.office == office.id)
        if holders >= office.seats:
            raise MandateInvalid(
                f"The office {office.title!r} has {office.seats} seats. Name no more holders than that."
            )
        if office.term is not None:
            term_ends = later(starts, office.term)
            ends = ends or term_ends
            if ends > term_ends:
                raise MandateInvalid(
                    f"A term of the office {office.title!r} ends by {term_ends}. End the mandate by then."
                )
    return fact.MandateGiven(
        mandate=command.mandate,
        role=command.role,
        coop=command.coop,
        office=command.office,
        starts=starts,
        ends=ends,
    )


def revoke_mandate(state: State, command: asked.RevokeMandate, actor: MandateId, at: Instant) -> Decision:
    """The end of a mandate, by a steward of its coop."""
    coop = coop_of(state, actor, at, "steward")
    mandate = state.mandates.get(command.mandate)
    if mandate is None or mandate.coop != coop.id or (mandate.ends is not None and mandate.ends <= at):
        raise MandateUnknown(f"{coop.name} has no such mandate in force.")
    others = [other for other in in_force(state, coop.id, at) if other.role == "steward" and other.id != mandate.id]
    if mandate.role == "steward" and not any(other.in_force(at) and other.ends is None for other in others):
        raise LastSteward(
            f"This is the last steward of {coop.name}. Give another the stewardship first, without an end."
        )
    return Decision(fact=fact.MandateRevoked(mandate=mandate.id))


def declare_number(state: State, command: asked.DeclareNumber, actor: MandateId, at: Instant) -> Decision:
    """A number that the coop's steward declares."""
    coop = member_of(state, actor, at, "steward")
    check_fact_name(command.fact)
    check_number(command.fact, command.number)
    return Decision(
        fact=fact.NumberDeclared(
            coop=coop.id, fact=command.fact, number=command.number, counts_from=counts_from(state.provisions, at)
        )
    )


def contest_number(state: State, command: asked.ContestNumber, actor: MandateId, at: Instant) -> Decision:
    """A contest of what another coop declared last, before it counts."""
    coop = member_of(state, actor, at, "delegate")
    other = known_coop(state, command.coop)
    declared = pending(other, command.fact, at)
    if coop.id == other.id or declared is None or declared.contested_by is not None:
        raise ContestUnfounded(
            f"{other.name} has no {command.fact} declared that does not count yet and is uncontested. What counts already can be "
            "corrected by a membership proposal."
        )
    return Decision(
        fact=fact.NumberContested(
            coop=other.id, fact=command.fact, declared=declared.at, by=coop.id, reason=command.reason
        )
    )


def withdraw_contest(state: State, command: asked.WithdrawContest, actor: MandateId, at: Instant) -> Decision:
    """The end of a contest by the coop that made it."""
    coop = coop_of(state, actor, at, "delegate")
    other = known_coop(state, command.coop)
    declared = pending(other, command.fact, at)
    if declared is None or declared.contested_by != coop.id:
        raise ContestUnfounded(f"{coop.name} contests no {command.fact} of {other.name}.")
    return Decision(fact=fact.ContestWithdrawn(coop=other.id, fact=command.fact, declared=declared.at, by=coop.id))


def declare_services(state: State, command: asked.DeclareServices, actor: MandateId, at: Instant) -> Decision:
    """The services that a coop offers, by its steward."""
    coop = member_of(state, actor, at, "steward")
    check_services(command.services)
    return Decision(fact=fact.ServicesDeclared(coop=coop.id, services=command.services))


def record_standing(state: State, command: asked.RecordStanding, actor: MandateId, at: Instant) -> Decision:
    """A coop's standing, by an office with that power."""
    office = officer_of(state, actor, at, "record_standing")
    coop = known_coop(state, command.coop)
    if coop.status == "former":
        raise CoopNotMember(f"{coop.name} is no member any more and has no standing.")
    if coop.good_standing == command.good:
        raise FactInvalid(f"The register already says that of {coop.name}.")
    return Decision(fact=fact.StandingRecorded(coop=coop.id, good=command.good, office=office))


def leave(state: State, command: asked.Leave, actor: MandateId, at: Instant) -> Decision:
    """A coop's leaving: its steward's own act, or recorded by an office with that power."""
    if command.coop is None:
        coop, office = coop_of(state, actor, at, "steward"), None
    else:
        office = officer_of(state, actor, at, "record_departures")
        coop = known_coop(state, command.coop)
    if coop.status == "former":
        raise CoopNotMember(f"{coop.name} has left already.")
    return Decision(fact=fact.CoopLeft(coop=coop.id, office=office))


def attest_steward(state: State, command: asked.AttestSteward, actor: MandateId, at: Instant) -> Decision:
    """One of the two attestations by which a coop that lost its steward gets another.

    Each coop has one, its last: whoever attests somebody else holds nobody up but itself.
    """
    coop = member_of(state, actor, at, "delegate")
    other = known_coop(state, command.coop)
    if other.id == coop.id or other.status == "former":
        raise CoopNotMember("A coop attests the steward of another, which is still in the federation.")
    check_new_mandate(state, command.steward, restored=other.id)
    present = state.restorations.get(other.id)
    if present is not None and present.due is not None:
        raise MandateInvalid(f"The restoration for {other.name} is attested and takes effect at {present.due}.")
    attested = present.attested if present is not None else {}
    agreeing = [known_coop(state, by) for by, steward in attested.items() if steward == command.steward]
    second = any(one.status == "member" and one.id != coop.id for one in agreeing)
    if not second and attested.get(coop.id) == command.steward:
        raise MandateInvalid(f"{coop.name} has attested this already. Another coop has to.")
    due = later(at, state.provisions.restoration_notice) if second else None
    return Decision(
        fact=fact.RestorationAttested(coop=other.id, steward=command.steward, by=coop.id, due=due),
    )


def object_restoration(state: State, command: asked.ObjectRestoration, actor: MandateId, at: Instant) -> Decision:  # noqa: ARG001 - one shape for all
    """The word of somebody of the coop concerned that it has not lost its people."""
    coop = coop_of(state, actor, at, "steward", "delegate")
    if state.restorations.get(coop.id) is None:
        raise MandateInvalid(f"Nobody is restoring a steward of {coop.name}.")
    return Decision(fact=fact.RestorationObjected(coop=coop.id))


def redact_text(state: State, command: asked.RedactText, actor: MandateId, at: Instant) -> Decision:
    """The erasure of a text, by an office with that power."""
    office = officer_of(state, actor, at, "redact_texts")
    if command.text in state.redacted:  # type: ignore[operator]  # a TextHash by its pattern
        raise FactInvalid("This text is redacted already.")
    for proposal in state.proposals.values():
        confirming = proposal.purpose == "confirmation" and proposal.stage in OPEN_STAGES
        carried = confirming or proposal.stage in ("waiting", "in_force") or proposal.lapsed == "text_invalid"
        if carried and command.text in text_of(proposal.effect):
            raise TextPermanent(
                f"{proposal.id} is carried, and with it this text becomes part of the charter, for ever. It falls by vote only."
            )
    return Decision(fact=fact.TextRedacted(text=command.text, office=office, reason=command.reason))
