"""The parts of a founding, each of which is refused where it could not stand."""

from fractions import Fraction

import pytest

from governance.charter import ArticleContent
from governance.commands import founding as ask
from governance.commands import register
from governance.errors import RochdaleError
from governance.facts.founding import CoopFounded
from governance.ids import ArticleId, CoopId, MandateId, OfficeId
from governance.mandate import Office
from governance.value import Value
from tests.governance.acting import refused
from tests.governance.deciding.foundings import OFFICE, SINCE, Founding, coop, founding, mandate
from tests.governance.world import rule

STEPS = founding()
ARTICLE = ArticleContent(heading="H", text="T.")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (STEPS["article"], "article_invalid"),
        (ask.FoundArticle(article=ArticleId("A b"), content=ARTICLE), "article_invalid"),
        (ask.FoundArticle(article=ArticleId("b"), content=ArticleContent(heading="", text="T.")), "article_invalid"),
        (STEPS["rules"], "matter_unknown"),
        (ask.FoundRule(rule=rule("admission.nobody")), "matter_unknown"),
        (ask.FoundRule(rule=rule("resolution.routine", sponsors=0)), "rule_invalid"),
        (ask.FoundRule(rule=rule("resolution.routine", secrecy="secret")), "not_built"),
        (STEPS["office"], "mandate_invalid"),
        (ask.FoundOffice(office=Office(id=OfficeId("B"), title="Board")), "mandate_invalid"),
        (coop("Alfa"), "coop_duplicate"),
        (coop("ALFA"), "coop_duplicate"),
        (coop("Аlfa"), "name_mixed_scripts"),
        (coop("A1fa"), "coop_duplicate"),
        (coop(" Delta"), "fact_invalid"),
        (coop("Delta", country="Argentina"), "fact_invalid"),
        (coop("Delta", category="gold"), "fact_invalid"),
        (coop("Delta", services=("a", "a")), "fact_invalid"),
        (coop("Delta", cooperators=0), "fact_invalid"),
        (coop("Delta", numbers={"cooperators": 1}), "fact_invalid"),
        (coop("Delta", numbers={"Dues": 1}), "fact_invalid"),
        (coop("Delta", numbers={"dues": -1}), "fact_invalid"),
        (coop("Delta", member_since="2027-01-01T00:00:00.000000Z"), "fact_invalid"),
        (register.GiveMandate(mandate=mandate(1), role="steward", coop=CoopId("c2")), "mandate_invalid"),
        (register.GiveMandate(mandate=mandate(9), role="steward", coop=CoopId("c9")), "coop_unknown"),
        (register.GiveMandate(mandate=mandate(9), role="officer", office=OfficeId("board")), "office_unknown"),
        (register.GiveMandate(mandate=mandate(9), role="officer", office=OFFICE.id), "mandate_invalid"),
        (register.GiveMandate(mandate=mandate(9), role="officer", coop=CoopId("c1")), "mandate_invalid"),
        (register.GiveMandate(mandate=mandate(9), role="steward", office=OFFICE.id), "mandate_invalid"),
        (register.GiveMandate(mandate=mandate(9), role="steward"), "mandate_invalid"),
        (register.GiveMandate(mandate=mandate(9), role="officer", coop=CoopId("c1"), office=OFFICE.id), "mandate_invalid"),
        (register.GiveMandate(mandate=MandateId("m"), role="steward", coop=CoopId("c1")), "mandate_invalid"),
    ],
)  # fmt: skip
def test_a_part_that_cannot_stand_is_refused_and_leaves_nothing_behind(command: Value, code: str) -> None:
    world = Founding()
    before = (world.state.size, world.state.founding)
    with refused(code):
        world.write(command)
    assert (world.state.size, world.state.founding) == before


def test_a_day_of_joining_that_does_not_exist_is_refused() -> None:
    with pytest.raises(RochdaleError) as caught:
        Founding().write(coop("Delta", member_since="2020-02-30T00:00:00.000000Z"))
    assert caught.value.code == "instant_invalid"


def test_coops_get_the_numbers_of_the_register_in_order_with_all_their_facts() -> None:
    world = Founding()
    founded = world.write(coop("Delta", numbers={"dues": 3}, services=("Hosting",), category="associate"))
    assert founded == CoopFounded(
        coop=CoopId("c4"),
        name="Delta",
        country="AR",
        category="associate",
        cooperators=5,
        services=("Hosting",),
        member_since=SINCE,
        numbers={"dues": Fraction(3)},
    )
    register_entry = world.state.coops.get(CoopId("c4"))
    assert (register_entry.member_since, register_entry.services) == (SINCE, ("Hosting",))
