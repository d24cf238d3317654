"""Whether an outcome can still change, for closing early where a ballot once cast is final.

Each requirement is taken alone, with the best and the worst that the remaining voters could do for it. So the answer is
sound, and it may be late: two requirements that cannot both hold are not seen as such before each is certain.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from typing import Literal

from governance.counting.scales import Voter, count
from governance.counting.tally import COUNTRIES, Sums, Tally, country_sums
from governance.finding import amount
from governance.outcome import Status, judge
from governance.requirement import HALF, UPPER, Counted, Requirement, base_of, comparison

Certain = Literal["holds", "fails", "open"]

_ZERO = Fraction(0)
_ONE = Fraction(1)


def _unit(*, yes: int = 0, no: int = 0, abstain: int = 0, block: int = 0) -> Sums:
    numbers = {"yes": yes, "no": no, "abstain": abstain, "block": block}
    return Sums(entitled=_ZERO, present=_ZERO, **{name: Fraction(number) for name, number in numbers.items()})


_SILENT = _unit()
_YES = _unit(yes=1)
_NO = _unit(no=1)
_ABSTAIN = _unit(abstain=1)
_BLOCK = _unit(no=1, block=1)


def settled(
    tally: Tally,
    remaining: Iterable[Voter],
    quorum: Sequence[Requirement],
    majority: Sequence[Requirement],
    *,
    blocks: bool = False,
) -> Status | None:
    """The status that stands whatever the remaining voters do, or None while it can change.

    `remaining` are those voters of the tally's electorate who have not voted; nobody may vote again. What can still
    change is every number, and `no_show`.

    Raises:
        MeasureUnknown, PresenceNotTaken, ComparisonUnclear: the tally cannot answer a requirement.
    """
    status = judge(tally, quorum, majority).status
    left = count(remaining, {})
    if not any(sums.entitled for sums in left.measures.values()):
        return status
    reach = _Reach(tally, left, blocks=blocks)
    enough = [reach.certain(requirement, "ballots") for requirement in quorum]
    agreed = [reach.certain(requirement, "yes") for requirement in majority]
    if "fails" in enough:
        return "no_quorum"
    if "open" in enough:
        return None
    if status == "carried" and all(each == "holds" for each in agreed):
        return "carried"
    return "rejected" if "fails" in agreed else None


class _Reach:
    """What the remaining voters can still make of a tally."""

    def __init__(self, tally: Tally, left: Tally, *, blocks: bool) -> None:
        self._tally = tally
        self._left = left
        self._units = (_SILENT, _YES, _NO, _ABSTAIN, _BLOCK) if blocks else (_SILENT, _YES, _NO, _ABSTAIN)

    def certain(self, requirement: Requirement, default: Counted) -> Certain:
        """Whether a requirement is certain to hold, or to fail otherwise than by a tie."""
        if requirement.any_of:
            each = {self.certain(alternative, default) for alternative in requirement.any_of}
            if "holds" in each:
                return "holds"
            return "fails" if each == {"fails"} else "open"
        name, bound = comparison(requirement)
        counts, of = requirement.counts or default, base_of(requirement)
        share, number = (_ZERO, bound) if of is None else (_ONE, -bound) if name == "all_but" else (bound, _ZERO)

        def slack(sums: Sums) -> Fraction:
            return amount(sums, counts) - (_ZERO if of is None else share * amount(sums, of))

        least, most = (value - number for value in self._extremes(requirement.measure, slack))
        if name in UPPER:
            least, most = -most, -least
        strict = name.startswith(("more_than", "fewer_than"))
        if (least > 0 or (least == 0 and not strict)) and (name in UPPER or self._is_some(requirement, counts)):
            return "holds"
        tie_possible = counts == "yes" and requirement.more_than == HALF
        return "fails" if most < 0 or (most == 0 and strict and not tie_possible) else "open"

    def _is_some(self, requirement: Requirement, counts: Counted) -> bool:
        """Whether something is certain to be counted, and the base certain not to be empty."""
        return all(
            self._extremes(requirement.measure, partial(amount, counts=what))[0] > 0
            for what in (counts, base_of(requirement) or counts)
        )

    def _extremes(self, measure: str, value: Callable[[Sums], Fraction]) -> tuple[Fraction, Fraction]:
        """The least and the most that a linear value of the sums can become."""
        now = value(self._tally.measures[measure])
        if measure != COUNTRIES:
            changes = [value(unit) * self._left.measures[measure].entitled for unit in self._units]
            return now + min(changes), now + max(changes)
        least = most = now
        for country, left in self._left.by_country.items():
            coops = self._tally.by_country[country]
            before = value(_as_unit(country_sums(coops)))
            after = [value(unit) for unit in self._sides(coops, left.entitled)]
            least, most = least + min(after) - before, most + max(after) - before
        return least, most

    def _sides(self, coops: Sums, left: Fraction) -> Iterator[Sums]:
        """Every side that a country can come to take with `left` more ballots, and perhaps some that it cannot."""
        yield _as_unit(country_sums(coops))
        if coops.yes + left > coops.no:
            yield _YES
        if coops.no + left > coops.yes:
            yield _NO
        if abs(coops.yes - coops.no) <= left:
            yield _ABSTAIN
        if _BLOCK in self._units and coops.block + left > coops.yes:
            yield _BLOCK


def _as_unit(sums: Sums) -> Sums:
    return _unit(yes=int(sums.yes), no=int(sums.no), abstain=int(sums.abstain), block=int(sums.block))
