import json
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from app.founding.federation_toml import default_rulebook
from app.founding.rulebook_toml import read_rulebook
from governance.ids import Matter
from governance.requirement import Requirement
from governance.rule import Call, Confirmation, Entitled, Rule
from governance.rule_words import Difference, difference_words, duration_words, rule_words

F = Fraction
VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "rules" / "default_in_words.json").read_text("ascii"))
DEFAULT = {str(rule.matter): rule for rule in read_rulebook(default_rulebook()).rules}
SIMPLE = (Requirement(of="yes+no", more_than=F(1, 2)),)
PLAIN = Rule(
    matter=Matter("resolution"),
    entitled=Entitled(),
    calls=(Call(),),
    majority=SIMPLE,
    notice=timedelta(),
    voting=timedelta(days=7),
)


def day(number: int) -> timedelta:
    return timedelta(days=number)


@pytest.mark.parametrize("case", [pytest.param(case, id=case["matter"]) for case in VECTORS])
def test_the_default_rulebook_says_itself(case: dict[str, Any]) -> None:
    assert list(rule_words(DEFAULT[case["matter"]], {"coops": F(69)})) == case["words"]


def test_every_default_rule_has_its_golden_sentences() -> None:
    assert [case["matter"] for case in VECTORS] == list(DEFAULT)


def test_the_plainest_rule() -> None:
    assert rule_words(PLAIN) == (
        "The member coops of the category full vote, if they are in good standing.",
        "A coop that is suspended or leaves while voting is open keeps the vote it had when voting opened.",
        "Every coop has one vote.",
        "A ballot says yes, no or abstain.",
        "A coop can change its ballot until voting closes.",
        "Ballots are open: it is seen how each coop voted.",
        "A proposal needs one coop to bring it.",
        "Voting opens as soon as a proposal has its support and the last change of its text is made.",
        "Voting is open for 7 days.",
        "There is a quorum whatever number takes part.",
        "It is carried when more than half of the coops voting yes or no say yes.",
        "A tie does not carry.",
        "A decision takes effect as soon as it is carried.",
    )


def sentences(**changes: Any) -> set[str]:
    """What a change makes the plainest rule say that it did not say before."""
    return set(rule_words(replace(PLAIN, **changes))) - set(rule_words(PLAIN))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"entitled": Entitled(categories=("full", "associate"), good_standing=False)},
            {
                "The member coops of the categories full and associate vote.",
                "A coop that is not in good standing votes too.",
            },
        ),
        (
            {"entitled": Entitled(member_for=day(92))},
            {
                (
                    "The member coops of the category full vote, if they are in good standing and have been members for at least "
                    "92 days."
                )
            },
        ),
        (
            {"meanwhile": "excluded"},
            {"A coop that is suspended or leaves while voting is open loses its vote, and its ballot is not counted."},
        ),
        ({"matter": Matter("membership.expel")}, {"The coop concerned does not vote and is not counted in any base."}),
        ({"matter": Matter("membership")}, {"The coop concerned does not vote and is not counted in any base."}),
        ({"blocks": True}, {"A ballot says yes, no or abstain, or blocks and says why."}),
        (
            {"revoting": "final", "early_close": True},
            {"A ballot once cast is final.", "Voting closes early when the outcome cannot change any more."},
        ),
        ({"secrecy": "sealed"}, {"Ballots are sealed: how each coop voted is seen when voting has closed."}),
        (
            {"secrecy": "detached"},
            {
                "Ballots are detached: it is seen which coops voted, and which ballots were cast, not whose they are.",
            },
        ),
        ({"secrecy": "secret"}, {"Ballots are secret: nobody sees how a coop voted."}),
        ({"sponsors": 2, "seconders": 12}, {"A proposal needs two coops to bring it and 12 coops to second it."}),
        (
            {"requisition": F(1, 10)},
            {"It also comes to a vote when at least 1/10 of the entitled coops demand it."},
        ),
        (
            {"notice": day(1)},
            {"Voting opens 1 day after a proposal has its support and the last change of its text is made."},
        ),
        (
            {"venue": "assembly", "voting": timedelta(minutes=90)},
            {"The vote is taken in an assembly, and is open for 1 hour and 30 minutes."},
        ),
        (
            {"extension": day(2)},
            {"A ballot that completes the quorum in the last 2 days keeps voting open for 2 days more, once."},
        ),
        (
            {"calls": (Call(quorum=(Requirement(at_least_number=F(3)),)), Call(), Call(after=day(1)))},
            {
                "There is a quorum when at least 3 coops vote.",
                "Without a quorum, voting opens a second time at once. Then there is a quorum whatever number takes part.",
                "Without a quorum, voting opens a third time 1 day later. Then there is a quorum whatever number takes part.",
            },
        ),
        (
            {"confirmation": Confirmation(majority=SIMPLE, after=timedelta(), voting=day(3)), "waiting": day(5)},
            {
                (
                    "What was carried needs confirming: voting opens again at once, for 3 days, and it is given up unless "
                    "that vote carries it too."
                ),
                "In the confirming vote, there is a quorum whatever number takes part.",
                "In the confirming vote, it is carried when more than half of the coops voting yes or no say yes.",
                "A decision takes effect 5 days after it is confirmed.",
            },
        ),
        (
            {"challenge": F(1, 3)},
            {
                "Until then, at least 1/3 of the entitled coops can challenge it; it then needs confirming by a second vote.",
            },
        ),
        (
            {"provisional": day(14)},
            {
                "An office that may decide urgently can put it into force at once; it lapses unless carried within 14 days."
            },
        ),
        ({"liftable": True}, {"Any entitled coop can have it decided by the ordinary rule of its kind instead."}),
    ],
)
def test_each_part_of_a_rule_is_said(changes: dict[str, Any], said: set[str]) -> None:
    assert sentences(**changes) == said


