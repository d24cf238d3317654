import re
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.canonical import NotCanonical, WrongShape, decoder_for, encode, from_text
from governance.requirement import (
    AlternativesUnclear,
    BaseMisplaced,
    ComparisonUnclear,
    CountMisplaced,
    MajorityEmpty,
    MeasureUnknown,
    NoBlockOnBallot,
    NumberOutOfRange,
    PresenceNotTaken,
    Requirement,
    ShareOutOfRange,
    base_of,
    check_majority,
    check_quorum,
    comparison,
)
from tests.governance.ballots_at_random import majorities, plain_majorities, quorums

F = Fraction
read = decoder_for(Requirement)


def rule(text: str) -> Requirement:
    return msgspec.json.decode(text, type=Requirement, dec_hook=from_text)


@pytest.mark.parametrize(
    "data",
    [
        b'{"at_least":"1/2","of":"entitled"}',
        b'{"measure":"cooperators","more_than":"1/2","of":"yes+no"}',
        b'{"at_most_number":"3","counts":"not_yes","measure":"state"}',
        b'{"all_but":2}',
        b'{"any_of":[{"at_least_number":"25"},{"at_least":"1/10","of":"entitled"}]}',
    ],
)
def test_a_requirement_is_read_and_written_in_one_spelling(data: bytes) -> None:
    assert encode(read(data)) == data


def test_the_usual_measure_is_never_spelled_out_wherever_it_came_from() -> None:
    data = b'{"at_least":"1/2","of":"entitled"}'
    spelled = rule('{"at_least":"1/2","measure":"coops","of":"entitled"}')
    built = Requirement(measure=str(b"coops", "ascii"), at_least=F(1, 2), of="entitled")
    assert encode(spelled) == encode(built) == data
    with pytest.raises(NotCanonical):
        read(b'{"at_least":"1/2","measure":"coops","of":"entitled"}')


@pytest.mark.parametrize("data", [b'{"counts":"maybe"}', b'{"of":"all"}', b'{"atleast":"1/2"}', b'{"all_but":"2"}'])
def test_other_words_are_refused(data: bytes) -> None:
    with pytest.raises(WrongShape):
        read(data)


@given(majorities)
def test_every_legal_majority_passes_and_keeps_its_spelling(requirements: list[Requirement]) -> None:
    check_majority(requirements, blocks=True, assembly=True)
    for requirement in requirements:
        assert read(encode(requirement)) == requirement


@given(quorums)
def test_every_legal_quorum_passes(requirements: list[Requirement]) -> None:
    check_quorum(requirements, assembly=True)


@given(plain_majorities, st.sampled_from(("at_least", "more_than_number", "fewer_than", "all_but")))
def test_two_comparisons_are_never_one(requirement: Requirement, other: str) -> None:
    if getattr(requirement, other) is None:
        both = msgspec.structs.replace(requirement, **{other: 1 if other == "all_but" else F(1)})
        with pytest.raises(ComparisonUnclear, match=" and "):
            comparison(both)


def test_a_comparison_is_named_with_its_bound() -> None:
    assert comparison(Requirement(at_least=F(2, 3))) == ("at_least", F(2, 3))
    assert comparison(Requirement(all_but=0)) == ("all_but", F(0))
    with pytest.raises(ComparisonUnclear, match="has none"):
        comparison(Requirement())


def test_all_but_is_of_the_entitled_unless_it_says_otherwise() -> None:
    assert base_of(Requirement(all_but=1)) == "entitled"
    assert base_of(Requirement(all_but=1, of="ballots")) == "ballots"
    assert base_of(Requirement(at_least_number=F(1))) is None


LEGAL_MAJORITIES = [
    '{"of":"entitled","at_least":"1"}',
    '{"of":"yes+no","more_than":"1/2"}',
    '{"of":"ballots","counts":"yes+abstain","at_least":"3/4"}',
    '{"of":"entitled","counts":"no","fewer_than":"1"}',
    '{"of":"ballots","counts":"not_yes","at_most":"1/10"}',
    '{"of":"yes+no","counts":"block","at_most":"1/10"}',
    '{"of":"ballots","counts":"block","measure":"countries","at_most":"1/10"}',
    '{"counts":"no","at_most_number":"0"}',
    '{"counts":"block","fewer_than_number":"1"}',
    '{"at_least_number":"1"}',
    '{"more_than_number":"0"}',
    '{"measure":"weight","at_least_number":"3/2"}',
    '{"all_but":0}',
    '{"any_of":[{"counts":"block","at_most_number":"0"},{"of":"ballots","at_least":"3/4"}]}',
]


