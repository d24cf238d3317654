"""Each shipped statute decides its own characteristic case: once as it carries, once as it just fails."""

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction
from importlib.resources import files

import pytest

from app.founding.rulebook_toml import Rulebook, read_rulebook
from governance.counting.scales import count
from governance.counting.tally import Choice
from governance.electorate import ElectorateEmpty, Roll, take_roll
from governance.ids import CoopId
from governance.instants import Instant
from governance.outcome import judge
from governance.register import COOPERATORS, Coop, Declaration
from governance.rule import NotBuilt, Rule, check_built

FOLDER = files("app.founding.presets.statutes")
STATUTES = sorted(file.name.removesuffix(".toml") for file in FOLDER.iterdir() if file.name.endswith(".toml"))
NOW = Instant("2026-11-22T00:00:00.000000Z")
LONG_AGO = Instant("2020-01-01T00:00:00.000000Z")
F = Fraction


def statute(name: str) -> Rulebook:
    return read_rulebook((FOLDER / f"{name}.toml").read_bytes(), name, built=False)


def rule(name: str, matter: str = "resolution") -> Rule:
    return next(each for each in statute(name).rules if each.matter == matter)


def coop(
    number: int,
    cooperators: int = 5,
    category: str = "full",
    country: str = "AR",
    since: Instant = LONG_AGO,
    standing: bool = True,
) -> Coop:
    declared = Declaration(number=F(cooperators), at=since, counts_from=since)
    return Coop(
        id=CoopId(f"c{number}"),
        seq=0,
        at=since,
        name=f"Coop {number}",
        country=country,
        category=category,
        status="member",
        since=since,
        member_since=since,
        good_standing=standing,
        facts={COOPERATORS: (declared,)},
    )


def alike(number: int) -> list[Coop]:
    return [coop(each) for each in range(1, number + 1)]


def roll(by: Rule, coops: list[Coop]) -> Roll:
    return take_roll(coops, by, NOW, None)


def weights(by: Rule, coops: list[Coop]) -> list[Fraction]:
    return [entry.weight for entry in roll(by, coops).entries]


def papers(yes: int, no: int, abstain: int, block: int) -> dict[str, Choice]:
    choices: list[Choice] = [*["yes"] * yes, *["no"] * no, *["abstain"] * abstain, *["block"] * block]  # type: ignore[list-item]  # each is a Choice
    return {f"c{number}": choice for number, choice in enumerate(choices, 1)}


def decided(
    by: Rule,
    coops: list[Coop],
    ballots: Mapping[str, Choice],
    *,
    present: int | None = None,
    call: int = 1,
    confirming: bool = False,
) -> str:
    here = None if present is None else [f"c{number}" for number in range(1, present + 1)]
    tally = count(roll(by, coops).voters.values(), ballots, here)
    if confirming:
        assert by.confirmation is not None
        return judge(tally, by.confirmation.quorum, by.confirmation.majority).status
    return judge(tally, by.calls[call - 1].quorum, by.majority).status


def vote(
    by: Rule,
    of: int,
    yes: int,
    no: int = 0,
    abstain: int = 0,
    block: int = 0,
    *,
    present: int | None = None,
    call: int = 1,
    confirming: bool = False,
) -> str:
    ballots = papers(yes, no, abstain, block)
    return decided(by, alike(of), ballots, present=present, call=call, confirming=confirming)


@pytest.mark.parametrize("name", STATUTES)
def test_every_statute_says_where_it_comes_from(name: str) -> None:
    text = (FOLDER / f"{name}.toml").read_text("utf-8")
    assert text.startswith("# ")
    assert statute(name).rules


def test_there_is_a_case_for_every_statute() -> None:
    source = globals()
    tested = {key.removeprefix("test_").split("__")[0].replace("_", "-") for key in source if "__" in key}
    assert set(STATUTES) <= tested


