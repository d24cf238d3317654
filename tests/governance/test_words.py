import itertools
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.canonical import from_text
from governance.counting.bounds import Ceiling, Floor
from governance.counting.scales import count
from governance.counting.tally import Choice, Paper, Tally, total
from governance.counting.weighting import CategoryWeight, Tier, Weighting
from governance.finding import Finding
from governance.outcome import Outcome, judge
from governance.requirement import Comparison, Requirement
from governance.words import majority_words, outcome_words, quorum_words, weighting_words, whole_number
from tests.governance.ballots_at_random import cast, electorates, majorities, quorums, voter

F = Fraction
FEDERATION = {"coops": F(69), "countries": F(19), "cooperators": F(812), "weight": F(300)}


def rule(text: str) -> Requirement:
    return msgspec.json.decode(text, type=Requirement, dec_hook=from_text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"of":"yes+no","more_than":"1/2"}', "more than half of the coops voting yes or no say yes"),
        ('{"of":"entitled","at_least":"2/3"}', "at least 2/3 of the entitled coops say yes (46 of 69)"),
        ('{"of":"entitled","more_than":"1/2"}', "more than half of the entitled coops say yes (35 of 69)"),
        ('{"of":"entitled","at_least":"1/2"}', "at least half of the entitled coops say yes (35 of 69)"),
        ('{"at_least_number":"36"}', "at least 36 coops say yes"),
        ('{"at_least_number":"1"}', "at least 1 coop says yes"),
        ('{"of":"present","at_least":"2/3"}', "at least 2/3 of the coops present say yes"),
        ('{"of":"ballots","at_least":"1"}', "all of the coops that vote say yes"),
        ('{"all_but":2}', "all but 2 of the entitled coops say yes (67 of 69)"),
        ('{"all_but":0}', "all of the entitled coops say yes (69 of 69)"),
        ('{"all_but":99}', "all but 99 of the entitled coops say yes (1 of 69)"),
        (
            '{"of":"entitled","measure":"countries","more_than":"1/2"}',
            "more than half of the entitled countries are in favour (10 of 19)",
        ),
        (
            '{"of":"yes+no","measure":"countries","at_least":"2/3"}',
            "at least 2/3 of the countries that take a side are in favour",
        ),
        ('{"measure":"countries","at_least_number":"1"}', "at least 1 country is in favour"),
        ('{"measure":"countries","more_than_number":"4"}', "more than 4 countries are in favour"),
        (
            '{"of":"yes+no","measure":"cooperators","more_than":"1/2"}',
            "coops that say yes together have more than half of the cooperators of the coops voting yes or no",
        ),
        (
            '{"measure":"cooperators","at_least_number":"500"}',
            "coops that say yes together have at least 500 cooperators",
        ),
        (
            '{"of":"entitled","measure":"weight","at_least":"3/4"}',
            "coops that say yes together have at least 3/4 of the weight of the entitled coops",
        ),
        (
            '{"measure":"weight","more_than_number":"7/2"}',
            "coops that say yes together have a weight of more than 7/2",
        ),
        (
            '{"measure":"canton","of":"ballots","more_than":"1/2"}',
            "coops that say yes together have more than half of the canton measure of the coops that vote",
        ),
    ],
)
def test_a_majority_of_yes_reads_as_a_sentence(text: str, words: str) -> None:
    assert majority_words([rule(text)], FEDERATION) == f"It is carried when {words}."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"counts":"no","at_most_number":"0"}', "no coop says no"),
        ('{"counts":"block","fewer_than_number":"1"}', "no coop blocks"),
        ('{"counts":"no","at_most_number":"1"}', "at most 1 coop says no"),
        ('{"counts":"no","fewer_than_number":"3"}', "fewer than 3 coops say no"),
        ('{"counts":"block","of":"ballots","at_most":"1/10"}', "at most 1/10 of the coops that vote block"),
        (
            '{"counts":"not_yes","of":"entitled","at_most":"1/4"}',
            "at most 1/4 of the entitled coops fail to say yes (at most 17 of 69)",
        ),
        (
            '{"counts":"no","of":"entitled","fewer_than":"1/3"}',
            "fewer than 1/3 of the entitled coops say no (at most 22 of 69)",
        ),
        (
            '{"counts":"no","of":"entitled","fewer_than":"1"}',
            "fewer than all of the entitled coops say no (at most 68 of 69)",
        ),
        (
            '{"counts":"yes+abstain","of":"ballots","at_least":"3/4"}',
            "at least 3/4 of the coops that vote say yes or abstain",
        ),
        ('{"counts":"not_yes","measure":"countries","at_most_number":"0"}', "no country fails to be in favour"),
        (
            '{"counts":"yes+abstain","measure":"countries","of":"entitled","at_least":"1/2"}',
            "at least half of the entitled countries take part and are not against (10 of 19)",
        ),
        ('{"counts":"no","measure":"cooperators","at_most_number":"0"}', "no coop with any cooperators says no"),
        ('{"counts":"no","measure":"cooperators","fewer_than_number":"1"}', "no coop with any cooperators says no"),
        ('{"counts":"no","measure":"weight","at_most_number":"0"}', "no coop with any weight says no"),
        (
            '{"counts":"no","measure":"weight","fewer_than_number":"1"}',
            "coops that say no together have a weight of less than 1",
        ),
        (
            '{"counts":"no","measure":"weight","of":"ballots","fewer_than":"1/3"}',
            "coops that say no together have less than 1/3 of the weight of the coops that vote",
        ),
    ],
)
def test_where_silence_could_be_enough_the_one_yes_is_told(text: str, words: str) -> None:
    assert majority_words([rule(text)], FEDERATION) == f"It is carried when {words}; and at least 1 coop says yes."