@pytest.mark.parametrize("text", LEGAL_MAJORITIES)
def test_a_sensible_majority_passes(text: str) -> None:
    check_majority([rule(text)], blocks=True)


def is_a_sentence(refusal: Exception) -> bool:
    """Whether a refusal is told in whole sentences."""
    return re.fullmatch(r"['A-Za-z].+[a-z0-9:].*\.", str(refusal)) is not None and not str(refusal).isupper()


BAD_MAJORITIES = [
    ('{"of":"entitled"}', ComparisonUnclear),
    ('{"of":"entitled","at_least":"1/2","all_but":1}', ComparisonUnclear),
    ('{"of":"entitled","at_least":"0"}', ShareOutOfRange),
    ('{"of":"entitled","more_than":"0"}', ShareOutOfRange),
    ('{"of":"entitled","at_least":"4/3"}', ShareOutOfRange),
    ('{"of":"entitled","at_least":"-1/3"}', ShareOutOfRange),
    ('{"of":"entitled","more_than":"1"}', ShareOutOfRange),
    ('{"of":"ballots","counts":"no","at_most":"1"}', ShareOutOfRange),
    ('{"of":"ballots","counts":"no","at_most":"0"}', ShareOutOfRange),
    ('{"of":"ballots","counts":"no","fewer_than":"0"}', ShareOutOfRange),
    ('{"of":"ballots","counts":"no","fewer_than":"3/2"}', ShareOutOfRange),
    ('{"at_least_number":"0"}', NumberOutOfRange),
    ('{"more_than_number":"-1"}', NumberOutOfRange),
    ('{"at_least_number":"3/2"}', NumberOutOfRange),
    ('{"measure":"countries","at_least_number":"3/2"}', NumberOutOfRange),
    ('{"measure":"cooperators","at_least_number":"3/2"}', NumberOutOfRange),
    ('{"measure":"weight","at_least_number":"1/2"}', NumberOutOfRange),
    ('{"counts":"no","at_most_number":"-1"}', NumberOutOfRange),
    ('{"counts":"no","fewer_than_number":"0"}', NumberOutOfRange),
    ('{"all_but":-1}', NumberOutOfRange),
    ('{"at_least":"1/2"}', BaseMisplaced),
    ('{"of":"entitled","at_least_number":"2"}', BaseMisplaced),
    ('{"of":"yes+no","counts":"yes+abstain","at_least":"1/2"}', BaseMisplaced),
    ('{"of":"yes+no","counts":"yes+abstain","all_but":1}', BaseMisplaced),
    ('{"of":"yes+no","counts":"not_yes","at_most":"1/2"}', BaseMisplaced),
    ('{"of":"yes+no","counts":"block","measure":"countries","at_most":"1/2"}', BaseMisplaced),
    ('{"of":"present","at_least":"1/2"}', PresenceNotTaken),
    ('{"counts":"present","at_least_number":"3"}', PresenceNotTaken),
    ('{"counts":"ballots","at_least_number":"3"}', CountMisplaced),
    ('{"counts":"ballots","at_most_number":"3"}', CountMisplaced),
    ('{"of":"entitled","at_most":"1/2"}', CountMisplaced),
    ('{"fewer_than_number":"3"}', CountMisplaced),
    ('{"of":"ballots","counts":"yes+abstain","at_most":"1/2"}', CountMisplaced),
    ('{"of":"ballots","counts":"no","at_least":"1/2"}', CountMisplaced),
    ('{"counts":"not_yes","all_but":3}', CountMisplaced),
    ('{"counts":"block","more_than_number":"3"}', CountMisplaced),
    ('{"measure":"wieght","at_least_number":"3"}', MeasureUnknown),
    ('{"any_of":[{"at_least_number":"3"}]}', AlternativesUnclear),
    ('{"any_of":[{"at_least_number":"3"},{"any_of":[{"all_but":1},{"all_but":2}]}]}', AlternativesUnclear),
    ('{"any_of":[{"at_least_number":"3"},{"all_but":1}],"measure":"weight"}', AlternativesUnclear),
    ('{"any_of":[{"at_least_number":"3"},{"all_but":1}],"at_least_number":"2"}', AlternativesUnclear),
    ('{"any_of":[{"at_least_number":"3"},{"all_but":1}],"of":"ballots"}', AlternativesUnclear),
    ('{"any_of":[{"at_least_number":"3"},{"all_but":-1}]}', NumberOutOfRange),
]


