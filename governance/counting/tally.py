"""What was voted, added up exactly in every measure.

A block is a `no` that also counts as a block, so `no` includes the blocks. In the derived measure `countries` a country
counts once: in favour (`yes`) when its yes coops outnumber its no coops, against (`no`) when the reverse, and among the
abstentions when it cast ballots and took neither side, so that ballots are yes + no + abstain as in any measure. A
country blocks when its blocking coops outnumber its yes coops; it is then also against. So one more yes moves a country
only upwards, from against through neither to in favour, which keeps the law of decision 23.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Literal

import msgspec

from governance.errors import Refusal
from governance.exact import SMALL, exact_text

Choice = Literal["yes", "no", "abstain", "block"]

COUNTRIES = "countries"
"""The one measure that is derived from the others and never given."""

_ZERO = SMALL[0]


class MeasureMismatch(Refusal):
    """The measures of the voters or ballots do not fit together."""

    code = "measure_mismatch"


class MoreThanEntitled(Refusal):
    """More was voted, or was present, than is entitled."""

    code = "more_than_entitled"


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A ballot, or a bundle of equal ballots: its choice, and what it weighs in each measure."""

    choice: Choice
    measures: Mapping[str, Fraction]


class Sums(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The sums of one measure, in that measure's unit. `present` is None where nobody's presence was taken."""

    abstain: Fraction
    block: Fraction
    entitled: Fraction
    no: Fraction
    present: Fraction | None
    yes: Fraction

    @property
    def ballots(self) -> Fraction:
        """All that was cast: yes, no (blocks included) and abstentions."""
        return self.yes + self.no + self.abstain

    @property
    def not_yes(self) -> Fraction:
        """All that did not say yes: those who voted otherwise and those who stayed away."""
        return self.entitled - self.yes


_NOTHING = Sums(abstain=_ZERO, block=_ZERO, entitled=_ZERO, no=_ZERO, present=None, yes=_ZERO)


class Tally(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A count: the sums by measure, and the numbers of coops by country that the measure `countries` comes from."""

    by_country: Mapping[str, Sums]
    measures: Mapping[str, Sums]


def _sums_of(cast: Mapping[str, Fraction], *, entitled: Fraction, present: Fraction | None) -> Sums:
    return Sums(
        abstain=cast["abstain"],
        block=cast["block"],
        entitled=entitled,
        no=cast["no"] + cast["block"],
        present=present,
        yes=cast["yes"],
    )


def total(
    papers: Iterable[Paper],
    entitled: Mapping[str, Fraction] | None = None,
    present: Mapping[str, Fraction] | None = None,
) -> Tally:
    """Add up papers, single or in bundles; a vote on two levels (people, then cantons) gives papers for each level.

    `entitled` is the electorate by measure. In a measure that it leaves out, the papers are taken to be all there is.

    Raises:
        MeasureMismatch: a negative amount.
        MoreThanEntitled: more papers, or more present, than `entitled` says there are.
    """
    adder = _Adder()
    for paper in papers:
        adder.add(paper)
    cast = adder.sums()
    measures: dict[str, Sums] = {}
    for measure in sorted({*cast, *(entitled or {})}):
        sums = cast.get(measure, _NOTHING)
        whole, here = (entitled or {}).get(measure, sums.ballots), (present or {}).get(measure)
        if max(sums.ballots, here or _ZERO) > whole:
            raise MoreThanEntitled(
                f"In {measure}, {exact_text(whole)} are entitled, but {exact_text(sums.ballots)} voted and "
                f"{exact_text(here or _ZERO)} are present. Correct the electorate or the papers."
            )
        measures[measure] = msgspec.structs.replace(sums, entitled=whole, present=here)
    return Tally(by_country={}, measures=measures)


def side(yes: Fraction | int, no: Fraction | int) -> Choice:
    """The side that a group takes as one: the larger of the two, or neither (`abstain`) when they are equal."""
    if yes == no:
        return "abstain"
    return "yes" if yes > no else "no"


def without_no(tally: Tally) -> Tally:
    """The same tally as if nobody had voted no or blocked. Countries are taken anew from their coops."""
    measures = {measure: _no_removed(sums) for measure, sums in tally.measures.items()}
    by_country = {country: _no_removed(sums) for country, sums in tally.by_country.items()}
    if by_country:
        measures[COUNTRIES] = sums_of_countries(by_country, presence=tally.measures[COUNTRIES].present is not None)
    return Tally(by_country=by_country, measures=measures)


def country_sums(coops: Sums) -> Sums:
    """One country in the measure `countries`, from the numbers of its coops, which are whole."""
    yes, no = coops.yes.numerator, coops.no.numerator
    taken = side(yes, no) if yes or no or coops.abstain else None
    return Sums(
        abstain=SMALL[taken == "abstain"],
        block=SMALL[coops.block.numerator > yes],
        entitled=SMALL[coops.entitled.numerator > 0],
        no=SMALL[taken == "no"],
        present=None if coops.present is None else SMALL[coops.present.numerator > 0],
        yes=SMALL[taken == "yes"],
    )


def sums_of_countries(by_country: Mapping[str, Sums], *, presence: bool) -> Sums:
    """The measure `countries`, from the numbers of coops in each; `presence` says whether it was taken."""
    sides = [country_sums(coops) for coops in by_country.values()]
    return Sums(
        abstain=quotient(sum([each.abstain.numerator for each in sides])),
        block=quotient(sum([each.block.numerator for each in sides])),
        entitled=quotient(sum([each.entitled.numerator for each in sides])),
        no=quotient(sum([each.no.numerator for each in sides])),
        present=quotient(sum([(each.present or _ZERO).numerator for each in sides])) if presence else None,
        yes=quotient(sum([each.yes.numerator for each in sides])),
    )


def quotient(numerator: int, denominator: int = 1) -> Fraction:
    """The exact quotient of two integers."""
    whole, rest = divmod(numerator, denominator)
    if rest:
        return Fraction(numerator, denominator)
    return SMALL[whole] if 0 <= whole < len(SMALL) else Fraction(whole)


def _no_removed(sums: Sums) -> Sums:
    return msgspec.structs.replace(sums, no=_ZERO, block=_ZERO)


class _Adder:
    """Adds papers by measure and choice, as integers over each denominator that occurs: exact, and nearly as fast."""

    def __init__(self) -> None:
        self._cells: dict[str, dict[str, dict[int, int]]] = {}

    def add(self, paper: Paper) -> None:
        for measure, amount in paper.measures.items():
            numerator, denominator = amount.as_integer_ratio()
            if numerator < 0:
                raise MeasureMismatch(f"{exact_text(amount)} {measure} is negative. A ballot weighs nothing or more.")
            cell = self._cells.setdefault(measure, {}).setdefault(paper.choice, {})
            cell[denominator] = cell.get(denominator, 0) + numerator

    def sums(self) -> dict[str, Sums]:
        """The sums of each measure, with everything that was cast as entitled."""
        found = {}
        for measure, row in self._cells.items():
            cast = {choice: _whole(row.get(choice, {})) for choice in ("yes", "no", "abstain", "block")}
            found[measure] = _sums_of(cast, entitled=sum(cast.values(), _ZERO), present=None)
        return found


def _whole(cell: Mapping[int, int]) -> Fraction:
    return sum((Fraction(numerator, denominator) for denominator, numerator in cell.items()), _ZERO)
