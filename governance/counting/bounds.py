"""What categories of coops hold together: at most, or at least, a share of the resulting total, whatever it becomes."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import msgspec

_ZERO = Fraction(0)
_ONE = Fraction(1)


class Ceiling(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """These categories together hold at most this share of the resulting total."""

    at_most: Fraction
    categories: tuple[str, ...]


class Floor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """These categories together hold at least this share of the resulting total."""

    at_least: Fraction
    categories: tuple[str, ...]


def bound_categories(
    weights: Mapping[str, Fraction],
    category: Mapping[str, str],
    ceilings: Sequence[Ceiling],
    floors: Sequence[Floor],
) -> dict[str, Fraction]:
    """The weights with each ceiling and floor kept, cutting as little as that takes and each group pro rata.

    A category stands in one bound at most (`check_weighting` sees to it). The floors come last: they cut what has no
    floor in one proportion, so a ceiling that was kept stays kept.

    Where only the categories of a ceiling are left, nothing but 0 keeps it: nobody then has a vote, rather than that
    those who are to be a minority decide alone. A floor whose categories hold nothing is passed over: there is nobody
    to protect, and keeping it would take everybody's vote.
    """
    lowered = _cut(weights, category, _ceiling_factors(_sums(weights, category), ceilings))
    return _cut(lowered, category, _floor_factors(_sums(lowered, category), floors))


def _sums(weights: Mapping[str, Fraction], category: Mapping[str, str]) -> dict[str, Fraction]:
    sums: dict[str, Fraction] = {}
    for coop, weight in weights.items():
        sums[category[coop]] = sums.get(category[coop], _ZERO) + weight
    return sums


def _cut(
    weights: Mapping[str, Fraction], category: Mapping[str, str], factors: Mapping[str, Fraction]
) -> dict[str, Fraction]:
    return {coop: weight * factors.get(category[coop], _ONE) for coop, weight in weights.items()}


def _ceiling_factors(sums: Mapping[str, Fraction], ceilings: Sequence[Ceiling]) -> dict[str, Fraction]:
    """The factor of each category that a ceiling cuts.

    A total T is right when the groups above their share of T are cut to it, and all together give T again: T = (what is
    not cut) / (1 - the shares of those cut). Cutting lowers T, which may bring another group above its share, so groups
    join until none does. Their shares stay below 1 together, since each held more than its share of a former T.
    """
    held = [sum((sums.get(name, _ZERO) for name in ceiling.categories), _ZERO) for ceiling in ceilings]
    whole = sum(sums.values(), _ZERO)
    over: set[int] = set()
    total = whole
    while more := {i for i, ceiling in enumerate(ceilings) if held[i] > ceiling.at_most * total} - over:
        over |= more
        uncut = whole - sum((held[i] for i in over), _ZERO)
        total = uncut / (_ONE - sum((ceilings[i].at_most for i in over), _ZERO))
    return {name: ceilings[i].at_most * total / held[i] for i in over for name in ceilings[i].categories}


def _floor_factors(sums: Mapping[str, Fraction], floors: Sequence[Floor]) -> dict[str, Fraction]:
    """The factor of each category when the floors are kept.

    A group holding x with the floor f allows a total of at most x / f. Where the total is larger, everything above the
    floors' shares of the allowed total (others, and what groups hold beyond their floor) is cut in one proportion.
    """
    groups = [(floor, sum((sums.get(name, _ZERO) for name in floor.categories), _ZERO)) for floor in floors]
    groups = [(floor, held) for floor, held in groups if held > 0]
    whole = sum(sums.values(), _ZERO)
    allowed = min((held / floor.at_least for floor, held in groups), default=whole)
    if allowed >= whole:
        return {}
    promised = sum((floor.at_least * allowed for floor, _ in groups), _ZERO)
    kept = (allowed - promised) / (whole - promised)
    factors = dict.fromkeys(sums, kept)
    for floor, held in groups:
        least = floor.at_least * allowed
        factors.update(dict.fromkeys(floor.categories, (least + (held - least) * kept) / held))
    return factors