@pytest.mark.parametrize(("text", "refusal"), BAD_MAJORITIES)
def test_a_majority_without_sense_is_refused_when_the_rule_is_made(text: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal) as caught:
        check_majority([rule('{"of":"yes+no","more_than":"1/2"}'), rule(text)], blocks=True)
    assert caught.type is refusal
    assert is_a_sentence(caught.value)


def test_a_majority_needs_a_requirement() -> None:
    with pytest.raises(MajorityEmpty, match="A majority without any requirement"):
        check_majority([], blocks=False)


def test_blocks_are_counted_only_where_the_ballot_offers_one() -> None:
    no_block = [rule('{"counts":"block","at_most_number":"0"}')]
    check_majority(no_block, blocks=True)
    with pytest.raises(NoBlockOnBallot, match="Blocks are counted"):
        check_majority(no_block, blocks=False)


def test_a_majority_never_counts_presence() -> None:
    for text in ('{"counts":"present","at_most_number":"3"}', '{"counts":"present","at_least_number":"3"}'):
        with pytest.raises(CountMisplaced, match="not present"):
            check_majority([rule(text)], blocks=False, assembly=True)


def test_those_present_are_counted_in_an_assembly() -> None:
    check_majority([rule('{"of":"present","at_least":"2/3"}')], blocks=False, assembly=True)
    check_quorum([rule('{"counts":"present","of":"entitled","at_least":"1/2"}')], assembly=True)
    check_quorum([rule('{"of":"present","at_least":"1/2"}')], assembly=True)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ('{"counts":"present","at_least_number":"3"}', PresenceNotTaken),
        ('{"of":"present","at_least":"1/2"}', PresenceNotTaken),
        ('{"counts":"yes","at_least_number":"3"}', CountMisplaced),
        ('{"counts":"no","at_least_number":"3"}', CountMisplaced),
        ('{"of":"entitled","at_most":"1/2"}', CountMisplaced),
        ('{"fewer_than_number":"3"}', CountMisplaced),
        ('{"of":"ballots","at_least":"1/2"}', BaseMisplaced),
        ('{"of":"yes+no","at_least":"1/2"}', BaseMisplaced),
        ('{"of":"ballots","all_but":2}', BaseMisplaced),
        ('{"at_least":"1/2"}', BaseMisplaced),
        ('{"of":"entitled","at_least":"0"}', ShareOutOfRange),
        ('{"measure":"dues","at_least_number":"3"}', MeasureUnknown),
        ("{}", ComparisonUnclear),
        ('{"any_of":[{"at_least_number":"3"}]}', AlternativesUnclear),
    ],
)
def test_a_quorum_without_sense_is_refused_when_the_rule_is_made(text: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal) as caught:
        check_quorum([rule('{"all_but":1}'), rule(text)])
    assert caught.type is refusal
    assert is_a_sentence(caught.value)


def test_those_present_are_no_share_of_those_present() -> None:
    with pytest.raises(BaseMisplaced, match="A quorum of present is a share of"):
        check_quorum([rule('{"counts":"present","of":"present","at_least":"1/2"}')], assembly=True)


def test_any_number_can_be_a_quorum() -> None:
    check_quorum([])


def test_the_smaller_of_twenty_five_and_ten_per_cent_is_a_quorum() -> None:
    check_quorum([rule('{"any_of":[{"at_least_number":"25"},{"of":"entitled","at_least":"1/10"}]}')])


def test_other_measures_are_known_when_named() -> None:
    requirement = [rule('{"measure":"canton","at_least_number":"23/2"}')]
    check_majority(requirement, blocks=False, measures=("canton",))
    check_quorum(requirement, measures=("canton",))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"of":"entitled"}', "this one has none"),
        ('{"measure":"wieght","at_least_number":"3"}', "Use one of cooperators, coops, countries, weight"),
        ('{"at_least_number":"3/2"}', "at_least_number 3/2 coops is refused"),
        ('{"of":"entitled","at_least":"4/3"}', "at_least 4/3 is refused"),
        ('{"counts":"no","fewer_than_number":"0"}', "Write 1 or more"),
        ('{"all_but":-1}', "Write 0 or more"),
    ],
)
def test_a_refusal_says_what_and_what_to_do(text: str, said: str) -> None:
    with pytest.raises(Exception, match=said) as caught:
        check_majority([rule(text)], blocks=True)
    error: Any = caught.value
    assert error.title.endswith(".")
