import itertools
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.counting.scales import Voter, count
from governance.counting.tally import Choice, Tally
from governance.early import settled
from governance.outcome import judge
from governance.requirement import Requirement
from tests.governance.ballots_at_random import CHOICES, cast, electorates, majorities, quorums, voter

F = Fraction
SIMPLE = Requirement(more_than=F(1, 2), of="yes+no")
NINE = [voter(number, "AR" if number < 5 else "ES", F(1), 1) for number in range(9)]


def after(
    letters: str, *majority: Requirement, quorum: tuple[Requirement, ...] = (), blocks: bool = False
) -> str | None:
    """What is settled when the first of nine coops voted as the letters say: y, n, a or b."""
    words: dict[str, Choice] = {"y": "yes", "n": "no", "a": "abstain", "b": "block"}
    ballots = {f"c{place}": words[letter] for place, letter in enumerate(letters)}
    left = [each for each in NINE if each.id not in ballots]
    return settled(count(NINE, ballots), left, quorum, majority, blocks=blocks)


@pytest.mark.parametrize(
    ("letters", "status"),
    [
        ("", None),
        ("yyyy", None),
        ("yyyyy", "carried"),
        ("nnnn", None),
        ("nnnnn", "rejected"),
        ("yyyyn", None),
        ("yyyynnnn", None),
        ("yyyynnnny", "carried"),
        ("yyyynnnna", "tied"),
    ],
)
def test_a_simple_majority_is_settled_by_more_than_half_of_all(letters: str, status: str | None) -> None:
    assert after(letters, SIMPLE) == status


def test_a_rejection_is_not_settled_while_it_could_become_a_tie() -> None:
    assert after("nnnn" + "aaa", SIMPLE) == "rejected"
    assert after("nnnn" + "a", SIMPLE) is None


def test_no_quorum_is_settled_when_it_cannot_be_met() -> None:
    ten = Requirement(at_least_number=F(10))
    assert after("yyyyy", SIMPLE, quorum=(ten,)) == "no_quorum"
    assert after("", SIMPLE, quorum=(Requirement(at_least_number=F(9)),)) is None


def test_nothing_is_settled_while_the_quorum_is_open() -> None:
    six = Requirement(at_least_number=F(6))
    assert after("yyyyy", SIMPLE, quorum=(six,)) is None
    assert after("nnnnn", SIMPLE, quorum=(six,)) is None
    assert after("yyyyyn", SIMPLE, quorum=(six,)) == "carried"


def test_nothing_is_carried_before_its_first_yes() -> None:
    no_objection = Requirement(counts="no", at_most_number=F(9))
    assert after("aaaa", no_objection) is None
    assert after("y", no_objection) == "carried"


def test_silence_is_not_settled_while_somebody_can_still_object() -> None:
    no_objection = Requirement(counts="no", at_most_number=F(0))
    assert after("y", no_objection) is None
    assert after("yn", no_objection) == "rejected"


def test_blocks_are_feared_only_where_the_ballot_offers_one() -> None:
    no_block = Requirement(counts="block", at_most_number=F(0))
    assert after("y", no_block) == "carried"
    assert after("y", no_block, blocks=True) is None
    assert after("yb", no_block, blocks=True) == "rejected"


def test_one_certain_alternative_is_enough_and_all_must_fail() -> None:
    either = Requirement(any_of=(Requirement(at_least_number=F(3)), Requirement(counts="no", at_most_number=F(1))))
    assert after("yyy", either) == "carried"
    assert after("nn", either) is None
    assert after("nnnnnnn", either) == "rejected"


def test_a_share_of_what_may_stay_empty_is_not_settled() -> None:
    # Two countries, none of which has taken a side for good.
    sides = Requirement(at_least=F(1, 2), of="yes+no", measure="countries")
    assert after("", sides) is None
    assert after("yy", sides) is None
    assert after("yyy", sides) == "carried"
    assert after("aaaa", Requirement(all_but=5, of="yes+no")) is None
    assert after("aaaay", Requirement(all_but=4, of="yes+no")) == "carried"


def test_when_all_have_voted_the_outcome_is_the_judgement() -> None:
    assert after("yyyynnnna", SIMPLE, quorum=(Requirement(at_least_number=F(10)),)) == "no_quorum"


def some_voters_left(data: st.DataObject) -> tuple[list[Voter], dict[str, Choice], list[Voter]]:
    voters = data.draw(electorates(most=5))
    left = voters[: data.draw(st.integers(0, min(3, len(voters))))]
    ballots = data.draw(cast(voters))
    return voters, {coop: choice for coop, choice in ballots.items() if coop not in {each.id for each in left}}, left


@settings(max_examples=300, deadline=None)
@given(st.data(), quorums, majorities, st.booleans())
def test_what_is_settled_stands_whatever_the_others_do(
    data: st.DataObject,
    quorum: list[Requirement],
    majority: list[Requirement],
    blocks: bool,
) -> None:
    voters, ballots, left = some_voters_left(data)
    present = [each.id for each in voters[::2]]

    def tally(more: dict[str, Choice]) -> Tally:
        return count(voters, {**ballots, **more}, present)

    status = settled(tally({}), left, quorum, majority, blocks=blocks)
    if status is not None:
        offered = [*(CHOICES if blocks else CHOICES[:3]), None]
        for given_ in itertools.product(offered, repeat=len(left)):
            more = {each.id: choice for each, choice in zip(left, given_, strict=True) if choice is not None}
            assert judge(tally(more), quorum, majority).status == status