def test_argentina_ley_20337__half_plus_one_or_anyone_an_hour_later() -> None:
    by = rule("argentina-ley-20337")
    assert vote(by, 69, 35, present=34) == "no_quorum"
    assert vote(by, 69, 20, 15, present=35) == "carried"
    assert by.calls[1].after == timedelta(hours=1)
    assert vote(by, 69, 2, 1, present=3, call=2) == "carried"
    assert vote(by, 69, 2, 2, present=4, call=2) == "tied"
    for each in statute("argentina-ley-20337").rules:
        assert vote(each, 68, 34, present=34) == "no_quorum"
        assert vote(each, 68, 35, present=35) == "carried"


def test_argentina_ley_20337__two_thirds_of_those_present_with_abstainers_as_absent() -> None:
    by = rule("argentina-ley-20337", "charter")
    assert vote(by, 18, 4, 2, 4, present=10) == "carried"
    assert vote(by, 18, 5, 3, 2, present=10) == "rejected"


def test_argentina_ley_20337__a_member_in_arrears_has_voice_only() -> None:
    for by in statute("argentina-ley-20337").rules:
        assert roll(by, [coop(1), coop(2, standing=False), coop(3)]).heads == 2


def test_argentina_ley_20337__a_tenth_can_demand_a_vote() -> None:
    assert {each.requisition for each in statute("argentina-ley-20337").rules} == {F(1, 10)}


def test_brazil_lei_5764__three_calls() -> None:
    by = rule("brazil-lei-5764")
    assert vote(by, 30, 15, 4, present=19) == "no_quorum"
    assert vote(by, 30, 15, 5, present=20) == "carried"
    assert vote(by, 30, 15, present=15, call=2) == "no_quorum"
    assert vote(by, 30, 16, present=16, call=2) == "carried"
    assert vote(by, 30, 1, present=1, call=3) == "carried"
    assert vote(by, 30, 1, 1, present=2, call=3) == "tied"
    by = rule("brazil-lei-5764", "charter")
    assert vote(by, 30, 14, 0, 6, present=20) == "carried"
    assert vote(by, 30, 15, present=15, call=2) == "no_quorum"
    assert vote(by, 30, 14, 0, 7, present=21) == "carried"
    assert vote(by, 30, 14, 0, 8, present=22) == "rejected"


def test_european_cooperative_society__half_and_then_nobody_with_two_thirds_of_the_votes() -> None:
    by = rule("european-cooperative-society", "charter")
    assert vote(by, 21, 10, present=10) == "no_quorum"
    assert vote(by, 21, 6, 3, 2, present=11) == "carried"
    assert vote(by, 21, 5, 3, 3, present=11) == "rejected"
    assert vote(by, 21, 2, 1, present=3, call=2) == "carried"
    assert vote(by, 20, 10, present=10) == "carried"


def test_uk_2014_section_111__two_thirds_confirmed_by_more_than_half() -> None:
    by = rule("uk-2014-section-111", "resolution.merge")
    assert vote(by, 300, 199, 101) == "rejected"
    assert vote(by, 300, 200, 100) == "carried"
    assert vote(by, 300, 101, 100, confirming=True) == "carried"
    assert vote(by, 300, 100, 100, confirming=True) == "tied"
    assert by.confirmation is not None
    assert by.confirmation.after == timedelta(days=14)
    assert by.confirmation.after + by.confirmation.voting <= timedelta(days=28)


def test_germany_geng_43__three_votes_at_most_and_one_where_three_quarters_are_needed() -> None:
    members = [coop(1, 3), coop(2, 10), coop(3, 30), coop(4, 800), *(coop(number, 1) for number in range(5, 40))]
    assert weights(rule("germany-geng-43"), members)[:5] == [1, 2, 3, 3, 1]
    assert set(weights(rule("germany-geng-43", "charter"), members)) == {1}
    large: dict[str, Choice] = {"c2": "yes", "c3": "yes", "c4": "yes", "c5": "no", "c6": "no", "c7": "no", "c8": "no"}
    assert decided(rule("germany-geng-43"), members, large) == "carried"
    assert decided(rule("germany-geng-43", "charter"), members, large) == "rejected"
    assert vote(rule("germany-geng-43", "charter"), 8, 3, 1) == "carried"
    assert vote(rule("germany-geng-43", "charter"), 8, 2, 1) == "rejected"
    assert decided(rule("germany-geng-43"), members, {"c4": "yes", "c5": "no", "c6": "no", "c7": "no"}) == "tied"


