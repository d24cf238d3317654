"""Who somebody is, by the mandate they act with."""

from governance.electorate import has_vote
from governance.errors import Refusal
from governance.ids import CoopId, MandateId, OfficeId, ProposalId
from governance.instants import Instant
from governance.mandate import Mandate, MandateInvalid, NoMandate, Power, PowerMissing, check_mandate_id
from governance.poll import PinnedRule
from governance.proposal import NotEntitled
from governance.register import Coop, CoopNotMember, CoopUnknown
from governance.state import State


class NotFounded(Refusal):
    """The federation is not founded yet."""

    code = "not_founded"


class AlreadyFounded(Refusal):
    """The federation is founded; from now on it changes by vote."""

    code = "already_founded"


def mandate_of(state: State, actor: MandateId, at: Instant) -> Mandate:
    """The mandate in force that somebody acts with.

    Raises:
        NotFounded: there are no mandates before the founding is closed.
        NoMandate: there is no such mandate, it has not begun, has ended, or was revoked.
    """
    if not state.founded:
        raise NotFounded("The federation's founding is not complete. Complete it first.")
    mandate = state.mandates.get(actor)
    if mandate is None or not mandate.in_force(at):
        raise NoMandate("This mandate is not in force: it never was given, has not begun, has ended, or was revoked.")
    return mandate


def coop_of(state: State, actor: MandateId, at: Instant, *roles: str) -> Coop:
    """The coop that somebody acts for, holding one of the roles, whatever the coop's status.

    Raises:
        NoMandate: no such role for a coop.
    """
    mandate = mandate_of(state, actor, at)
    coop = state.coops.get(mandate.coop) if mandate.coop is not None else None
    if coop is None or mandate.role not in roles:
        wanted = " or ".join(roles)
        raise NoMandate(f"Only a {wanted} of a coop can do this. Ask your coop's steward for the mandate.")
    return coop


def member_of(state: State, actor: MandateId, at: Instant, *roles: str) -> Coop:
    """The member coop that somebody acts for.

    Raises:
        NoMandate: no such role for a coop.
        CoopNotMember: the coop is suspended or no member any more.
    """
    coop = coop_of(state, actor, at, *roles)
    if coop.status != "member":
        raise CoopNotMember(f"{coop.name} is {coop.status} and can take no part in decisions now.")
    return coop


def officer_of(state: State, actor: MandateId, at: Instant, power: Power) -> OfficeId:
    """The office, with this power, that somebody holds.

    Raises:
        NoMandate: the mandate is for no office.
        PowerMissing: the office does not have the power.
    """
    mandate = mandate_of(state, actor, at)
    office = state.offices.get(mandate.office) if mandate.office is not None else None
    if office is None:
        raise NoMandate("Only the holder of an office can do this.")
    if power not in office.powers:
        raise PowerMissing(f"The rulebook does not list {power} among the powers of the office {office.title!r}.")
    return office.id


def require_entitled(coop: Coop, rules: tuple[PinnedRule, ...], concerned: CoopId | None, at: Instant) -> None:
    """Refuse a coop that would have no vote in a matter.

    Raises:
        NotEntitled: it is the coop concerned, or entitled under none of the matter's rules.
    """
    if coop.id == concerned:
        raise NotEntitled(
            f"{coop.name} is the coop concerned: it can answer, but has no part in bringing or deciding this."
        )
    if not any(has_vote(coop, pinned.rule, at) for pinned in rules):
        raise NotEntitled(
            f"{coop.name} has no vote in this matter: its category, standing, weight or time of membership is missing."
        )


def check_new_mandate(
    state: State, mandate: MandateId, *, restored: CoopId | None = None, admitted: ProposalId | None = None
) -> None:
    """Refuse an id that a new mandate cannot have.

    `restored` is the coop whose steward is being restored under it, `admitted` the proposal that admits a coop with it.

    Raises:
        MandateInvalid: it is not spelled as one, is taken, or is promised: attested for the new steward of a coop, or named
            as the steward of an applicant.
    """
    check_mandate_id(mandate)
    promised = state.promised.get(mandate) not in (None, admitted) or any(
        coop != restored and mandate in one.attested.values() for coop, one in state.restorations.items()
    )
    if promised or mandate in state.mandates:
        raise MandateInvalid("This mandate's id is taken. Draw another.")


def known_coop(state: State, coop: CoopId) -> Coop:
    """The coop of an id.

    Raises:
        CoopUnknown: there is none.
    """
    found = state.coops.get(coop)
    if found is None:
        raise CoopUnknown(f"There is no coop {coop!r} in the register.")
    return found
