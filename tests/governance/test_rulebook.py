import pytest

from governance.effect import (
    ChangeRules,
    Effect,
    Ratify,
    SetOffice,
    SetProvisions,
)
from governance.ids import Matter, OfficeId
from governance.mandate import Office, office_digest
from governance.provisions import Provisions
from governance.rule import Entitled
from governance.rulebook import amendment_rules, check_changes, rule_for, rules_for
from tests.governance.acting import MINUTE, NOW, QUICK, decree, leave, refused, rules, set_rule
from tests.governance.changing import OFFICE, PROVISIONS, changes, setting, striking
from tests.governance.test_matter import EFFECTS
from tests.governance.world import DAY, Founded, rule


def under(world: Founded, effect: Effect) -> list[str]:
    return [pinned.matter for pinned in rules_for(world.state, effect)]


@pytest.fixture(scope="module")
def world() -> Founded:
    """A federation that no test changes."""
    return Founded(5, rules=rules(rule("membership.expel"), rule("charter.article.democracy")))


def test_a_matter_without_a_rule_of_its_own_falls_back_on_the_nearest_wider_one(world: Founded) -> None:
    expected = {
        "resolution.routine": "resolution.routine",
        "resolution.merge": "resolution",
        "admission.associate": "admission",
        "membership.expel": "membership.expel",
        "membership.suspend": "membership",
        "charter.article.democracy": "charter.article.democracy",
        "charter.article.mission": "charter",
        "rules.provisions": "rules",
    }
    assert {matter: rule_for(world.state, Matter(matter)).matter for matter in expected} == expected
    assert [pinned.matter for pinned in amendment_rules(world.state)] == ["resolution"]


def test_each_effect_falls_under_rules_that_there_are_each_once(world: Founded) -> None:
    for effect, kind, _ in EFFECTS:
        found = under(world, effect)
        assert found == sorted(set(found))
        assert any(matter.partition(".")[0] == kind for matter in found) or isinstance(effect, Ratify)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (changes(), "matter_unknown"),
        (changes(*(setting(rule("resolution.merge")) for _ in range(51))), "matter_unknown"),
        (changes(setting(rule("charter"), 1), setting(rule("charter"), 1)), "matter_unknown"),
        (changes(setting(rule("membership.expel"), 1), striking("membership.expel")), "matter_unknown"),
        (changes(*(SetProvisions(provisions=PROVISIONS, base=1),) * 2), "matter_unknown"),
        (changes(setting(rule("election"))), "matter_unknown"),
        (changes(setting(rule("charter.article.vision"))), "matter_unknown"),
        (changes(setting(rule("admission.gold"))), "matter_unknown"),
        (changes(striking("resolution.merge")), "matter_unknown"),
        (changes(striking("charter.article.mission")), "matter_unknown"),
        (changes(striking("rules")), "matter_unknown"),
        (changes(striking("resolution")), "matter_unknown"),
        (changes(striking("charter")), "matter_unknown"),
        (changes(setting(rule("charter"))), "rule_outdated"),
        (changes(setting(rule("charter"), 2)), "rule_outdated"),
        (changes(setting(rule("charter.article.mission"), 1)), "rule_outdated"),
        (changes(striking("membership.expel", 2)), "rule_outdated"),
        (changes(SetProvisions(provisions=PROVISIONS, base=2)), "rule_outdated"),
        (changes(SetOffice(office=OFFICE)), "rule_outdated"),
        (changes(SetOffice(office=OFFICE, base="0" * 64)), "rule_outdated"),
        (changes(SetOffice(office=Office(id=OfficeId("board"), title="Board"), base="0" * 64)), "rule_outdated"),
        (changes(SetOffice(office=Office(id=OfficeId("Board"), title="Board"))), "mandate_invalid"),
        (changes(setting(rule("charter", sponsors=0), 1)), "rule_invalid"),
        (changes(setting(rule("charter", secrecy="secret"), 1)), "not_built"),
        (changes(setting(rule("charter", majority=()), 1)), "majority_empty"),
        (changes(SetProvisions(provisions=Provisions(census=("02-30",)), base=1)), "provisions_invalid"),
        (changes(SetProvisions(provisions=Provisions(categories=("associate",)), base=1)), "rule_invalid"),
    ],
)
def test_a_change_that_the_rulebook_in_force_cannot_take_is_refused(
    world: Founded, change: ChangeRules, code: str
) -> None:
    before = dict(world.state.rules.items())
    with refused(code):
        check_changes(world.state, change)
    assert dict(world.state.rules.items()) == before


