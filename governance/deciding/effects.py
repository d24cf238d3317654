"""Whether an effect could take place: asked when it is proposed, before voting opens, and again when it is enacted."""

from datetime import date
from fractions import Fraction
from typing import Final, assert_never

from governance.charter import check_operations
from governance.deciding.authority import check_new_mandate, known_coop
from governance.deciding.founding import check_registration
from governance.effect import (
    Admit,
    AmendCharter,
    ChangeRules,
    CorrectCountry,
    CorrectName,
    CorrectNumber,
    Effect,
    Expel,
    Ratify,
    Recategorise,
    Reinstate,
    Resolve,
    Suspend,
)
from governance.ids import CoopId, ProposalId
from governance.instants import Instant, start_of
from governance.proposal import EffectInvalid, ProposalUnknown
from governance.register import COOPERATORS, Coop, CoopNotMember, check_country, check_fact_name, check_number
from governance.rulebook import check_changes, check_no_lock_out, rules_for
from governance.state import State

MOST_RULES: Final = 16
"""Rules that one poll can be judged under: its result has to fit into one record."""


def check_effect(state: State, effect: Effect, at: Instant, proposal: ProposalId | None = None) -> None:  # noqa: C901, PLR0912 - one case for each effect
    """Refuse an effect that could not take place on the state as it is. `proposal` is the one that is to have it, if it is there.

    Raises:
        Refusal: the one that names what is in the way.
    """
    match effect:
        case Resolve():
            _check_resolution(state, effect, at)
        case Ratify(digest=digest):
            if state.ratified_by is not None:
                raise EffectInvalid("The founding has been ratified already.")
            if digest != state.founding:
                raise EffectInvalid(
                    f"The founding's digest is {state.founding}, not {digest}. Check what you were shown."
                )
        case Admit():
            _check_admission(state, effect, proposal)
        case AmendCharter(base=base, operations=operations):
            check_operations(state.charter, base, operations)
        case ChangeRules():
            check_changes(state, effect)
            check_no_lock_out(state, effect, at)
        case Suspend(coop=coop):
            _require_status(known_coop(state, coop), "member")
        case Reinstate(coop=coop):
            _require_status(known_coop(state, coop), "suspended")
        case Expel(coop=coop):
            _require_status(known_coop(state, coop), "member", "suspended")
        case Recategorise(coop=coop, category=category):
            present = _require_status(known_coop(state, coop), "member", "suspended")
            if category not in state.provisions.categories or category == present.category:
                raise EffectInvalid(f"{present.name} cannot move from {present.category!r} to {category!r}.")
        case CorrectNumber(coop=coop, fact=fact, number=number):
            _require_status(known_coop(state, coop), "member", "suspended")
            check_fact_name(fact)
            check_number(fact, number)
        case CorrectName(coop=coop, name=name):
            present = _require_status(known_coop(state, coop), "member", "suspended")
            check_registration(state, name, present.country, present.category, present.services, again=coop)
            if name == present.name:
                raise EffectInvalid(f"{name} is the registered name already.")
        case CorrectCountry(coop=coop, country=country):
            present = _require_status(known_coop(state, coop), "member", "suspended")
            check_country(country)
            if country == present.country:
                raise EffectInvalid(f"{country} is the registered country of {present.name} already.")
        case _:
            assert_never(effect)
    if len(rules_for(state, effect)) > MOST_RULES:
        raise EffectInvalid(
            f"This falls under more than {MOST_RULES} decision rules at once. Divide it into several proposals."
        )


def _check_resolution(state: State, effect: Resolve, at: Instant) -> None:
    if len(set(effect.supersedes)) != len(effect.supersedes) or len(effect.supersedes) > 50:  # noqa: PLR2004 - said in the message
        raise EffectInvalid("A resolution supersedes at most 50 others, each named once.")
    for proposal in effect.supersedes:
        other = state.proposals.get(proposal)
        if other is None:
            raise ProposalUnknown(f"There is no proposal {proposal!r} to supersede.")
        if other.stage != "in_force" or not isinstance(other.effect, Resolve):
            raise EffectInvalid(f"{proposal} is no resolution in force, so it cannot be superseded.")
    if effect.review is not None:
        if start_of(effect.review) <= at:
            raise EffectInvalid(f"The review date {effect.review} has passed. Name a later one.")
        if date.fromisoformat(effect.review).year > int(at[:4]) + 50:
            raise EffectInvalid("A review comes within fifty years.")


def _check_admission(state: State, effect: Admit, proposal: ProposalId | None) -> None:
    check_new_mandate(state, effect.steward, admitted=proposal)
    check_number(COOPERATORS, Fraction(effect.cooperators))
    if effect.coop is not None:
        _require_status(known_coop(state, effect.coop), "former")
    check_registration(
        state,
        effect.name,
        effect.country,
        effect.category,
        effect.services,
        again=CoopId(effect.coop) if effect.coop else None,
    )


def _require_status(coop: Coop, *statuses: str) -> Coop:
    if coop.status not in statuses:
        raise CoopNotMember(f"{coop.name} is {coop.status}; this is for a coop that is {' or '.join(statuses)}.")
    return coop
