"""What a decision changes when it takes effect."""

from fractions import Fraction
from typing import Any

import pytest
from msgspec.structs import replace

from governance.charter import Add, ArticleContent, Strike
from governance.commands import register as ask
from governance.effect import (
    Admit,
    AmendCharter,
    CorrectCountry,
    CorrectName,
    CorrectNumber,
    Effect,
    Expel,
    Ratify,
    Recategorise,
    Reinstate,
    Resolve,
    Suspend,
)
from governance.errors import Refusal
from governance.facts import proposals as fact
from governance.ids import ArticleId, CoopId, ProposalId
from governance.instants import Day, later, start_of
from governance.records import seal
from governance.register import COOPERATORS, Coop, counted
from governance.state import Step
from tests.governance.acting import MINUTE, NOW, QUICK, decree, leave, refused, rules
from tests.governance.world import DAY, Founded, rule

C5 = CoopId("c5")
RULES = rules(*QUICK, rule("resolution", notice=NOW, voting=MINUTE))


def founded() -> Founded:
    return Founded(5, rules=RULES)


def coop(world: Founded, of: CoopId = C5) -> Coop:
    found: Coop = world.state.coops.get(of)
    return found


def by_four(world: Founded, effect: Effect) -> ProposalId:
    return decree(world, effect, yes=(1, 2, 3, 4))


def admit(world: Founded, **changes: Any) -> Admit:
    plain = {"name": "Coop Nueva", "country": "UY", "category": "associate", "cooperators": 3, "services": ("Hosting",)}
    return Admit(**{**plain, "steward": world.mandate(), **changes})


def test_an_admitted_coop_stands_in_the_register_under_the_next_number_with_its_steward() -> None:
    world = founded()
    effect = admit(world)
    by_four(world, effect)
    new = coop(world, CoopId("c6"))
    assert (new.name, new.country, new.category, new.services) == ("Coop Nueva", "UY", "associate", ("Hosting",))
    assert (new.status, new.since, new.member_since, new.good_standing) == ("member", world.now, world.now, True)
    assert counted(new, COOPERATORS, world.now) == 3
    assert world.state.last_coop == 6
    world.ask(ask.GiveMandate(mandate=world.mandate(), role="delegate"), effect.steward)


def test_a_former_member_comes_back_under_its_number_with_its_other_facts_and_only_new_people() -> None:
    world = founded()
    by_four(world, CorrectNumber(coop=C5, fact="dues", number=Fraction(7)))
    leave(world, 5)
    before = coop(world).name
    effect = admit(world, coop=C5)
    world.wait(DAY)
    by_four(world, effect)
    back = coop(world)
    assert (back.name, back.status, back.member_since) == ("Coop Nueva", "member", world.now)
    assert counted(back, "dues", world.now) == 7
    assert counted(back, COOPERATORS, world.now) == 3
    for old in (world.stewards[C5], world.c(5)):
        with refused("no_mandate"):
            world.ask(ask.Leave(), old)
    world.ask(ask.Leave(), effect.steward)
    by_four(world, admit(world, name=before))


def test_a_name_that_was_given_up_is_free_again_and_a_former_members_is_not() -> None:
    world = founded()
    before = coop(world).name
    with pytest.raises(Refusal, match="looks the same"):
        world.submit(admit(world, name=before))
    by_four(world, CorrectName(coop=C5, name="Coop Quinta"))
    assert coop(world).name == "Coop Quinta"
    by_four(world, admit(world, name=before))
    leave(world, 4)
    with refused("coop_duplicate"):
        world.submit(admit(world, name=coop(world, CoopId("c4")).name))


def test_a_coop_is_suspended_reinstated_and_expelled() -> None:
    world = founded()
    joined = coop(world).member_since
    steps: tuple[tuple[Effect, str], ...] = (
        (Suspend(coop=C5), "suspended"),
        (Reinstate(coop=C5), "member"),
        (Suspend(coop=C5), "suspended"),
        (Expel(coop=C5), "former"),
    )
    for effect, status in steps:
        world.wait(DAY)
        by_four(world, effect)
        assert (coop(world).status, coop(world).since, coop(world).member_since) == (status, world.now, joined)


def test_category_country_and_numbers_are_corrected_at_once() -> None:
    world = founded()
    by_four(world, Recategorise(coop=C5, category="associate"))
    by_four(world, CorrectCountry(coop=C5, country="UY"))
    by_four(world, CorrectNumber(coop=C5, fact="dues", number=Fraction(1, 2)))
    assert (coop(world).category, coop(world).country) == ("associate", "UY")
    assert counted(coop(world), "dues", world.now) == Fraction(1, 2)


def test_resolutions_are_numbered_and_a_superseded_one_does_not_come_back_for_review() -> None:
    world = founded()
    review = Day(later(world.now, 30 * DAY)[:10])
    first = by_four(world, Resolve(review=review))
    second = by_four(world, Resolve(supersedes=(first,)))
    assert [world.state.proposals.get(one).number for one in (first, second)] == [1, 2]
    third = by_four(world, Resolve(review=review))
    assert world.state.due_step(later(world.now, 30 * DAY)) == Step(kind="review", subject=third, due=start_of(review))
    by_four(world, Resolve(supersedes=(third,)))
    assert world.stage(first) == "superseded"
    world.wait(40 * DAY)
    assert not any(isinstance(record.body, fact.ReviewDue) for record in world.records)


def test_two_resolutions_can_supersede_the_same_one() -> None:
    world = founded()
    first = by_four(world, Resolve())
    others = [world.submit(Resolve(supersedes=(first,)), by=number) for number in (1, 2)]
    for other in others:
        world.vote(other, yes=(1, 2, 3, 4))
    world.wait(MINUTE)
    assert [world.stage(one) for one in (first, *others)] == ["superseded", "in_force", "in_force"]


def test_the_founding_is_ratified_by_a_proposal() -> None:
    world = founded()
    ratifying = by_four(world, Ratify(digest=world.state.founding))
    assert world.state.ratified_by == ratifying


def test_the_charter_gets_its_new_texts_in_the_log() -> None:
    world = founded()
    mission = world.state.charter.articles[0]
    content = ArticleContent(heading="Education", text="We teach.")
    new = Add(article=ArticleId("education"), text=world.text(content), after=mission.id)
    by_four(world, AmendCharter(base=1, operations=(new, Strike(article=mission.id, base=mission.base))))
    assert (world.state.charter.version, world.state.charter.articles[0].content) == (2, content)
    result = world.last(fact.ProposalEnacted).result
    assert isinstance(result, fact.CharterAmended)
    assert [text.content for text in result.texts] == [content]


def test_a_result_that_is_none_of_the_effects_is_an_error_of_the_program() -> None:
    world = founded()
    proposal = world.submit()
    wrong = fact.ProposalEnacted(proposal=proposal, result=fact.FoundingRatified(), due=world.now)
    record = seal(wrong, seq=world.state.size, at=world.now, actor=world.c(1), nonce=bytes(16))
    with pytest.raises(TypeError, match="FoundingRatified is no result of Resolve"):
        world.federation.apply(record)
    world.state.proposals.put(proposal, replace(world.state.proposals.get(proposal), effect=Suspend(coop=CoopId("c9"))))
    with pytest.raises(KeyError):
        world.federation.apply(record)
