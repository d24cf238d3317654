"""Whose support counts: that of the coops which could give it now."""

from collections.abc import Iterable

from governance.effect import Effect
from governance.electorate import has_vote
from governance.ids import CoopId
from governance.instants import Instant
from governance.rulebook import rules_for
from governance.state import State


def still_entitled(state: State, coops: Iterable[CoopId], effect: Effect, at: Instant) -> tuple[CoopId, ...]:
    """Those of the coops behind a proposal that have a vote on its effect at an instant.

    Who has left, is suspended, or lost its vote in the matter otherwise, is behind it no more.
    """
    rules = rules_for(state, effect)
    known = ((coop, state.coops.get(coop)) for coop in coops)
    return tuple(
        coop for coop, found in known if found is not None and any(has_vote(found, each.rule, at) for each in rules)
    )