def test_a_tie_is_spoken_of_only_where_there_can_be_one() -> None:
    tie = "A tie does not carry."
    assert tie in rule_words(
        replace(PLAIN, majority=(Requirement(any_of=(*SIMPLE, Requirement(at_least_number=F(9)))),))
    )
    half = (Requirement(of="ballots", at_least=F(1, 2)),)
    assert tie not in rule_words(replace(PLAIN, majority=half))
    few = (Requirement(counts="no", of="ballots", at_most=F(1, 2)),)
    assert tie not in rule_words(replace(PLAIN, majority=few))


def test_the_numbers_needed_are_named_where_the_entitled_are_known() -> None:
    rule = replace(PLAIN, challenge=F(1, 5), requisition=F(1, 10))
    words = " ".join(rule_words(rule, {"coops": F(69)}))
    assert "1/10 of the entitled coops (7 of 69) demand it" in words
    assert "1/5 of the entitled coops (14 of 69) can challenge it" in words


@pytest.mark.parametrize(
    ("duration", "said"),
    [
        (timedelta(), "no time"),
        (timedelta(days=1), "1 day"),
        (timedelta(weeks=2), "14 days"),
        (timedelta(hours=36), "1 day and 12 hours"),
        (timedelta(days=2, hours=1, minutes=5, seconds=1), "2 days, 1 hour, 5 minutes and 1 second"),
    ],
)
def test_durations_in_words(duration: timedelta, said: str) -> None:
    assert duration_words(duration) == said


def test_the_difference_of_two_rules_is_what_only_one_of_them_says() -> None:
    after = replace(
        PLAIN, majority=(*SIMPLE, Requirement(of="entitled", at_least=F(1, 3))), notice=day(7), challenge=F(1, 5)
    )
    assert difference_words(PLAIN, PLAIN) == ()
    assert difference_words(PLAIN, after) == (
        Difference(
            topic="notice",
            before=("Voting opens as soon as a proposal has its support and the last change of its text is made.",),
            after=("Voting opens 7 days after a proposal has its support and the last change of its text is made.",),
        ),
        Difference(
            topic="majority",
            before=("It is carried when more than half of the coops voting yes or no say yes.",),
            after=(
                (
                    "It is carried when more than half of the coops voting yes or no say yes; and at least 1/3 of the entitled "
                    "coops say yes."
                ),
            ),
        ),
        Difference(
            topic="effect",
            before=(),
            after=(
                "Until then, at least 1/5 of the entitled coops can challenge it; it then needs confirming by a second vote.",
            ),
        ),
    )
    assert [each.before for each in difference_words(after, PLAIN)] == [
        each.after for each in difference_words(PLAIN, after)
    ]
