from fractions import Fraction
from typing import get_args

import pytest

from governance.effect import (
    Admit,
    AmendCharter,
    ChangeRules,
    CorrectCountry,
    CorrectName,
    CorrectNumber,
    Effect,
    Expel,
    Ratify,
    Recategorise,
    Reinstate,
    Resolve,
    SetOffice,
    SetProvisions,
    SetRule,
    StrikeRule,
    Suspend,
    concerned_by,
    kind_of,
    text_of,
)
from governance.ids import ArticleId, CoopId, Digest, MandateId, Matter, OfficeId
from governance.mandate import Office
from governance.matter import KINDS, fallbacks, is_matter, matters_of
from governance.provisions import Provisions
from tests.governance.charters import add, hashed, move, replace, strike
from tests.governance.world import rule

C1 = CoopId("c1")
OFFICE = Office(id=OfficeId("board"), title="Board")
ADMIT = Admit(name="A", country="AR", category="associate", cooperators=1, steward=MandateId("m"))
EFFECTS: list[tuple[Effect, str, tuple[str, ...]]] = [
    (Resolve(), "resolution", ("resolution",)),
    (Resolve(narrowing="routine"), "resolution", ("resolution.routine",)),
    (Resolve(narrowing="urgent"), "resolution", ("resolution.urgent",)),
    (Resolve(narrowing="merge"), "resolution", ("resolution.merge",)),
    (Resolve(narrowing="dissolve"), "resolution", ("resolution.dissolve",)),
    (Ratify(digest=Digest("0")), "resolution", ("charter", "rules")),
    (ADMIT, "admission", ("admission.associate",)),
    (Suspend(coop=C1), "membership", ("membership.suspend",)),
    (Reinstate(coop=C1), "membership", ("membership.reinstate",)),
    (Expel(coop=C1), "membership", ("membership.expel",)),
    (Recategorise(coop=C1, category="full"), "membership", ("admission.full", "membership.category")),
    (CorrectNumber(coop=C1, fact="dues", number=Fraction(1)), "membership", ("membership.correct",)),
    (CorrectName(coop=C1, name="B"), "membership", ("membership.correct",)),
    (CorrectCountry(coop=C1, country="UY"), "membership", ("membership.correct",)),
    (AmendCharter(base=1, operations=(add("x"),)), "charter", ("charter",)),
    (AmendCharter(base=1, operations=(move("a"),)), "charter", ("charter.article.a",)),
    (
        AmendCharter(base=1, operations=(strike("b"), replace("a", "n"), move("a"), add("x"))),
        "charter",
        ("charter", "charter.article.a", "charter.article.b"),
    ),
    (ChangeRules(changes=(SetRule(rule=rule("charter"), base=1),)), "rules", ("charter", "rules")),
    (ChangeRules(changes=(SetRule(rule=rule("rules"), base=1),)), "rules", ("rules",)),
    (
        ChangeRules(changes=(SetRule(rule=rule("charter.article.a"), base=None),)),
        "rules",
        ("charter.article.a", "rules"),
    ),
    (
        ChangeRules(changes=(StrikeRule(matter=Matter("membership.expel"), base=1),)),
        "rules",
        ("membership.expel", "rules"),
    ),
    (ChangeRules(changes=(SetProvisions(provisions=Provisions(), base=1),)), "rules", ("rules.provisions",)),
    (ChangeRules(changes=(SetOffice(office=OFFICE),)), "rules", ("rules.offices",)),
    (
        ChangeRules(changes=(SetOffice(office=OFFICE), SetRule(rule=rule("resolution"), base=1))),
        "rules",
        ("resolution", "rules", "rules.offices"),
    ),
]


@pytest.mark.parametrize(("effect", "kind", "matters"), EFFECTS, ids=lambda value: "")
def test_each_effect_has_its_kind_and_the_matters_that_it_touches(
    effect: Effect, kind: str, matters: tuple[str, ...]
) -> None:
    assert (kind_of(effect), matters_of(effect)) == (kind, matters)
    assert kind in KINDS


def test_every_effect_that_there_is_has_been_looked_at() -> None:
    assert {type(effect) for effect, _, _ in EFFECTS} == set(get_args(Effect))


def test_only_membership_effects_are_about_a_coop() -> None:
    for effect, kind, _ in EFFECTS:
        assert concerned_by(effect) == (C1 if kind == "membership" else None)
    again = Admit(name="A", country="AR", category="full", cooperators=1, steward=MandateId("m"), coop=C1)
    assert concerned_by(again) is None, "who applies again has no vote anyway"


def test_the_texts_of_a_charter_change_come_in_the_order_of_its_operations() -> None:
    change = AmendCharter(base=1, operations=(strike("b"), replace("a", "n"), move("a"), add("x")))
    assert text_of(change) == (hashed("n"), hashed("x"))
    assert text_of(Resolve()) == ()


def test_a_matter_falls_back_on_each_wider_one_up_to_its_kind() -> None:
    assert fallbacks(Matter("charter.article.a-b")) == ("charter.article.a-b", "charter.article", "charter")
    assert fallbacks(Matter("resolution")) == ("resolution",)


CATEGORIES, ARTICLES = ("full", "associate"), (ArticleId("mission"),)


@pytest.mark.parametrize(
    "matter",
    [
        *KINDS,
        "resolution.routine",
        "resolution.urgent",
        "resolution.merge",
        "resolution.dissolve",
        "resolution.amendment",
        "admission.full",
        "admission.associate",
        "membership.suspend",
        "membership.reinstate",
        "membership.expel",
        "membership.category",
        "membership.correct",
        "charter.article.mission",
        "rules.provisions",
        "rules.offices",
    ],
)
def test_there_can_be_a_rule_for_each_matter_that_something_falls_under(matter: str) -> None:
    assert is_matter(Matter(matter), CATEGORIES, ARTICLES)


@pytest.mark.parametrize(
    "matter",
    [
        "",
        "Resolution",
        "resolutions",
        "resolution.",
        "resolution.expel",
        "resolution.routine.small",
        "admission.observer",
        "admission.",
        "charter.article",
        "charter.article.",
        "charter.article.vision",
        "charter.mission",
        "charter.article.article.mission",
        "rules.rules",
        "election",
        "mission",
    ],
)
def test_a_rule_that_nothing_would_fall_under_is_for_no_matter(matter: str) -> None:
    assert not is_matter(Matter(matter), CATEGORIES, ARTICLES)


def test_a_matter_of_every_effect_can_have_a_rule_of_its_own() -> None:
    articles = tuple(ArticleId(one) for one in "ab")
    for _, _, matters in EFFECTS:
        assert all(is_matter(Matter(matter), CATEGORIES, articles) for matter in matters)