def test_a_new_category_and_a_rule_for_it_come_together(world: Founded) -> None:
    wider = Provisions(categories=(*PROVISIONS.categories, "probation"))
    check_changes(world.state, changes(setting(rule("admission.probation")), SetProvisions(provisions=wider, base=1)))


def test_a_category_that_a_rule_names_cannot_be_dropped_but_with_the_rule() -> None:
    world = Founded(5, rules=rules(rule("admission.observer", entitled=Entitled(categories=("full", "observer")))))
    narrower = SetProvisions(provisions=Provisions(categories=("full", "associate")), base=1)
    with refused("rule_invalid"):
        check_changes(world.state, changes(narrower))
    check_changes(world.state, changes(narrower, striking("admission.observer")))


def test_a_category_in_which_a_coop_is_cannot_be_dropped() -> None:
    world = Founded(5, categories=("full", "full", "full", "full", "observer"))
    narrower = changes(SetProvisions(provisions=Provisions(categories=("full", "associate")), base=1))
    with refused("provisions_invalid"):
        check_changes(world.state, narrower)
    leave(world, 5)
    check_changes(world.state, narrower)


def test_versions_go_on_after_a_rule_was_struck_and_set_again() -> None:
    expel = rule("membership.expel", notice=NOW, voting=MINUTE)
    world = Founded(5, rules=rules(*QUICK, expel))
    everybody = (1, 2, 3, 4, 5)
    decree(world, set_rule(world, expel), yes=everybody)
    assert rule_for(world.state, expel.matter).version == 2
    decree(world, changes(striking("membership.expel", 2)), yes=everybody)
    assert rule_for(world.state, expel.matter).matter == "membership"
    for base in (None, 1):
        with refused("rule_outdated"):
            world.submit(changes(setting(expel, base)))
    decree(world, changes(setting(expel, 2)), yes=everybody)
    assert rule_for(world.state, expel.matter).version == 3


def test_an_office_is_changed_by_vote_and_written_on_the_office_in_force() -> None:
    world = Founded(5, rules=rules(*QUICK))
    base = office_digest(world.state.offices.get(OFFICE.id))
    decree(world, changes(SetOffice(office=OFFICE, base=base)), yes=(1, 2, 3, 4, 5))
    assert world.state.offices.get(OFFICE.id) == OFFICE
    with refused("rule_outdated"):
        world.submit(changes(SetOffice(office=OFFICE, base=base)))
    board = Office(id=OfficeId("board"), title="Board")
    decree(world, changes(SetOffice(office=board)), yes=(1, 2, 3, 4, 5))
    assert world.state.offices.get(board.id) == board


def test_of_two_changes_of_one_rule_the_second_ends_in_conflict() -> None:
    world = Founded(5, rules=rules(*QUICK))
    first = world.submit(set_rule(world, rule("charter", voting=DAY)))
    second = world.submit(set_rule(world, rule("charter", voting=2 * DAY)), by=2)
    for proposal in (first, second):
        world.vote(proposal, yes=(1, 2, 3, 4, 5))
    world.wait(8 * DAY)
    assert (world.stage(first), world.stage(second)) == ("in_force", "lapsed")
    assert world.state.rules.get(Matter("charter")).rule.voting == DAY


def test_a_new_rule_begins_with_version_1_and_provisions_go_on_by_1() -> None:
    world = Founded(5, rules=rules(*QUICK))
    wider = Provisions(categories=(*PROVISIONS.categories, "probation"))
    both = changes(
        setting(rule("admission.probation", notice=NOW, voting=MINUTE)), SetProvisions(provisions=wider, base=1)
    )
    decree(world, both, yes=(1, 2, 3, 4, 5))
    assert rule_for(world.state, Matter("admission.probation")).version == 1
    assert world.state.provisions_version == 2
    decree(
        world, changes(SetProvisions(provisions=PROVISIONS, base=2), striking("admission.probation")), yes=(1, 2, 3, 4)
    )


def test_a_change_has_fifty_parts_at_most(world: Founded) -> None:
    boards = [SetOffice(office=Office(id=OfficeId(f"board-{number}"), title="Board")) for number in range(51)]
    check_changes(world.state, changes(*boards[:50]))
    with refused("matter_unknown"):
        check_changes(world.state, changes(*boards))