def test_germany_geng_43__nobody_has_over_a_tenth_of_all_votes() -> None:
    members = [coop(1, 30), coop(2, 30), *(coop(number, 1) for number in range(3, 13))]
    assert weights(rule("germany-geng-43"), members)[:3] == [F(16, 10), F(16, 10), 1]


def test_catalonia_12_2015__votes_by_members_up_to_a_third_and_others_never_have_a_majority() -> None:
    by = rule("catalonia-12-2015")
    members = [coop(1, 100), coop(2, 10), coop(3, 10)]
    assert weights(by, members) == [40, 10, 10]
    mixed = [coop(1, 10), coop(2, 10), coop(3, 20, "other-body"), coop(4, 20, "other-body")]
    assert sum(weights(by, mixed)[2:]) == sum(weights(by, mixed)[:2]) == 20
    assert decided(by, mixed, {"c1": "no", "c2": "no", "c3": "yes", "c4": "yes"}) == "tied"
    assert decided(by, mixed, {"c1": "yes", "c2": "no", "c3": "yes", "c4": "yes"}) == "carried"


def test_france_78_763_unions__worker_coops_have_two_thirds_and_nobody_over_a_quarter() -> None:
    by = rule("france-78-763-unions")
    members = [
        coop(1, 10),
        coop(2, 10),
        coop(3, 10, "other-body"),
        coop(4, 10, "other-body"),
        coop(5, 10, "other-body"),
    ]
    assert weights(by, members) == [10, 10, F(10, 3), F(10, 3), F(10, 3)]
    assert decided(by, members, {"c1": "no", "c3": "yes", "c4": "yes", "c5": "yes"}) == "tied"
    assert decided(by, members, {"c1": "yes", "c3": "no", "c4": "no"}) == "carried"
    assert weights(by, [coop(1, 100), coop(2, 20), coop(3, 20), coop(4, 20)])[0] == 40


def test_galicia_5_1998__collaborators_and_probationers_have_a_third_and_no_vote_is_casting() -> None:
    by = rule("galicia-5-1998")
    members = [
        coop(1),
        coop(2),
        *(coop(n, 5, "collaborator") for n in (3, 4)),
        *(coop(n, 5, "probation") for n in (5, 6)),
    ]
    assert weights(by, members) == [1, 1, F(1, 4), F(1, 4), F(1, 4), F(1, 4)]
    outvoted: dict[str, Choice] = {"c1": "no", "c2": "no", "c3": "yes", "c4": "yes", "c5": "yes", "c6": "yes"}
    assert decided(by, members, outvoted) == "rejected"
    assert decided(by, members, outvoted | {"c1": "yes"}) == "carried"
    assert decided(by, members, {"c1": "no", "c2": "yes"}) == "tied"


def test_italy_civil_code_2532__a_vote_after_three_months() -> None:
    by = rule("italy-civil-code-2532")
    young = coop(2, since=Instant("2026-08-22T00:00:00.000001Z"))
    old = coop(3, since=Instant("2026-08-22T00:00:00.000000Z"))
    assert [entry.coop for entry in roll(by, [coop(1), young, old]).entries] == ["c1", "c3"]
    with pytest.raises(ElectorateEmpty):
        roll(by, [young])
    assert vote(by, 3, 2, 1) == "carried"
    assert vote(by, 3, 1, 1) == "tied"


