"""The default rulebook against its table, number by number."""

from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from msgspec.structs import replace

import app.demo
from app.founding.charter_md import read_charter
from app.founding.coops_csv import read_coops
from app.founding.federation_toml import default_rulebook, read_founding
from app.founding.rulebook_toml import read_rulebook
from app.founding.trial import lock_outs
from governance.counting.weighting import Weighting
from governance.instants import Instant
from governance.matter import KINDS
from governance.requirement import Requirement
from governance.rule import NOTHING, Entitled, Rule, check_built, check_rule

RULEBOOK = read_rulebook(default_rulebook())
RULES = {str(rule.matter): rule for rule in RULEBOOK.rules}
DATA = Path(app.demo.__file__).parent / "data"
NOW = Instant("2026-11-22T00:00:00.000000Z")
F = Fraction
STRICT = ("membership", "membership.suspend", "membership.expel", "membership.category")


def days(number: int) -> timedelta:
    return timedelta(days=number)


def share(text: str) -> tuple[Requirement, ...]:
    return (Requirement(of="entitled", at_least=F(text)),)


MORE_THAN_HALF = (Requirement(of="yes+no", more_than=F(1, 2)),)
TWO_THIRDS = (Requirement(of="yes+no", at_least=F(2, 3)),)
THREE_QUARTERS = (Requirement(of="yes+no", at_least=F(3, 4)),)


@pytest.mark.parametrize(
    ("matter", "first", "then", "majority", "notice", "voting", "waiting"),
    [
        ("resolution", "1/3", ("1/10", 7), MORE_THAN_HALF, 7, 7, 0),
        ("admission.associate", "1/4", ("1/10", 7), MORE_THAN_HALF, 7, 7, 0),
        ("admission", "1/3", ("1/5", 7), TWO_THIRDS, 14, 10, 0),
        ("membership.suspend", "1/2", ("1/3", 14), THREE_QUARTERS, 21, 14, 14),
        ("membership.expel", "1/2", ("1/3", 14), THREE_QUARTERS, 21, 14, 14),
        ("rules", "1/2", ("1/3", 14), THREE_QUARTERS, 21, 14, 14),
        ("membership", "1/2", ("1/3", 14), THREE_QUARTERS, 21, 14, 14),
        ("membership.category", "1/2", ("1/3", 14), THREE_QUARTERS, 21, 14, 14),
        ("membership.reinstate", "1/3", ("1/5", 7), MORE_THAN_HALF, 7, 7, 0),
        ("membership.correct", "1/3", ("1/10", 7), MORE_THAN_HALF, 7, 7, 0),
    ],
)
def test_the_table_holds_line_by_line(
    matter: str,
    first: str,
    then: tuple[str, int],
    majority: tuple[Requirement, ...],
    notice: int,
    voting: int,
    waiting: int,
) -> None:
    rule = RULES[matter]
    assert [(call.quorum, call.after) for call in rule.calls] == [
        (share(first), NOTHING),
        (share(then[0]), days(then[1])),
    ]
    assert rule.majority == majority
    assert (rule.notice, rule.voting, rule.waiting) == (days(notice), days(voting), days(waiting))
    assert rule.confirmation is None


def test_routine_is_one_yes_and_no_objection_in_fourteen_days_and_can_be_lifted() -> None:
    rule = RULES["resolution.routine"]
    assert [call.quorum for call in rule.calls] == [(Requirement(at_least_number=F(1)),)]
    assert rule.majority == (Requirement(at_least_number=F(1)), Requirement(counts="no", at_most_number=F(0)))
    assert (rule.notice, rule.voting, rule.waiting, rule.liftable) == (NOTHING, days(14), NOTHING, True)
    assert [matter for matter, each in RULES.items() if each.liftable] == ["resolution.routine"]


def test_the_charter_has_a_double_majority() -> None:
    rule = RULES["charter"]
    assert [(call.quorum, call.after) for call in rule.calls] == [(share("1/2"), NOTHING), (share("1/4"), days(14))]
    assert rule.majority == (*TWO_THIRDS, Requirement(measure="cooperators", of="yes+no", more_than=F(1, 2)))
    assert (rule.notice, rule.voting, rule.waiting) == (days(21), days(14), days(14))


