"""A requirement held against a tally, exactly: shares are compared as fractions, and nothing is rounded."""

from fractions import Fraction
from typing import assert_never

import msgspec

from governance.counting.tally import Sums, Tally
from governance.requirement import (
    UPPER,
    Base,
    Comparison,
    Counted,
    MeasureUnknown,
    PresenceNotTaken,
    Requirement,
    base_of,
    comparison,
)


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What became of one requirement: the value counted, the base, and the bound that was needed.

    For `any_of` there are only the findings of its alternatives. `base` is None where the bound is a number.
    """

    alternatives: tuple["Finding", ...] = ()
    base: Fraction | None = None
    counts: Counted | None = None
    held: bool
    needed: Fraction | None = None
    requirement: Requirement
    value: Fraction | None = None


def evaluate(requirement: Requirement, tally: Tally, *, default: Counted) -> Finding:
    """Hold a requirement against a tally; `default` is what it counts when it does not say.

    A lower bound never holds with nothing counted, nor of a base of 0, not even `all_but`: 0 of 0 is not a majority.

    Raises:
        MeasureUnknown: the tally does not have the requirement's measure.
        PresenceNotTaken: it needs those present, and nobody's presence was taken.
        ComparisonUnclear: it has no comparison or several.
    """
    if requirement.any_of:
        alternatives = tuple(evaluate(each, tally, default=default) for each in requirement.any_of)
        return Finding(alternatives=alternatives, held=any(each.held for each in alternatives), requirement=requirement)
    sums = tally.measures.get(requirement.measure)
    if sums is None:
        raise MeasureUnknown(
            f"This vote is not counted in {requirement.measure}. Use one of {', '.join(sorted(tally.measures))}."
        )
    name, bound = comparison(requirement)
    counts = requirement.counts or default
    value = amount(sums, counts)
    of = base_of(requirement)
    base = None if of is None else amount(sums, of)
    if base is None:
        needed = bound
    elif name == "all_but":
        needed = max(base - bound, Fraction(0))
    else:
        needed = bound * base
    held = _compares(name, value, needed) and (name in UPPER or (value > 0 and base != 0))
    return Finding(base=base, counts=counts, held=held, needed=needed, requirement=requirement, value=value)


def amount(  # noqa: C901, PLR0911 - one case for each word of the grammar
    sums: Sums, counts: Counted | Base
) -> Fraction:
    """What is counted, or is a base, in the sums of one measure.

    Raises:
        PresenceNotTaken: those present are wanted, and nobody's presence was taken.
    """
    match counts:
        case "yes":
            return sums.yes
        case "yes+abstain":
            return sums.yes + sums.abstain
        case "yes+no":
            return sums.yes + sums.no
        case "no":
            return sums.no
        case "block":
            return sums.block
        case "not_yes":
            return sums.not_yes
        case "ballots":
            return sums.ballots
        case "entitled":
            return sums.entitled
        case "present":
            if sums.present is None:
                raise PresenceNotTaken(
                    "Those present count in an assembly only. Count the ballots or the entitled instead."
                )
            return sums.present
        case _:
            assert_never(counts)


def _compares(name: Comparison, value: Fraction, needed: Fraction) -> bool:
    match name:
        case "at_least" | "at_least_number" | "all_but":
            return value >= needed
        case "more_than" | "more_than_number":
            return value > needed
        case "at_most" | "at_most_number":
            return value <= needed
        case "fewer_than" | "fewer_than_number":
            return value < needed
        case _:
            assert_never(name)