def test_us_network_worker_coops__worker_coops_weigh_three() -> None:
    by = rule("us-network-worker-coops")
    members = [coop(1, category="worker-coop"), *(coop(number, category="ally") for number in (2, 3, 4))]
    assert weights(by, members) == [3, 1, 1, 1]
    assert decided(by, members, {"c1": "yes", "c2": "no", "c3": "no"}) == "carried"
    assert decided(by, members, {"c1": "yes", "c2": "no", "c3": "no", "c4": "no"}) == "tied"


def test_housing_union__the_quorum_is_the_smaller_of_25_and_a_tenth() -> None:
    by = rule("housing-union")
    assert vote(by, 69, 6) == "no_quorum"
    assert vote(by, 69, 7) == "carried"
    assert vote(by, 400, 24) == "no_quorum"
    assert vote(by, 400, 25) == "carried"
    assert vote(by, 70, 7) == "carried"
    assert vote(by, 65, 6) == "no_quorum"
    assert vote(by, 69, 4, 4) == "tied"


def test_nz_network__nobody_blocks_or_three_quarters_agree_or_abstain() -> None:
    by = rule("nz-network")
    assert vote(by, 20, 1, 9) == "carried"
    assert vote(by, 20, 5, 0, 4, 3) == "carried"
    assert vote(by, 20, 5, 0, 3, 3) == "rejected"
    assert vote(by, 20, 1, 9, 0, 1) == "rejected"
    assert all(each.blocks for each in statute("nz-network").rules)


def test_nz_network__in_an_emergency_three_quarters_override_blocks() -> None:
    by = rule("nz-network", "resolution.urgent")
    assert vote(by, 20, 9, block=3) == "carried"
    assert vote(by, 20, 8, block=3) == "rejected"
    assert vote(by, 20, 5, 0, 4, 3) == "rejected"


def test_uk_social_network__half_agree_and_nobody_blocks_unless_nine_in_ten_agree() -> None:
    by = rule("uk-social-network")
    assert by.voting == timedelta(days=6)
    assert vote(by, 69, 5, 4, 1) == "carried"
    assert vote(by, 69, 5, 4, 2) == "rejected"
    assert vote(by, 69, 8, 1, 0, 1) == "rejected"
    assert vote(by, 69, 9, block=1) == "carried"
    assert vote(by, 69, 9, 1, block=1) == "rejected"


def test_hosting_coop__one_yes_without_objection_or_more_than_half_of_all() -> None:
    by = rule("hosting-coop", "resolution.routine")
    assert vote(by, 20, 1) == "carried"
    assert vote(by, 20, 0, 0, 5) == "rejected"
    assert vote(by, 20, 15, 1) == "rejected"
    assert by.liftable
    by = rule("hosting-coop")
    assert vote(by, 20, 10) == "rejected"
    assert vote(by, 20, 11, 9) == "carried"


def test_us_tech_coop__opposed_at_most_the_greater_of_two_and_a_quarter() -> None:
    by = rule("us-tech-coop")
    assert vote(by, 30, 1, 2) == "carried"
    assert vote(by, 30, 2, 3) == "rejected"
    assert vote(by, 30, 9, 3) == "carried"
    assert vote(by, 30, 11, 4) == "rejected"


def test_canada_tech_coop__sixty_per_cent_and_two_thirds_where_a_coop_lifts_it() -> None:
    plain, raised = rule("canada-tech-coop", "resolution.routine"), rule("canada-tech-coop")
    assert vote(plain, 10, 5) == "no_quorum"
    assert vote(plain, 10, 4, 2) == vote(raised, 10, 4, 2) == "carried"
    assert vote(plain, 10, 4, 3) == "carried"
    assert vote(raised, 10, 4, 3) == "rejected"
    assert plain.liftable
    assert plain.requisition == raised.requisition == F(1, 5)
    assert {(each.sponsors, each.seconders) for each in (plain, raised)} == {(1, 1)}
    assert vote(plain, 10, 3, 3) == "tied"


