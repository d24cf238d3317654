"""Rolls taken lately. Polls that open on an unchanged register have the same roll: it is taken once, and held once."""

from collections import OrderedDict
from typing import Final

from governance.electorate import Roll, roll_changes, take_roll
from governance.ids import CoopId
from governance.instants import Instant
from governance.register import Coop
from governance.rule import Rule
from governance.value import Value

_MOST: Final = 16


class _Taken(Value):
    """A roll, the very coops and rule it was taken from, and for how long it stays the same."""

    coops: tuple[Coop, ...]
    rule: Rule
    concerned: CoopId | None
    since: Instant
    until: Instant | None
    roll: Roll


class RecentRolls:
    """A small memory that only saves work: `take` gives what `take_roll` would, whatever it remembers."""

    __slots__ = ("_taken",)

    def __init__(self) -> None:
        self._taken: OrderedDict[tuple[int, CoopId | None], _Taken] = OrderedDict()

    def take(self, coops: tuple[Coop, ...], rule: Rule, at: Instant, concerned: CoopId | None) -> Roll:
        """The electorate of a rule at an instant.

        Raises:
            ElectorateEmpty: as `take_roll`.
        """
        key = (id(rule), concerned)
        known = self._taken.get(key)
        if known is not None and known.rule is rule and _same(known.coops, coops) and _within(known, at):
            self._taken.move_to_end(key)
            return known.roll
        roll = take_roll(coops, rule, at, concerned)
        roll = next((other.roll for other in self._taken.values() if other.roll.hash == roll.hash), roll)
        self._taken[key] = _Taken(
            coops=coops,
            rule=rule,
            concerned=concerned,
            since=at,
            until=roll_changes(coops, rule, at),
            roll=roll,
        )
        self._taken.move_to_end(key)
        if len(self._taken) > _MOST:
            self._taken.popitem(last=False)
        return roll


def _same(one: tuple[Coop, ...], other: tuple[Coop, ...]) -> bool:
    return len(one) == len(other) and all(before is after for before, after in zip(one, other, strict=True))


def _within(known: _Taken, at: Instant) -> bool:
    return known.since <= at and (known.until is None or at < known.until)
