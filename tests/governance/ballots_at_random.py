"""Electorates, ballots and legal rules at random, for the tests that state laws."""

from fractions import Fraction
from typing import Any

import msgspec
from hypothesis import strategies as st

from governance.counting.scales import Voter
from governance.counting.tally import Choice
from governance.requirement import Requirement

CHOICES: tuple[Choice, ...] = ("yes", "no", "abstain", "block")
SHARES = tuple(Fraction(n, d) for n, d in ((1, 10), (1, 4), (1, 3), (1, 2), (3, 5), (2, 3), (3, 4), (1, 1)))
MEASURES = ("coops", "weight", "cooperators", "countries")

amounts = st.builds(Fraction, st.integers(0, 6), st.integers(1, 3))


def voter(number: int, country: str | None, weight: Fraction, cooperators: int) -> Voter:
    measures = {"coops": Fraction(1), "weight": weight, "cooperators": Fraction(cooperators)}
    return Voter(country=country, id=f"c{number}", measures=measures)


@st.composite
def electorates(draw: st.DrawFn, most: int = 7) -> list[Voter]:
    rows = draw(
        st.lists(
            st.tuples(st.sampled_from(("AR", "ES", "UY", None)), amounts, st.integers(0, 9)), min_size=1, max_size=most
        )
    )
    return [voter(number, *row) for number, row in enumerate(rows)]


@st.composite
def cast(draw: st.DrawFn, voters: list[Voter]) -> dict[str, Choice]:
    given = draw(st.lists(st.sampled_from((*CHOICES, None)), min_size=len(voters), max_size=len(voters)))
    return {each.id: choice for each, choice in zip(voters, given, strict=True) if choice is not None}


def _plain(
    counts: tuple[str, ...], comparisons: tuple[str, ...], bases: tuple[str, ...]
) -> st.SearchStrategy[Requirement]:
    @st.composite
    def build(draw: st.DrawFn) -> Requirement:
        name = draw(st.sampled_from(comparisons))
        fields: dict[str, Any] = {
            "counts": draw(st.sampled_from(counts)),
            "measure": draw(st.sampled_from(MEASURES)),
        }
        if name.endswith("_number"):
            fields[name] = Fraction(draw(st.integers(name in ("at_least_number", "fewer_than_number"), 6)))
        else:
            fields["of"] = draw(st.sampled_from(bases))
            if name == "all_but":
                fields[name] = draw(st.integers(0, 4))
            else:
                fields[name] = draw(st.sampled_from(SHARES[:-1] if name in ("more_than", "at_most") else SHARES))
        return Requirement(**fields)

    return build()


LOWER = ("at_least", "more_than", "at_least_number", "more_than_number", "all_but")
UPPER = ("at_most", "fewer_than", "at_most_number", "fewer_than_number")

plain_majorities = (
    _plain(("yes",), LOWER, ("entitled", "present", "ballots", "yes+no"))
    | _plain(("yes+abstain",), LOWER, ("entitled", "present", "ballots"))
    | _plain(("no",), UPPER, ("entitled", "present", "ballots", "yes+no"))
    | _plain(("block", "not_yes"), UPPER, ("entitled", "present", "ballots"))
)
plain_quorums = _plain(("ballots",), LOWER, ("entitled", "present")) | _plain(("present",), LOWER, ("entitled",))


def _lists(plain: st.SearchStrategy[Requirement], least: int) -> st.SearchStrategy[list[Requirement]]:
    groups = st.lists(plain, min_size=2, max_size=3).map(lambda each: Requirement(any_of=tuple(each)))
    return st.lists(plain | groups, min_size=least, max_size=3)


majorities = _lists(plain_majorities, 1)
quorums = _lists(plain_quorums, 0)


def measured(requirement: Requirement, measure: str) -> Requirement:
    return msgspec.structs.replace(requirement, measure=measure)
