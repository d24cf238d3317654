"""Quorum and majority as lists of requirements: the grammar of decision 21, and what is refused when a rule is made.

Every rule that passes these checks keeps the law of decision 23: one more yes, or a no, block or abstention turned into
a yes, never turns carried into rejected. That is why a base must contain all of what is counted.
"""

import sys
from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from typing import Literal, get_args

import msgspec

from governance.counting.tally import COUNTRIES
from governance.errors import Refusal
from governance.exact import exact_text

Counted = Literal["yes", "yes+abstain", "no", "block", "not_yes", "ballots", "present"]
Base = Literal["entitled", "present", "ballots", "yes+no"]
Comparison = Literal[
    "all_but",
    "at_least",
    "at_least_number",
    "at_most",
    "at_most_number",
    "fewer_than",
    "fewer_than_number",
    "more_than",
    "more_than_number",
]

MEASURES = ("coops", "weight", "cooperators", "countries")
"""What a federation's rules can measure in."""

HALF = Fraction(1, 2)
"""The share of a simple majority."""

HEADS = ("coops", "cooperators", "countries")
"""Measures in whole numbers."""

_COMPARISONS: tuple[Comparison, ...] = get_args(Comparison)
UPPER: tuple[Comparison, ...] = ("at_most", "at_most_number", "fewer_than", "fewer_than_number")
"""Comparisons that bound what is counted from above."""


class ComparisonUnclear(Refusal):
    """A requirement compares in no way, or in more than one."""

    code = "requirement_comparison"


class ShareOutOfRange(Refusal):
    """A required share is not one that can both hold and fail."""

    code = "requirement_share"


class NumberOutOfRange(Refusal):
    """A required number is not one that can be counted."""

    code = "requirement_number"


class BaseMisplaced(Refusal):
    """A requirement's base is missing, not wanted, or does not contain what is counted."""

    code = "requirement_base"


class CountMisplaced(Refusal):
    """A requirement counts something that has no meaning in its place."""

    code = "requirement_counts"


class PresenceNotTaken(Refusal):
    """Presence is only known in an assembly."""

    code = "requirement_present"


class NoBlockOnBallot(Refusal):
    """A requirement counts blocks, but the ballot does not offer one."""

    code = "requirement_block"


class AlternativesUnclear(Refusal):
    """A group of alternatives is not two or more plain requirements."""

    code = "requirement_any_of"


class MeasureUnknown(Refusal):
    """A requirement measures in something that is not counted."""

    code = "requirement_measure"


class MajorityEmpty(Refusal):
    """A majority needs at least one requirement."""

    code = "majority_empty"


class Requirement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One condition on a tally: what is counted, in which measure, against which exact share or number.

    Without `counts` a quorum counts `ballots` and a majority counts `yes`. One comparison is given, or `any_of` alone.
    """

    all_but: int | None = None
    any_of: tuple["Requirement", ...] = ()
    at_least: Fraction | None = None
    at_least_number: Fraction | None = None
    at_most: Fraction | None = None
    at_most_number: Fraction | None = None
    counts: Counted | None = None
    fewer_than: Fraction | None = None
    fewer_than_number: Fraction | None = None
    measure: str = "coops"
    more_than: Fraction | None = None
    more_than_number: Fraction | None = None
    of: Base | None = None

    def __post_init__(self) -> None:
        # msgspec omits a default only if it is the same object; the bytes must not depend on where the string came
        # from.
        msgspec.structs.force_setattr(self, "measure", sys.intern(self.measure))


def comparison(requirement: Requirement) -> tuple[Comparison, Fraction]:
    """The one comparison of a plain requirement, and its share or number.

    Raises:
        ComparisonUnclear: none or several are given.
    """
    given = [(name, Fraction(bound)) for name in _COMPARISONS if (bound := getattr(requirement, name)) is not None]
    if len(given) != 1:
        names = " and ".join(name for name, _ in given) or "none"
        raise ComparisonUnclear(
            f"A requirement needs exactly one comparison; this one has {names}. Split it, or complete it."
        )
    return given[0]


def base_of(requirement: Requirement) -> Base | None:
    """What a plain requirement's bound is taken of: None for a number, the entitled for `all_but` alone."""
    return "entitled" if requirement.of is None and requirement.all_but is not None else requirement.of


def check_quorum(
    requirements: Sequence[Requirement], *, assembly: bool = False, measures: Collection[str] = MEASURES
) -> None:
    """Refuse a quorum that makes no sense; an empty one means that any number will do.

    Raises:
        CountMisplaced: it counts something other than `present` or `ballots`, or sets an upper bound.
        BaseMisplaced: also a base other than `entitled` or `present`, which the ballots themselves would change.
        ComparisonUnclear, ShareOutOfRange, NumberOutOfRange, PresenceNotTaken, AlternativesUnclear, MeasureUnknown:
            as their names say.
    """
    for requirement in _plain(requirements):
        _check(requirement, assembly=assembly, measures=measures)
        counts = requirement.counts or "ballots"
        if counts not in ("ballots", "present") or comparison(requirement)[0] in UPPER:
            raise CountMisplaced(
                "A quorum says how many must be present or vote: it counts `present` or `ballots`, with at_least, "
                "more_than or all_but."
            )
        if base_of(requirement) not in (None, "entitled", "present") or counts == base_of(requirement):
            raise BaseMisplaced(
                f"A quorum of {counts} is a share of the entitled, or of those present. Set `of` to one of them."
            )


