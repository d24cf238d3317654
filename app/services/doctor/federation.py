"""Whether the federation can still decide: who runs the server cannot mend this, but can tell those who can."""

from collections.abc import Iterator

from app.services.doctor.finding import Finding, ok, warned
from governance.ids import CoopId
from governance.instants import Instant
from governance.rulebook import LockOut, check_can_carry
from governance.state import State


def check_federation(state: State, at: Instant) -> Iterator[Finding]:
    """The checks that need nothing but the state."""
    yield _founding(state)
    yield _rules(state, at)
    yield _stewards(state, at)


def _founding(state: State) -> Finding:
    if state.ratified_by is not None:
        return ok("founding", f"The coops have ratified it with {state.ratified_by}.")
    return warned(
        "founding",
        "The coops have not ratified the founding yet: it is the operator's word only.",
        "A coop should bring the proposal that ratifies it as the federation's first.",
    )


def _rules(state: State, at: Instant) -> Finding:
    stuck = []
    for matter in sorted(matter for matter, _ in state.rules.items()):
        try:
            check_can_carry(state, at, {matter})
        except LockOut as error:
            stuck.append(error.detail)
    if stuck:
        return warned(
            "rules",
            " ".join(stuck),
            "With today's register nothing could be carried there. The coops should change the rule, or who is entitled, while "
            "they can.",
        )
    return ok("rules", "With today's register a proposal could be carried on every matter.")


def _stewards(state: State, at: Instant) -> Finding:
    served = {mandate.coop for mandate in state.mandates.values() if mandate.role == "steward" and mandate.in_force(at)}
    without = sorted(
        (CoopId(coop.id), coop.name)
        for coop in state.coops.values()
        if coop.status in ("member", "suspended") and coop.id not in served
    )
    if without:
        named = ", ".join(f"{name} ({coop})" for coop, name in without)
        return warned(
            "stewards",
            f"Nobody keeps the mandates of {named}.",
            "Two other coops can attest a new steward; after seven days without objection it holds.",
        )
    return ok("stewards", "Every coop has a steward.")