def test_european_solidarity_network__one_article_needs_four_fifths() -> None:
    article, others = (
        rule("european-solidarity-network", "charter.article.solidarity"),
        rule("european-solidarity-network", "charter"),
    )
    assert vote(article, 10, 7, 2) == "rejected"
    assert vote(others, 10, 7, 2) == "carried"
    assert vote(article, 10, 8, 2) == "carried"
    assert vote(others, 10, 4, 2) == "carried"
    assert vote(others, 10, 5, 3) == "rejected"
    for each in (article, others):
        assert vote(each, 10, 4) == "no_quorum"
        assert vote(each, 10, 5) == "carried"


def test_european_solidarity_network__a_provisional_member_has_no_vote_before_the_second_decision() -> None:
    second = rule("european-solidarity-network", "membership.category")
    assert roll(second, [coop(1), coop(2), coop(3, category="provisional")]).heads == 2
    assert vote(rule("european-solidarity-network", "admission.provisional"), 10, 2, 1) == "carried"
    assert vote(second, 10, 2, 1) == "no_quorum"
    assert vote(rule("european-solidarity-network", "admission.provisional"), 10, 2, 2) == "tied"
    assert vote(second, 10, 4) == "no_quorum"
    assert vote(second, 10, 5) == vote(second, 10, 4, 2) == "carried"
    assert vote(second, 10, 5, 3) == "rejected"


def test_eu_council__states_and_people_or_at_most_three_states_not_in_favour() -> None:
    by = rule("eu-council")
    states = [*(coop(number, 30) for number in range(1, 4)), *(coop(number, 5) for number in range(4, 28))]
    small: dict[str, Choice] = {f"c{number}": "yes" for number in range(4, 28)}
    assert decided(by, states, small) == "carried"
    del small["c27"]
    assert decided(by, states, small) == "rejected"
    most = papers(15, 0, 0, 0)
    assert decided(by, states, most) == "carried"
    del most["c15"]
    assert decided(by, states, most) == "rejected"


def test_eu_council__exactly_55_per_cent_of_the_states_with_exactly_65_per_cent_of_the_people() -> None:
    by = rule("eu-council")

    def states(first: int, rest: list[int]) -> list[Coop]:
        people = [first, *[5] * 10, *rest]
        return [coop(number, each) for number, each in enumerate(people, 1)]

    assert decided(by, states(15, [11, *[3] * 8]), papers(11, 9, 0, 0)) == "carried"
    assert decided(by, states(14, [12, *[3] * 8]), papers(11, 9, 0, 0)) == "rejected"
    assert decided(by, states(15, [8, *[3] * 9]), papers(11, 10, 0, 0)) == "rejected"


def test_switzerland__the_people_and_most_cantons_and_eleven_to_eleven_fails() -> None:
    by = rule("switzerland", "charter")
    cantons = [coop(number, number, country=f"{chr(64 + number)}X") for number in range(1, 23)]
    assert decided(by, cantons, papers(0, 11, 0, 0) | {f"c{n}": "yes" for n in range(12, 23)}) == "tied"
    assert decided(by, cantons, papers(0, 10, 0, 0) | {f"c{n}": "yes" for n in range(11, 23)}) == "carried"
    assert decided(by, cantons, papers(12, 10, 0, 0)) == "rejected"
    even = [coop(1, 5, country="AX"), coop(2, 5, country="BX"), coop(3, 10, country="CX")]
    assert decided(by, even, {"c1": "yes", "c2": "yes", "c3": "no"}) == "tied"


def test_scotland_1979__forty_per_cent_of_all_must_say_yes() -> None:
    by = rule("scotland-1979")
    assert vote(by, 100, 33, 31) == "rejected"
    assert vote(by, 100, 40, 39) == "carried"
    assert vote(by, 100, 40, 40) == "tied"


def test_what_is_for_assemblies_is_described_and_not_built() -> None:
    for name in ("argentina-ley-20337", "brazil-lei-5764", "european-cooperative-society"):
        for each in statute(name).rules:
            with pytest.raises(NotBuilt):
                check_built(each)
