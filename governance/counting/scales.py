"""An electorate on the scales: one ballot for each voter, added up exactly in every measure and by country."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction

import msgspec

from governance.counting.tally import COUNTRIES, Choice, MeasureMismatch, Sums, Tally, quotient, sums_of_countries
from governance.errors import Refusal
from governance.exact import exact_text


class BallotNotEntitled(Refusal):
    """A ballot was cast by somebody who has no vote here."""

    code = "ballot_not_entitled"


class VoterTwice(Refusal):
    """A voter stands twice in the electorate."""

    code = "voter_twice"


class Voter(msgspec.Struct, frozen=True, kw_only=True):
    """One entitled voter: its country, if it has one, and what it weighs in each measure."""

    country: str | None = None
    id: str
    measures: Mapping[str, Fraction]


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

    __slots__ = ("_by_country", "_columns", "_countries", "_denominators", "_entitled", "_measures")

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
        columns = [
            {voter.id: _scaled(voter.measures[measure], denominator) for voter in listed}
            for measure, denominator in zip(self._measures, self._denominators, strict=True)
        ]
        self._entitled = tuple(sum(column.values()) for column in columns)
        # Where all weigh the same, as coops do in heads, counting is multiplying.
        self._columns = tuple(
            next(iter(column.values())) if len(set(column.values())) == 1 else column for column in columns
        )
        self._by_country = Counter(country for country in self._countries.values() if country is not None)

    def count(self, ballots: Mapping[str, Choice], present: Collection[str] | None = None) -> Tally:
        """Count one ballot for each voter that cast one.

        Raises:
            BallotNotEntitled: a ballot of somebody outside the electorate.
        """
        if not ballots.keys() <= self._countries.keys():
            stranger = min(ballots.keys() - self._countries.keys())
            raise BallotNotEntitled(
                f"{stranger} cast a ballot but is not in the electorate of this poll. Only who is entitled at "
                "opening can vote."
            )
        cast: _Cast = {"yes": [], "no": [], "abstain": [], "block": []}
        for voter, choice in ballots.items():
            cast[choice].append(voter)
        here = None if present is None else [voter for voter in frozenset(present) if voter in self._countries]
        measures = {
            measure: _sums(
                {choice: _summed(column, who) for choice, who in cast.items()},
                entitled=entitled,
                present=None if here is None else _summed(column, here),
                denominator=denominator,
            )
            for measure, column, entitled, denominator in zip(
                self._measures, self._columns, self._entitled, self._denominators, strict=True
            )
        }
        by_country = self._count_countries(cast, here)
        measures[COUNTRIES] = sums_of_countries(by_country, presence=here is not None)
        return Tally(by_country=by_country, measures=measures)

    def _count_countries(self, cast: "_Cast", here: list[str] | None) -> dict[str, Sums]:
        of = self._countries.__getitem__
        sides = {choice: Counter(map(of, who)) for choice, who in cast.items()}
        attending = None if here is None else Counter(map(of, here))
        return {
            country: _sums(
                {choice: side[country] for choice, side in sides.items()},
                entitled=entitled,
                present=None if attending is None else attending[country],
            )
            for country, entitled in self._by_country.items()
        }


_Cast = dict[Choice, list[str]]
"""Who made which choice."""


def _scaled(amount: Fraction, denominator: int) -> int:
    return amount.numerator * (denominator // amount.denominator)


def _summed(column: int | Mapping[str, int], who: list[str]) -> int:
    return column * len(who) if isinstance(column, int) else sum(map(column.__getitem__, who))


def _sums(cast: Mapping[Choice, int], *, entitled: int, present: int | None, denominator: int = 1) -> Sums:
    return Sums(
        abstain=quotient(cast["abstain"], denominator),
        block=quotient(cast["block"], denominator),
        entitled=quotient(entitled, denominator),
        no=quotient(cast["no"] + cast["block"], denominator),
        present=None if present is None else quotient(present, denominator),
        yes=quotient(cast["yes"], denominator),
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


def _listed(measures: Collection[str]) -> str:
    return ", ".join(sorted(measures)) or "nothing"
