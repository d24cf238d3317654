"""What was voted, added up exactly in every measure.

A block is a `no` that also counts as a block, so `no` includes the blocks. In the derived measure `countries` a country
counts once: in favour (`yes`) when its yes coops outnumber its no coops, against (`no`) when the reverse, and among the
abstentions when it cast ballots and took neither side, so that ballots are yes + no + abstain as in any measure. A
country blocks when its blocking coops outnumber its yes coops; it is then also against. So one more yes moves a country
only upwards, from against through neither to in favour, which keeps the law of decision 23.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import Literal

import msgspec

from governance.errors import Refusal
from governance.exact import exact_text

Choice = Literal["yes", "no", "abstain", "block"]

COUNTRIES = "countries"
"""The one measure that is derived from the others and never given."""

_SMALL = tuple(Fraction(number) for number in range(512))
"""Most sums of heads are small, and making a fraction takes longer than adding a hundred ballots."""
_ZERO = _SMALL[0]
_ONE = _SMALL[1]


class BallotNotEntitled(Refusal):
    """A ballot was cast by somebody who has no vote here."""

    code = "ballot_not_entitled"


class VoterTwice(Refusal):
    """A voter stands twice in the electorate."""

    code = "voter_twice"


class MeasureMismatch(Refusal):
    """The measures of the voters or ballots do not fit together."""

    code = "measure_mismatch"


class MoreThanEntitled(Refusal):
    """More was voted, or was present, than is entitled."""

    code = "more_than_entitled"


class Voter(msgspec.Struct, frozen=True, kw_only=True):
    """One entitled voter: its country, if it has one, and what it weighs in each measure."""

    country: str | None = None
    id: str
    measures: Mapping[str, Fraction]


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


def count(voters: Iterable[Voter], ballots: Mapping[str, Choice], present: Collection[str] | None = None) -> Tally:
    """Count one ballot for each voter that cast one; the order of voters and ballots does not matter.

    `present` are those checked in at the opening; who is not entitled among them (an observer) is not counted.

    Raises:
        BallotNotEntitled: a ballot of somebody outside the electorate.
        VoterTwice: two voters with one id.
        MeasureMismatch: voters with different measures, a negative amount, or the derived measure `countries` given.
    """
    return Scales(voters).count(ballots, present)


class Scales:
    """The voters of one electorate, weighed once, so that their ballots can be counted any number of times.

    In each measure the amounts are held as integers over the measure's common denominator: sums of them are exact and quick.

    Raises:
        VoterTwice, MeasureMismatch: as `count`.
    """

    __slots__ = ("_by_country", "_countries", "_denominators", "_entitled", "_equal", "_measures", "_weights")

    def __init__(self, voters: Iterable[Voter]) -> None:
        """Weigh the voters."""
        listed = list(voters)
        self._measures = tuple(sorted(listed[0].measures)) if listed else ()
        self._countries: dict[str, str | None] = {}
        for voter in listed:
            if voter.id in self._countries:
                raise VoterTwice(f"{voter.id} stands twice in the electorate. One coop has one ballot: list it once.")
            self._countries[voter.id] = voter.country
            _check_measures(voter, self._measures)
        self._denominators = tuple(
            math.lcm(*(voter.measures[measure].denominator for voter in listed)) for measure in self._measures
        )
        scale = tuple(zip(self._measures, self._denominators, strict=True))
        self._weights = {
            voter.id: tuple(
                (amount := voter.measures[measure]).numerator * (denominator // amount.denominator)
                for measure, denominator in scale
            )
            for voter in listed
        }
        columns = tuple(zip(*self._weights.values(), strict=True))
        self._entitled = tuple(map(sum, columns))
        # Where all weigh the same, as coops do in heads, counting is multiplying.
        self._equal = tuple(column[0] if len(set(column)) == 1 else None for column in columns)
        self._by_country = Counter(country for country in self._countries.values() if country is not None)

    def count(self, ballots: Mapping[str, Choice], present: Collection[str] | None = None) -> Tally:
        """Count one ballot for each voter that cast one.

        Raises:
            BallotNotEntitled: a ballot of somebody outside the electorate.
        """
        if not ballots.keys() <= self._weights.keys():
            stranger = min(ballots.keys() - self._weights.keys())
            raise BallotNotEntitled(
                f"{stranger} cast a ballot but is not in the electorate of this poll. Only who is entitled at "
                "opening can vote."
            )
        chosen: dict[str, list[str]] = {"yes": [], "no": [], "abstain": [], "block": []}
        for voter, choice in ballots.items():
            chosen[choice].append(voter)
        here = None if present is None else [voter for voter in frozenset(present) if voter in self._weights]
        sums = {choice: self._summed(who) for choice, who in chosen.items()}
        attending = None if here is None else self._summed(here)
        measures = {
            measure: _sums_of(
                {choice: _over(row[at], over) for choice, row in sums.items()},
                entitled=_over(self._entitled[at], over),
                present=None if attending is None else _over(attending[at], over),
            )
            for at, (measure, over) in enumerate(zip(self._measures, self._denominators, strict=True))
        }
        by_country = self._count_countries(chosen, here)
        return Tally(
            by_country=by_country, measures={**measures, COUNTRIES: _countries(by_country, present is not None)}
        )

    def _count_countries(self, chosen: Mapping[str, list[str]], here: list[str] | None) -> dict[str, Sums]:
        of = self._countries.__getitem__
        sides = {choice: Counter(map(of, who)) for choice, who in chosen.items()}
        attending = None if here is None else Counter(map(of, here))
        return {
            country: _sums_of(
                {choice: _over(side[country]) for choice, side in sides.items()},
                entitled=_over(entitled),
                present=None if attending is None else _over(attending[country]),
            )
            for country, entitled in self._by_country.items()
        }

    def _summed(self, who: list[str]) -> tuple[int, ...]:
        weights = [self._weights[voter] for voter in who] if None in self._equal else []
        return tuple(
            sum([weight[at] for weight in weights]) if equal is None else equal * len(who)
            for at, equal in enumerate(self._equal)
        )


def _check_measures(voter: Voter, measures: tuple[str, ...]) -> None:
    if voter.measures.keys() != set(measures) or COUNTRIES in measures:
        raise MeasureMismatch(
            f"{voter.id} is measured in {_listed(voter.measures)}, the first voter in {_listed(measures)}. All voters of "
            "an electorate need the same measures, and countries are counted by the service, not given."
        )
    for measure, amount in voter.measures.items():
        if amount < 0:
            raise MeasureMismatch(f"{exact_text(amount)} {measure} is negative. A voter weighs nothing or more.")


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


def side(yes: Fraction, no: Fraction) -> Choice:
    """The side that a group takes as one: the larger of the two, or neither (`abstain`) when they are equal."""
    if yes == no:
        return "abstain"
    return "yes" if yes > no else "no"


def without_no(tally: Tally) -> Tally:
    """The same tally as if nobody had voted no or blocked. Countries are taken anew from their coops."""
    measures = {measure: _no_removed(sums) for measure, sums in tally.measures.items()}
    by_country = {country: _no_removed(sums) for country, sums in tally.by_country.items()}
    if by_country:
        measures[COUNTRIES] = _countries(by_country, tally.measures[COUNTRIES].present is not None)
    return Tally(by_country=by_country, measures=measures)


def country_sums(coops: Sums) -> Sums:
    """One country in the measure `countries`, from the numbers of its coops."""
    taken = side(coops.yes, coops.no) if coops.ballots else None
    return Sums(
        abstain=_SMALL[taken == "abstain"],
        block=_SMALL[coops.block > coops.yes],
        entitled=_SMALL[coops.entitled > 0],
        no=_SMALL[taken == "no"],
        present=None if coops.present is None else _SMALL[coops.present > 0],
        yes=_SMALL[taken == "yes"],
    )


def _countries(by_country: Mapping[str, Sums], presence: bool) -> Sums:  # noqa: FBT001  a private helper
    sides = [country_sums(coops) for coops in by_country.values()]
    return Sums(
        abstain=_over(sum(each.abstain.numerator for each in sides)),
        block=_over(sum(each.block.numerator for each in sides)),
        entitled=_over(sum(each.entitled.numerator for each in sides)),
        no=_over(sum(each.no.numerator for each in sides)),
        present=_over(sum((each.present or _ZERO).numerator for each in sides)) if presence else None,
        yes=_over(sum(each.yes.numerator for each in sides)),
    )


def _over(numerator: int, denominator: int = 1) -> Fraction:
    whole, rest = divmod(numerator, denominator)
    return _SMALL[whole] if not rest and whole < len(_SMALL) else Fraction(numerator, denominator)


def _no_removed(sums: Sums) -> Sums:
    return msgspec.structs.replace(sums, no=_ZERO, block=_ZERO)


def _listed(measures: Collection[str]) -> str:
    return ", ".join(sorted(measures)) or "nothing"


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
