"""The electorate: who may vote in a poll and with which weight, taken from the register at opening and then frozen."""

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from governance.canonical import encode
from governance.counting.scales import Scales, Voter
from governance.counting.weighting import Weighable, Weighed, raw_weight, weigh
from governance.errors import Refusal
from governance.ids import BlobHash, CoopId
from governance.instants import Instant, later
from governance.log.blob import address, electorate_blob
from governance.register import COOPERATORS, Coop, counted
from governance.rule import Rule
from governance.value import Value

_ONE: Final = Fraction(1)
_DIGITS: Final = 120
_LONGEST: Final = 10**_DIGITS


class ElectorateEmpty(Refusal):
    """Nobody could vote under this rule."""

    code = "electorate_empty"


class WeightsTooFine(ElectorateEmpty):
    """The weights under this rule are fractions too long to be written down."""

    code = "weights_too_fine"


class Entry(Value):
    """One coop on the roll: the facts that counted, and the weight that the rule made of them."""

    coop: CoopId
    country: str
    category: str
    cooperators: Fraction
    weight: Fraction


class Roll(Value, eq=False):
    """A frozen electorate. Polls with the same roll share it, in memory and as one blob."""

    entries: tuple[Entry, ...]
    voters: dict[CoopId, Voter]
    coops: frozenset[CoopId]
    scales: Scales
    blob: bytes
    hash: BlobHash

    def __eq__(self, other: object) -> bool:
        """Whether it is the same electorate: the hash says so."""
        return isinstance(other, Roll) and self.hash == other.hash

    def __hash__(self) -> int:
        return hash(self.hash)

    @property
    def heads(self) -> int:
        """How many coops are entitled."""
        return len(self.entries)


def is_entitled(coop: Coop, rule: Rule, at: Instant) -> bool:
    """Whether a coop belongs to a rule's electorate, weight aside: a member of its categories, in good standing, long enough."""
    wanted = rule.entitled
    return (
        coop.status == "member"
        and coop.category in wanted.categories
        and (coop.good_standing or not wanted.good_standing)
        and (not wanted.member_for or later(coop.member_since, wanted.member_for) <= at)
    )


def has_vote(coop: Coop, rule: Rule, at: Instant) -> bool:
    """Whether a coop belongs to a rule's electorate with a weight of its own. No cap makes nothing of a weight."""
    if not is_entitled(coop, rule, at):
        return False
    raw = raw_weight(_weighable(coop, at), rule.weighting)
    return isinstance(raw, Fraction) and (raw > 0 or rule.weighting.floor is not None)


def weigh_coops(coops: Iterable[Coop], rule: Rule, at: Instant, concerned: CoopId | None) -> tuple[Weighed, ...]:
    """The weight of each entitled coop, with where it comes from. The coop concerned is left out before caps are taken."""
    return weigh(
        [_weighable(coop, at) for coop in coops if coop.id != concerned and is_entitled(coop, rule, at)],
        rule.weighting,
    )


def _weighable(coop: Coop, at: Instant) -> Weighable:
    return Weighable(
        coop=coop.id,
        country=coop.country,
        category=coop.category,
        facts={fact: number for fact in coop.facts if (number := counted(coop, fact, at)) is not None},
    )


def take_roll(coops: Iterable[Coop], rule: Rule, at: Instant, concerned: CoopId | None) -> Roll:
    """The electorate of a rule at an instant. A coop whose weight is zero has no vote and is not on it.

    Raises:
        ElectorateEmpty: no coop is entitled with a weight above zero.
        WeightsTooFine: sums of the weights could get too long for the log.
    """
    by_id = {coop.id: coop for coop in coops}
    entries = []
    for weighed in weigh_coops(by_id.values(), rule, at, concerned):
        if weighed.weight > 0:
            coop = by_id[CoopId(weighed.coop)]
            cooperators = counted(coop, COOPERATORS, at) or Fraction(0)
            entries.append(
                Entry(
                    coop=coop.id,
                    country=coop.country,
                    category=coop.category,
                    cooperators=cooperators,
                    weight=weighed.weight,
                )
            )
    if not entries:
        raise ElectorateEmpty(
            f"No coop could vote on {rule.matter} under its rule. Change the rule or the register first."
        )
    _check_short(rule, [entry.weight for entry in entries])
    return roll_of(tuple(sorted(entries, key=lambda entry: _number(entry.coop))))


def _check_short(rule: Rule, weights: list[Fraction]) -> None:
    """Refuse weights of which some sum could be too long for a record; every sum is over their common denominator."""
    common = math.lcm(*(weight.denominator for weight in weights))
    if max(common, sum(weights) * common) >= _LONGEST:
        raise WeightsTooFine(
            f"The weights of votes on {rule.matter} are fractions of over {_DIGITS} digits. Use simpler caps or numbers."
        )


def roll_changes(coops: Iterable[Coop], rule: Rule, at: Instant) -> Instant | None:
    """The first instant after `at` at which a roll of the same coops could be another: a number counts, or a wait has ended."""
    found = []
    for coop in coops:
        found += [
            one.counts_from for declarations in coop.facts.values() for one in declarations if one.counts_from > at
        ]
        if rule.entitled.member_for and (entitled := later(coop.member_since, rule.entitled.member_for)) > at:
            found.append(entitled)
    return min(found, default=None)


def roll_of(entries: tuple[Entry, ...]) -> Roll:
    """A roll from its entries, in the order of the register."""
    blob = electorate_blob(encode(entries))
    voters = {
        entry.coop: Voter(
            id=entry.coop,
            country=entry.country,
            measures={"coops": _ONE, "weight": entry.weight, "cooperators": entry.cooperators},
        )
        for entry in entries
    }
    return Roll(
        entries=entries,
        voters=voters,
        coops=frozenset(voters),
        scales=Scales(voters.values()),
        blob=blob,
        hash=BlobHash(address(blob)),
    )


def _number(coop: CoopId) -> int:
    return int(coop[1:])