def test_alternatives_and_several_requirements_are_joined() -> None:
    requirements = [
        rule('{"of":"yes+no","at_least":"2/3"}'),
        rule('{"any_of":[{"counts":"block","at_most_number":"0"},{"of":"ballots","at_least":"9/10"}]}'),
    ]
    assert majority_words(requirements) == (
        "It is carried when at least 2/3 of the coops voting yes or no say yes; and either no coop blocks, or at least "
        "9/10 of the coops that vote say yes."
    )
    assert majority_words(requirements[1:]).endswith("; and at least 1 coop says yes.")
    both_yes = rule('{"any_of":[{"at_least_number":"3"},{"of":"ballots","at_least":"9/10"}]}')
    assert majority_words([both_yes]).endswith("9/10 of the coops that vote say yes.")


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ([], "There is a quorum whatever number takes part."),
        (
            ['{"of":"entitled","at_least":"1/3"}'],
            "There is a quorum when at least 1/3 of the entitled coops vote (23 of 69).",
        ),
        (
            ['{"counts":"present","of":"entitled","more_than":"1/2"}'],
            "There is a quorum when more than half of the entitled coops are present (35 of 69).",
        ),
        (
            ['{"any_of":[{"at_least_number":"25"},{"of":"entitled","at_least":"1/10"}]}'],
            "There is a quorum when either at least 25 coops vote, or at least 1/10 of the entitled coops vote (7 of 69).",
        ),
        (
            ['{"at_least_number":"1"}', '{"measure":"countries","at_least_number":"5"}'],
            "There is a quorum when at least 1 coop votes; and at least 5 countries vote.",
        ),
        (
            ['{"counts":"present","at_least_number":"1"}'],
            "There is a quorum when at least 1 coop is present.",
        ),
    ],
)
def test_a_quorum_reads_as_a_sentence(texts: list[str], words: str) -> None:
    assert quorum_words([rule(text) for text in texts], FEDERATION) == words


def test_without_the_entitled_no_number_is_named() -> None:
    assert quorum_words([rule('{"of":"entitled","at_least":"1/3"}')]) == (
        "There is a quorum when at least 1/3 of the entitled coops vote."
    )