def check_majority(
    requirements: Sequence[Requirement], *, blocks: bool, assembly: bool = False, measures: Collection[str] = MEASURES
) -> None:
    """Refuse a majority that makes no sense. `blocks` says whether the ballot offers a block.

    Raises:
        MajorityEmpty: there is no requirement.
        CountMisplaced: `yes` or `yes+abstain` with an upper bound, `no`, `block` or `not_yes` with a lower one, or what
            only a quorum counts.
        NoBlockOnBallot: blocks are counted where nobody can block.
        BaseMisplaced: also a base that leaves out some of what is counted, so that a further yes could make it fail.
        ComparisonUnclear, ShareOutOfRange, NumberOutOfRange, PresenceNotTaken, AlternativesUnclear, MeasureUnknown:
            as their names say.
    """
    if not requirements:
        raise MajorityEmpty(
            "A majority without any requirement would carry everything. Add one, such as more than half of yes and no."
        )
    for requirement in _plain(requirements):
        _check(requirement, assembly=assembly, measures=measures)
        counts = requirement.counts or "yes"
        if counts in ("ballots", "present"):
            raise CountMisplaced(f"A majority counts agreement, not {counts}. Put this requirement into the quorum.")
        if (counts in ("yes", "yes+abstain")) == (comparison(requirement)[0] in UPPER):
            raise CountMisplaced(
                f"Of {counts} this bound is the wrong way round: ask for at_least or more_than yes, and for at_most or "
                "fewer_than no."
            )
        if counts == "block" and not blocks:
            raise NoBlockOnBallot(
                "Blocks are counted, but the ballot has only yes, no and abstain. Offer `block`, or count `no`."
            )
        outside = counts in ("yes+abstain", "not_yes") or (counts == "block" and requirement.measure == COUNTRIES)
        if requirement.of == "yes+no" and outside:
            raise BaseMisplaced(
                f"{counts} is no share of yes+no in {requirement.measure}: that base leaves out some of what is "
                "counted, and a further yes could turn carried into rejected. Take it of the ballots or the entitled."
            )


def _plain(requirements: Sequence[Requirement]) -> Iterator[Requirement]:
    for requirement in requirements:
        if not requirement.any_of:
            yield requirement
        elif requirement != Requirement(any_of=requirement.any_of):
            raise AlternativesUnclear(
                "A group `any_of` has no measure, base or comparison of its own. Write them in its alternatives."
            )
        elif len(requirement.any_of) == 1 or any(each.any_of for each in requirement.any_of):
            raise AlternativesUnclear(
                "A group `any_of` needs two or more plain alternatives, and no group inside. Write them out."
            )
        else:
            yield from requirement.any_of


def _check(requirement: Requirement, *, assembly: bool, measures: Collection[str]) -> None:
    name, bound = comparison(requirement)
    if requirement.measure not in measures:
        raise MeasureUnknown(f"{requirement.measure!r} is not a measure. Use one of {', '.join(sorted(measures))}.")
    if "present" in (requirement.counts, requirement.of) and not assembly:
        raise PresenceNotTaken("Those present count in an assembly only. Count the ballots or the entitled instead.")
    number = name == "all_but" or name.endswith("_number")
    if number and requirement.of is not None and name != "all_but":
        raise BaseMisplaced("A number stands for itself, without a base. Remove `of`, or write a share.")
    if not number and requirement.of is None:
        raise BaseMisplaced("A share needs its base: `of` entitled, present, ballots or yes+no. Add it.")
    if number:
        _check_number(name, bound, requirement.measure)
    elif not 0 < bound <= 1 or (bound == 1 and name in ("more_than", "at_most")):
        raise ShareOutOfRange(
            f"{name} {exact_text(bound)} is refused. A share is more than 0 and at most 1; more_than 1 could "
            "never hold and at_most 1 never fail. For none at all write at_most_number 0."
        )


def _check_number(name: Comparison, bound: Fraction, measure: str) -> None:
    least = 1 if name in ("at_least_number", "fewer_than_number") else 0
    if bound < least:
        raise NumberOutOfRange(
            f"{name} {exact_text(bound)} is refused: it would always or never hold. Write {least} or more."
        )
    if measure in HEADS and bound.denominator != 1:
        raise NumberOutOfRange(
            f"{name} {exact_text(bound)} {measure} is refused: they are counted whole. Round it as the rule means it."
        )
