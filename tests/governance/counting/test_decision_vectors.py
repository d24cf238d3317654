"""Real decisions with published outcomes, counted with the rules as a federation would write them."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
import pytest

from governance.canonical import decoder_for, from_text
from governance.counting.tally import Paper, Tally, side, total
from governance.finding import Finding
from governance.outcome import Outcome, judge
from governance.requirement import Requirement, check_majority, check_quorum
from governance.words import whole_number

VECTORS = Path(__file__).parents[2] / "vectors" / "decisions"
F = Fraction


def vector(name: str) -> Any:
    return json.loads((VECTORS / f"{name}.json").read_text())


def rule(*requirements: str) -> tuple[Requirement, ...]:
    return tuple(decoder_for(Requirement)(each.encode()) for each in requirements)


def papers(file: Any) -> list[Paper]:
    return msgspec.convert(
        [{"choice": each["choice"], "measures": each["measures"]} for each in file["ballots"]],
        list[Paper],
        dec_hook=from_text,
    )


def decided(tally: Tally, majority: tuple[Requirement, ...], quorum: tuple[Requirement, ...] = ()) -> Outcome:
    check_quorum(quorum, measures=tally.measures)
    check_majority(majority, blocks=False, measures=tally.measures)
    return judge(tally, quorum, majority)


def numbers(finding: Finding) -> tuple[Fraction, Fraction]:
    assert finding.value is not None
    assert finding.needed is not None
    return finding.value, finding.needed


EU = rule(
    '{"at_least":"11/20","measure":"state","of":"entitled"}',
    '{"any_of":[{"at_least":"13/20","measure":"population","of":"entitled"},'
    '{"at_most_number":"3","counts":"not_yes","measure":"state"}]}',
)


def test_the_eu_council_adopts_the_nature_restoration_law() -> None:
    file = vector("eu_council_2024_nature_restoration")
    expected = file["expected"]
    tally = total(papers(file))
    outcome = decided(tally, EU)
    states, population = tally.measures["state"], tally.measures["population"]
    assert (states.yes, states.no, states.abstain) == (
        expected["states_yes"],
        expected["states_no"],
        expected["states_abstain"],
    )
    assert whole_number("at_least", numbers(outcome.majority[0])[1]) == expected["states_needed"]
    for part, published in (("yes", "pop_yes_pct"), ("no", "pop_no_pct"), ("abstain", "pop_abstain_pct")):
        share = getattr(population, part) / population.entitled * 100
        assert round(share, 4) == F(expected[published])
    assert outcome.majority[0].held is expected["state_condition"]
    assert outcome.majority[1].alternatives[0].held is expected["population_condition"]
    assert not outcome.majority[1].alternatives[1].held
    assert (outcome.status == "carried") is expected["passed"]
    assert not outcome.no_show
    against = (states.no / states.entitled >= F(11, 20)) and (population.no / population.entitled >= F(13, 20))
    assert against is expected["qualified_majority_against"]


def test_the_eu_council_would_have_failed_had_austria_abstained() -> None:
    file = vector("eu_council_2024_nature_restoration")
    for each in file["ballots"]:
        each["choice"] = "abstain" if each["voter"] == "Austria" else each["choice"]
    outcome = decided(total(papers(file)), EU)
    value, _ = numbers(outcome.majority[1].alternatives[0])
    population = outcome.tally.measures["population"]
    assert round(value / population.entitled * 100, 2) == F("64.33")
    assert outcome.majority[0].held
    assert outcome.status == "rejected"


def test_the_eu_population_test_is_waived_with_three_states_not_in_favour() -> None:
    file = vector("eu_council_2024_nature_restoration")
    for each in file["ballots"]:
        each["choice"] = "no" if each["voter"] in ("Germany", "France", "Italy") else "yes"
    outcome = decided(total(papers(file)), EU)
    assert [each.held for each in outcome.majority[1].alternatives] == [False, True]
    assert outcome.status == "carried"
    for each in file["ballots"]:
        each["choice"] = "abstain" if each["voter"] == "Spain" else each["choice"]
    assert decided(total(papers(file)), EU).status == "rejected"


def test_scotland_1979_has_a_majority_but_not_forty_per_cent_of_the_electorate() -> None:
    file = vector("scotland_1979_devolution_40pct")
    expected = file["expected"]
    tally = total(papers(file), {"person": F(file["rules_in_words"]["electorate"])})
    outcome = decided(
        tally,
        rule(
            '{"measure":"person","more_than":"1/2","of":"yes+no"}',
            '{"at_least":"2/5","measure":"person","of":"entitled"}',
        ),
    )
    assert [finding.held for finding in outcome.majority] == [expected["majority"], expected["threshold_met"]]
    value, base = outcome.majority[1].value, outcome.majority[1].base
    assert (value, base) == tuple(F(part) for part in expected["yes_share_of_electorate"].split("/"))
    assert (outcome.status == "carried") is expected["passed"]
    assert outcome.status == "rejected"


SWISS = rule(
    '{"measure":"person","more_than":"1/2","of":"yes+no"}',
    '{"measure":"canton","more_than":"1/2","of":"ballots"}',
)


def swiss(name: str) -> tuple[dict[str, Any], Tally]:
    file = vector(name)
    both = []
    for canton in file["ballots"]:
        yes, no = F(canton["yes"]), F(canton["no"])
        both.append(Paper(choice="yes", measures={"person": yes}))
        both.append(Paper(choice="no", measures={"person": no}))
        both.append(Paper(choice=side(yes, no), measures={"canton": F(canton["measures"]["canton"])}))
    return file["expected"], total(both)


@pytest.mark.parametrize(
    ("name", "status"), [("swiss_246_economic_policy_1975_tie", "tied"), ("swiss_567_family_policy_2013", "rejected")]
)
def test_the_swiss_people_agree_and_the_cantons_do_not(name: str, status: str) -> None:
    expected, tally = swiss(name)
    outcome = decided(tally, SWISS)
    people, cantons = tally.measures["person"], tally.measures["canton"]
    assert (people.yes, people.no) == (expected["people_yes"], expected["people_no"])
    assert (cantons.yes, cantons.no) == (F(expected["cantons_yes"]), F(expected["cantons_no"]))
    assert [finding.held for finding in outcome.majority] == [
        expected["people_condition"],
        expected["cantons_condition"],
    ]
    assert (outcome.status == "carried") is expected["passed"]
    assert outcome.status == status


def test_one_half_canton_more_would_have_carried_the_swiss_tie() -> None:
    _, tally = swiss("swiss_246_economic_policy_1975_tie")
    cantons = tally.measures["canton"]
    moved = msgspec.structs.replace(cantons, yes=cantons.yes + F(1, 2), no=cantons.no - F(1, 2))
    changed = Tally(by_country={}, measures={**tally.measures, "canton": moved})
    assert decided(changed, SWISS).status == "carried"


def test_a_quorum_of_yes_votes_and_one_of_ballots_decide_the_token_vote_differently() -> None:
    file = vector("uniswap_2020_reduce_thresholds")
    expected = file["expected"]
    tally = total(papers(file))
    simple = '{"measure":"token","more_than":"1/2","of":"yes+no"}'
    bound = '{"at_least_number":"40000000","measure":"token"}'
    outcome = decided(tally, rule(simple, bound))
    tokens = tally.measures["token"]
    assert (tokens.yes, tokens.no) == (F(expected["yes"]), F(expected["no"]))
    assert [finding.held for finding in outcome.majority] == [expected["majority"], expected["quorum_met"]]
    assert outcome.status == "rejected"
    turnout = decided(tally, rule(simple), quorum=rule(bound))
    assert turnout.quorum[0].value == 40_293_616
    assert turnout.status == "carried"
    assert turnout.no_show
