"""Whether an effect could take place: refused when proposed, and again when it would be enacted."""

from fractions import Fraction
from typing import Any

import pytest

from governance.deciding.effects import check_effect
from governance.effect import (
    Admit,
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
from governance.errors import RochdaleError
from governance.facts.proposals import ProposalLapsed
from governance.ids import CoopId, Digest, MandateId, ProposalId
from governance.instants import Day
from tests.governance.acting import MINUTE, NOW, QUICK, decree, leave, refused, rules
from tests.governance.world import Founded, rule

C1, C4, C5, GONE, NONE = (CoopId(one) for one in ("c1", "c4", "c5", "c6", "c99"))
STEWARD = MandateId("m-" + "0" * 32)
RULES = rules(*QUICK, rule("resolution", notice=NOW, voting=MINUTE))


@pytest.fixture(scope="module")
def world() -> Founded:
    """Six coops, of which c5 is suspended and c6 has left; p1 is in force and p2 is open. No test changes it."""
    world = Founded(6, rules=RULES)
    decree(world, Resolve(), yes=(1, 2, 3, 4))
    decree(world, Suspend(coop=C5), yes=(1, 2, 3, 4))
    leave(world, 6)
    world.submit()
    return world


def admit(**changes: Any) -> Admit:
    plain = {"name": "Coop Nueva", "country": "UY", "category": "full", "cooperators": 3, "steward": STEWARD}
    return Admit(**{**plain, **changes})


POSSIBLE: list[Effect] = [
    Resolve(),
    Resolve(supersedes=(ProposalId("p1"),), review=Day("2076-03-01")),
    admit(),
    admit(name="Coop Vieja", coop=GONE),
    Suspend(coop=C1),
    Reinstate(coop=C5),
    Expel(coop=C1),
    Expel(coop=C5),
    Recategorise(coop=C1, category="associate"),
    Recategorise(coop=C5, category="associate"),
    CorrectNumber(coop=C5, fact="dues", number=Fraction(0)),
    CorrectName(coop=C1, name="Coop Primera"),
    CorrectCountry(coop=C1, country="UY"),
]


@pytest.mark.parametrize("effect", POSSIBLE, ids=lambda effect: type(effect).__name__)
def test_what_can_take_place_is_allowed(world: Founded, effect: Effect) -> None:
    check_effect(world.state, effect, world.now)


def test_a_coop_can_be_known_again_by_a_name_that_only_looks_like_its_own(world: Founded) -> None:
    name = world.state.coops.get(C1).name
    check_effect(world.state, CorrectName(coop=C1, name=name.upper()), world.now)


def test_the_founding_is_ratified_by_its_digest(world: Founded) -> None:
    check_effect(world.state, Ratify(digest=world.state.founding), world.now)
    with refused("effect_invalid"):
        check_effect(world.state, Ratify(digest=Digest("0" * 64)), world.now)


IMPOSSIBLE: list[tuple[Effect, str]] = [
    (Resolve(supersedes=(ProposalId("p1"), ProposalId("p1"))), "effect_invalid"),
    (Resolve(supersedes=tuple(ProposalId(f"p{number}") for number in range(51))), "effect_invalid"),
    (Resolve(supersedes=(ProposalId("p9"),)), "proposal_unknown"),
    (Resolve(supersedes=(ProposalId("p3"),)), "effect_invalid"),
    (Resolve(supersedes=(ProposalId("p2"),)), "effect_invalid"),
    (Resolve(review=Day("2026-03-01")), "effect_invalid"),
    (Resolve(review=Day("2077-01-01")), "effect_invalid"),
    (Resolve(review=Day("2026-02-30")), "instant_invalid"),
    (Resolve(review=Day("20270101")), "instant_invalid"),
    (admit(steward=MandateId("m-1")), "mandate_invalid"),
    (admit(cooperators=0), "fact_invalid"),
    (admit(coop=C1), "coop_not_member"),
    (admit(coop=C5), "coop_not_member"),
    (admit(coop=NONE), "coop_unknown"),
    (admit(name="Coop Bababaga"), "coop_duplicate"),
    (admit(name="coop  nueva"), "fact_invalid"),
    (admit(name=""), "name_empty"),
    (admit(country="Uruguay"), "fact_invalid"),
    (admit(category="gold"), "fact_invalid"),
    (admit(services=("",)), "fact_invalid"),
    (Suspend(coop=NONE), "coop_unknown"),
    (Suspend(coop=C5), "coop_not_member"),
    (Suspend(coop=GONE), "coop_not_member"),
    (Reinstate(coop=C1), "coop_not_member"),
    (Reinstate(coop=GONE), "coop_not_member"),
    (Expel(coop=GONE), "coop_not_member"),
    (Recategorise(coop=GONE, category="associate"), "coop_not_member"),
    (Recategorise(coop=C1, category="full"), "effect_invalid"),
    (Recategorise(coop=C1, category="gold"), "effect_invalid"),
    (CorrectNumber(coop=GONE, fact="dues", number=Fraction(1)), "coop_not_member"),
    (CorrectNumber(coop=C1, fact="Dues", number=Fraction(1)), "fact_invalid"),
    (CorrectNumber(coop=C1, fact="dues", number=Fraction(-1)), "fact_invalid"),
    (CorrectName(coop=GONE, name="Coop Primera"), "coop_not_member"),
    (CorrectName(coop=C1, name="Coop Babababa"), "effect_invalid"),
    (CorrectName(coop=C1, name="Coop Bababade"), "coop_duplicate"),
    (CorrectCountry(coop=GONE, country="UY"), "coop_not_member"),
    (CorrectCountry(coop=C1, country="AR"), "effect_invalid"),
    (CorrectCountry(coop=C1, country="ar"), "fact_invalid"),
]


@pytest.mark.parametrize(("effect", "code"), IMPOSSIBLE, ids=lambda value: value if isinstance(value, str) else "")
def test_what_cannot_take_place_is_refused_and_says_what_is_in_the_way(
    world: Founded, effect: Effect, code: str
) -> None:
    with pytest.raises(RochdaleError) as caught:
        check_effect(world.state, effect, world.now)
    assert caught.value.code == code


def test_the_steward_of_an_admission_has_a_mandate_id_of_its_own(world: Founded) -> None:
    with refused("mandate_invalid"):
        check_effect(world.state, admit(steward=world.c(1)), world.now)


def test_a_founding_is_ratified_once() -> None:
    world = Founded(4, rules=rules(*QUICK))
    decree(world, Ratify(digest=world.state.founding), yes=(1, 2, 3, 4))
    with refused("effect_invalid"):
        check_effect(world.state, Ratify(digest=world.state.founding), world.now)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Suspend(coop=C4), Suspend(coop=C4)),
        (Expel(coop=C4), CorrectCountry(coop=C4, country="UY")),
        (CorrectCountry(coop=C4, country="UY"), CorrectCountry(coop=C4, country="UY")),
        (admit(), admit(steward=MandateId("m-" + "1" * 32))),
    ],
    ids=range(4),
)
def test_of_two_effects_that_exclude_each_other_the_second_lapses_as_impossible(first: Effect, second: Effect) -> None:
    world = Founded(5, rules=RULES)
    proposals = [world.submit(first), world.submit(second, by=2)]
    for proposal in proposals:
        world.vote(proposal, yes=(1, 2, 3, 5))
    world.wait(MINUTE)
    assert [world.stage(proposal) for proposal in proposals] == ["in_force", "lapsed"]
    assert world.last(ProposalLapsed).reason == "impossible"


def test_the_steward_of_one_admission_is_not_that_of_another_until_the_first_is_over() -> None:
    world = Founded(5, rules=RULES)
    first = world.submit(admit())
    for effect in (admit(), admit(name="Coop Otra")):
        with refused("mandate_invalid"):
            world.submit(effect, by=2)
    world.vote(first, no=(1, 2, 3, 4))
    world.wait(MINUTE)
    assert world.stage(first) == "rejected"
    world.submit(admit(name="Coop Otra"), by=2)


@pytest.mark.parametrize("effect", [Expel(coop=C5), Suspend(coop=C5), Recategorise(coop=C5, category="associate")])
def test_an_effect_on_a_coop_that_leaves_while_it_is_voted_on_lapses_as_impossible(effect: Effect) -> None:
    world = Founded(5, rules=RULES)
    proposal = world.submit(effect)
    world.vote(proposal, yes=(1, 2, 3, 4))
    leave(world, 5)
    world.wait(MINUTE)
    assert (world.stage(proposal), world.last(ProposalLapsed).reason) == ("lapsed", "impossible")
