"""Rolls taken lately. Polls that open on an unchanged register have the same roll: it is taken once, and held once."""

from collections import OrderedDict
from typing import Final

from governance.counting.weighting import Weighting
from governance.electorate import Roll, roll_changes, take_roll
from governance.ids import CoopId
from governance.instants import Instant
from governance.register import Coop
from governance.rule import Entitled, Rule
from governance.value import Value

_MOST: Final = 16


class _Taken(Value):
    """A roll, the very coops it was taken from, and for how long it stays the same."""

    coops: tuple[Coop, ...]
    since: Instant
    until: Instant | None
    roll: Roll


class RecentRolls:
    """A small memory that only saves work: `take` gives what `take_roll` would, whatever it remembers.

    A roll depends on who is entitled and how votes weigh, not on the rest of a rule.
    """

    __slots__ = ("_taken",)

    def __init__(self) -> None:
        self._taken: OrderedDict[tuple[Entitled, Weighting, CoopId | None], _Taken] = OrderedDict()

    def take(self, coops: tuple[Coop, ...], rule: Rule, at: Instant, concerned: CoopId | None) -> Roll:
        """The electorate of a rule at an instant.

        Raises:
            ElectorateEmpty: as `take_roll`.
        """
        key = (rule.entitled, rule.weighting, concerned)
        known = self._taken.get(key)
        if known is not None and known.coops == coops and _within(known, at):
            self._taken.move_to_end(key)
            return known.roll
        roll = take_roll(coops, rule, at, concerned)
        roll = next((other.roll for other in self._taken.values() if other.roll.hash == roll.hash), roll)
        self._taken[key] = _Taken(
            coops=coops,
            since=at,
            until=roll_changes(coops, rule, at),
            roll=roll,
        )
        if len(self._taken) > _MOST:
            self._taken.popitem(last=False)
        return roll


def _within(known: _Taken, at: Instant) -> bool:
    return known.since <= at and (known.until is None or at < known.until)