@pytest.mark.parametrize(
    ("name", "bound", "number"),
    [
        ("at_least", F(69, 2), 35),
        ("at_least", F(34), 34),
        ("more_than", F(69, 2), 35),
        ("more_than", F(34), 35),
        ("all_but", F(67), 67),
        ("all_but", F(0), 1),
        ("at_least_number", F(3), 3),
        ("more_than_number", F(3), 4),
        ("at_most", F(69, 4), 17),
        ("at_most_number", F(3), 3),
        ("fewer_than", F(69, 4), 17),
        ("fewer_than", F(17), 16),
        ("fewer_than_number", F(3), 2),
    ],
)
def test_a_bound_comes_to_a_whole_number_of_heads(name: Comparison, bound: Fraction, number: int) -> None:
    assert whole_number(name, bound) == number


@given(st.fractions(min_value=0, max_value=50, max_denominator=9), st.integers(1, 60))
def test_the_whole_number_is_the_one_that_the_comparison_accepts(bound: Fraction, heads: int) -> None:
    assert (heads >= bound) is (heads >= whole_number("at_least", bound))
    assert (heads > bound) is (heads >= whole_number("more_than", bound))
    assert (heads <= bound) is (heads <= whole_number("at_most", bound))
    assert (heads < bound) is (heads <= whole_number("fewer_than", bound))


def coops(entitled: int, **cast_: int) -> Tally:
    choices: tuple[Choice, ...] = ("yes", "no", "abstain", "block")
    papers = [Paper(choice=choice, measures={"coops": F(cast_.get(choice, 0))}) for choice in choices]
    return total(papers, {"coops": F(entitled)})


THIRD = rule('{"of":"entitled","at_least":"1/3"}')
SIMPLE = rule('{"of":"yes+no","more_than":"1/2"}')


@pytest.mark.parametrize(
    ("tally", "words"),
    [
        (
            coops(69, yes=20, no=8, abstain=4),
            (
                "Carried. 20 coops said yes, 8 no, 4 abstained; 32 of 69 voted. Quorum met: at least 1/3 of the entitled coops "
                "vote (32 of 69, 23 needed). Majority met: more than half of the coops voting yes or no say yes (20 of 28, 15 "
                "needed)."
            ),
        ),
        (
            coops(69, yes=1, no=20, block=2),
            (
                "Rejected. 1 coop said yes, 22 no (2 of them with a block), 0 abstained; 23 of 69 voted. Quorum met: at least "
                "1/3 of the entitled coops vote (23 of 69, 23 needed). Majority not met: more than half of the coops voting "
                "yes or no say yes (1 of 23, 12 needed)."
            ),
        ),
        (
            coops(69, abstain=30),
            (
                "Rejected. 0 coops said yes, 0 no, 30 abstained; 30 of 69 voted. Quorum met: at least 1/3 of the entitled "
                "coops vote (30 of 69, 23 needed). Majority not met: more than half of the coops voting yes or no say yes "
                "(0 of 0, which is never enough)."
            ),
        ),
        (
            coops(69, yes=9),
            (
                "No quorum: too few took part. 9 coops said yes, 0 no, 0 abstained; 9 of 69 voted. Quorum not met: at least "
                "1/3 of the entitled coops vote (9 of 69, 23 needed). Majority met: more than half of the coops voting yes or "
                "no say yes (9 of 9, 5 needed)."
            ),
        ),
        (
            coops(69, yes=20, no=20),
            (
                "Tied: yes and no are equal, and a tie does not carry. 20 coops said yes, 20 no, 0 abstained; 40 of 69 voted. "
                "Quorum met: at least 1/3 of the entitled coops vote (40 of 69, 23 needed). Majority not met: more than half "
                "of the coops voting yes or no say yes (20 of 40, 21 needed)."
            ),
        ),
    ],
)
def test_an_outcome_says_what_was_decided_and_every_number(tally: Tally, words: str) -> None:
    assert outcome_words(judge(tally, [THIRD], [SIMPLE])) == words