@pytest.mark.parametrize("matter", ["resolution.merge", "resolution.dissolve"])
def test_merging_and_dissolving_need_half_three_quarters_more_than_half_of_all_and_a_confirmation(matter: str) -> None:
    rule = RULES[matter]
    assert [call.quorum for call in rule.calls] == [share("1/2")]
    assert rule.majority == (*THREE_QUARTERS, Requirement(of="entitled", more_than=F(1, 2)))
    assert (rule.notice, rule.voting, rule.waiting) == (days(30), days(21), days(30))
    assert rule.confirmation is not None
    assert rule.confirmation.majority == MORE_THAN_HALF
    assert rule.confirmation.quorum == share("1/2")
    assert (rule.confirmation.after, rule.confirmation.voting) == (days(14), days(21))


def test_urgent_is_a_resolution_that_ends_before_it_lapses_after_fourteen_days() -> None:
    rule, ordinary = RULES["resolution.urgent"], RULES["resolution"]
    assert rule.provisional == days(14)
    assert [call.quorum for call in rule.calls] == [call.quorum for call in ordinary.calls]
    assert rule.majority == ordinary.majority
    assert rule.notice + 2 * rule.voting + rule.calls[1].after == days(13)


def test_admission_alone_needs_two_sponsors_and_nothing_needs_more_than_two_coops() -> None:
    assert {matter: rule.sponsors for matter, rule in RULES.items() if rule.sponsors != 1} == {"admission": 2}
    seconded = {matter for matter, rule in RULES.items() if rule.seconders}
    assert seconded == {*STRICT, "resolution.merge", "resolution.dissolve"}
    assert max(rule.sponsors + rule.seconders for rule in RULES.values()) == 2


def test_a_fifth_can_challenge_wherever_something_waits_unconfirmed() -> None:
    challenged = {matter: rule.challenge for matter, rule in RULES.items() if rule.challenge is not None}
    assert challenged == dict.fromkeys((*STRICT, "charter", "rules"), F(1, 5))
    waiting = {matter for matter, rule in RULES.items() if rule.waiting and rule.confirmation is None}
    assert waiting == set(challenged)


def test_one_coop_has_one_vote_everywhere_in_open_ballots_that_can_be_changed() -> None:
    for rule in RULES.values():
        assert rule.weighting == Weighting()
        assert rule.entitled == Entitled(categories=("full",), good_standing=True)
        said = (rule.revoting, rule.secrecy, rule.meanwhile, rule.tie, rule.early_close, rule.blocks, rule.requisition)
        assert said == ("until_close", "open", "stands", "does_not_carry", False, False, None)
        assert rule.extension == NOTHING


def test_the_general_provisions() -> None:
    provisions = RULEBOOK.provisions
    assert provisions.categories == ("full", "associate")
    assert provisions.census == ("01-01", "07-01")
    periods = (provisions.contest_window, provisions.support_within, provisions.restoration_notice)
    assert periods == (days(30), days(90), days(7))


def test_every_kind_has_a_rule_and_all_can_be_carried_out() -> None:
    assert set(KINDS) <= set(RULES)
    for rule in RULES.values():
        check_rule(rule, RULEBOOK.provisions)
        check_built(rule)


def test_the_demo_federation_can_be_founded_with_it() -> None:
    founding = read_founding(DATA, NOW)
    assert founding.rules == RULEBOOK.rules
    assert founding.provisions == replace(RULEBOOK.provisions, reading="everyone")
    assert {office.id: office.powers for office in founding.offices} == {
        "secretary": ("record_standing", "record_departures"),
        "board": ("void_open_polls", "decide_urgently"),
        "moderator": ("redact_texts",),
    }
    assert founding.origin == "patio.example/log"
    assert all(holder.endswith("@patio.example") for held in founding.holders.values() for holder in held)


@pytest.mark.parametrize(("coops", "locked"), [(3, set()), (2, {"admission"}), (1, {"rules", "charter"})])
def test_it_works_from_three_coops_on(coops: int, locked: set[str]) -> None:
    few = read_coops((DATA / "coops.csv").read_bytes()).coops[:coops]
    charter = read_charter((DATA / "charter.md").read_bytes())
    found: set[Rule] = {rule for rule, _ in lock_outs(RULEBOOK.rules, RULEBOOK.provisions, charter, few, NOW)}
    matters = {rule.matter for rule in found}
    assert matters >= locked
    assert (not matters) == (not locked)