def test_a_quorum_completed_by_noes_is_told() -> None:
    words = outcome_words(judge(coops(9, yes=2, no=1), [THIRD], [SIMPLE]))
    assert words.startswith("Carried. Had those who voted no stayed away, it would not have been carried. 2 coops")


def test_nothing_is_carried_without_a_yes_and_the_outcome_says_so() -> None:
    no_objection = rule('{"counts":"no","at_most_number":"0"}')
    words = outcome_words(judge(coops(9), [], [no_objection]))
    assert words == (
        "Rejected. Nobody said yes, and nothing is carried without a yes. 0 coops said yes, 0 no, 0 abstained; 0 of 9 "
        "voted. Majority met: no coop says no (0, at most 0 allowed)."
    )


def test_a_voided_vote_does_not_count() -> None:
    outcome = msgspec.structs.replace(judge(coops(9, yes=9), [], [SIMPLE]), status="voided")
    assert outcome_words(outcome).startswith("Voided: this vote does not count. 9 coops")


def test_weights_are_told_as_they_are_and_alternatives_one_by_one() -> None:
    voters = [voter(number, "AR", F(number, 2), 1) for number in range(1, 5)]
    tally = count(voters, {"c1": "yes", "c2": "no", "c3": "block"})
    majority = [
        rule('{"measure":"weight","of":"ballots","at_least":"2/3"}'),
        rule('{"any_of":[{"counts":"block","at_most_number":"0"},{"measure":"weight","more_than_number":"3"}]}'),
        rule('{"measure":"weight","counts":"no","of":"entitled","fewer_than":"1/2"}'),
        rule('{"measure":"weight","all_but":1}'),
        rule('{"measure":"weight","all_but":10}'),
        rule('{"all_but":10}'),
    ]
    words = outcome_words(judge(tally, [], majority)).split("voted. ")[1]
    assert words == (
        "Majority not met: coops that say yes together have at least 2/3 of the weight of the coops that vote "
        "(1/2 of 3, at least 2 needed). "
        "Majority not met, one of these is enough: not met: no coop blocks (1, at most 0 allowed); not met: coops that "
        "say yes together have a weight of more than 3 (1/2, more than 3 needed). "
        "Majority not met: coops that say no together have less than half of the weight of the entitled coops "
        "(5/2 of 5, less than 5/2 allowed). "
        "Majority not met: coops that say yes together have all but 1 of the weight of the entitled coops "
        "(1/2 of 5, at least 4 needed). "
        "Majority met: coops that say yes together have all but 10 of the weight of the entitled coops "
        "(1/2 of 5, more than 0 needed). "
        "Majority met: all but 10 of the entitled coops say yes (1 of 4, 1 needed)."
    )


def test_a_vote_that_is_not_of_coops_is_told_by_its_requirements() -> None:
    tally = total([Paper(choice="yes", measures={"token": F(3)})])
    outcome = judge(tally, [], [rule('{"measure":"token","of":"yes+no","more_than":"1/2"}')])
    assert outcome_words(outcome) == (
        "Carried. Majority met: coops that say yes together have more than half of the token measure of the coops voting "
        "yes or no (3 of 3, more than 3/2 needed)."
    )


def test_a_plain_finding_without_its_numbers_is_an_error_of_the_program() -> None:
    broken = Finding(held=True, requirement=SIMPLE)
    outcome = Outcome(majority=(broken,), no_show=False, quorum=(), status="carried", tally=coops(9, yes=1))
    with pytest.raises(ValueError, match="has a value"):
        outcome_words(outcome)


@given(st.data(), quorums, majorities)
def test_every_rule_and_outcome_has_words(
    data: st.DataObject, quorum: list[Requirement], majority: list[Requirement]
) -> None:
    voters = data.draw(electorates())
    outcome = judge(count(voters, data.draw(cast(voters)), ()), quorum, majority)
    for words in (
        quorum_words(quorum, FEDERATION),
        majority_words(majority, FEDERATION),
        outcome_words(outcome),
    ):
        assert words.endswith(".")
        assert "  " not in words
        assert "_" not in words
        assert "None" not in words


def test_no_two_requirements_read_alike() -> None:
    seen: dict[str, Requirement] = {}
    lower = ("at_least", "more_than")
    for measure, counts, of in itertools.product(
        ("coops", "weight", "cooperators", "countries"),
        ("yes", "yes+abstain", "no", "block", "not_yes", "ballots", "present"),
        ("entitled", "present", "ballots", "yes+no"),
    ):
        for name in (*lower, "at_most", "fewer_than"):
            fields: dict[str, Any] = {"measure": measure, "counts": counts, "of": of, name: F(2, 3)}
            requirement = Requirement(**fields)
            words = quorum_words([requirement])
            assert seen.setdefault(words, requirement) == requirement


FULL = CategoryWeight(category="full", weight=F(3))
FRIEND = CategoryWeight(category="friend", weight=F(1))


@pytest.mark.parametrize(
    ("weighting", "words"),
    [
        (Weighting(), "Every coop has one vote."),
        (
            Weighting(kind="linear"),
            "A coop has one vote for each of its cooperators. A coop with no registered cooperators has no vote.",
        ),
        (
            Weighting(kind="linear", votes_per=F(1, 10), floor=F(1), cap=F(5)),
            (
                "A coop has one vote for every 10 of its cooperators, in exact fractions. It has at least one vote. It has at "
                "most 5 votes. A coop with no registered cooperators has no vote."
            ),
        ),
        (
            Weighting(kind="linear", votes_per=F(2), fact="dues", floor=F(1, 2)),
            (
                "A coop has 2 votes for each unit of its dues. It has at least 1/2 of a vote. A coop with no registered dues "
                "has no vote."
            ),
        ),
        (
            Weighting(kind="linear", votes_per=F(3, 2), fact="dues"),
            (
                "A coop has 3 votes for every 2 units of its dues, in exact fractions. A coop with no registered dues has no "
                "vote."
            ),
        ),
        (
            Weighting(kind="integer_square_root", cap_share=F(1, 10)),
            (
                "A coop has as many votes as the square root of its number of cooperators, rounded down. It has at most 1/10 "
                "of all votes as they were before caps. A coop with no registered cooperators has no vote."
            ),
        ),
        (
            Weighting(kind="integer_square_root", fact="dues"),
            (
                "A coop has as many votes as the square root of its dues, rounded down. A coop with no registered dues has no "
                "vote."
            ),
        ),
        (
            Weighting(
                kind="tiers",
                tiers=(Tier(from_number=F(1), weight=F(1)), Tier(from_number=F(10), weight=F(3, 2))),
            ),
            (
                "A coop's votes go by its number of cooperators: one vote from 1 and 3/2 votes from 10, none below 1. A coop "
                "with no registered cooperators has no vote."
            ),
        ),
        (
            Weighting(kind="tiers", fact="dues", tiers=(Tier(from_number=F(0), weight=F(2)),)),
            "A coop's votes go by its dues: 2 votes from 0. A coop with no registered dues has no vote.",
        ),
        (
            Weighting(kind="by_category", categories=(FULL, FRIEND)),
            (
                "A coop's votes go by its category: 3 votes for the category full and one vote for the category friend, none "
                "for others."
            ),
        ),
        (
            Weighting(
                country_cap_share=F(1, 4),
                ceilings=(Ceiling(categories=("observer", "friend", "guest"), at_most=F(1, 3)),),
                floors=(Floor(categories=("full",), at_least=F(2, 3)),),
            ),
            (
                "Every coop has one vote. The coops of one country together have at most 1/4 of all votes as they were before "
                "caps; what is above is cut in proportion. The coops of the categories observer, friend and guest together "
                "have at most 1/3 of the votes. The coops of the category full together have at least 2/3 of the votes."
            ),
        ),
    ],
)
def test_a_weighting_reads_as_sentences(weighting: Weighting, words: str) -> None:
    assert weighting_words(weighting) == words
