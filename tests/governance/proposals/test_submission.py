"""Bringing a proposal: who may, what about, and under which number."""

from fractions import Fraction

import pytest
from msgspec.structs import replace

from governance.commands.proposals import Submit
from governance.commands.register import GiveMandate
from governance.counting.weighting import Weighting
from governance.effect import Admit, Effect, Expel, Ratify, Recategorise, Resolve, Suspend
from governance.ids import CoopId, Digest, MandateId, OfficeId, ProposalId
from governance.mandate import Office
from governance.rule import Entitled
from tests.governance.acting import QUICK, accept, decree, proposal_of, refused, rules, standing, suggest, withdraw
from tests.governance.world import DAY, Founded, rule


def test_a_proposal_gets_the_next_number_its_coop_as_lead_and_the_notice_that_its_rule_gives() -> None:
    world = Founded(5)
    first, second = world.submit(), world.submit(by=2)
    assert (first, second) == ("p1", "p2")
    brought = proposal_of(world, second)
    assert (brought.lead, brought.sponsors, brought.stage) == ("c2", ("c2",), "deliberation")
    assert (brought.notice_from, brought.needs.notice) == (world.now, 7 * DAY)


@pytest.mark.parametrize("language", ["es", "pt-BR", "zh-Hans-CN"])
def test_a_proposal_names_the_language_that_binds(language: str) -> None:
    world = Founded(3)
    world.ask(Submit(effect=Resolve(), text=world.text("Texto."), language=language), world.c(1))
    assert proposal_of(world, ProposalId("p1")).language == language


@pytest.mark.parametrize("language", ["", "Español", "e", "es_AR", "es-" + "a" * 9, "es\n"])
def test_what_is_no_language_tag_is_refused(language: str) -> None:
    world = Founded(3)
    with refused("effect_invalid"):
        world.ask(Submit(effect=Resolve(), text=world.text("Texto."), language=language), world.c(1))
    assert len(world.state.proposals) == 0


def test_only_a_delegate_of_a_coop_brings_a_proposal() -> None:
    world = Founded(3)
    command = Submit(effect=Resolve(), text=world.text("A text."))
    for actor in (world.stewards[CoopId("c1")], world.mandate(), MandateId("operator"), MandateId("federation")):
        with refused("no_mandate"):
            world.ask(command, actor)


def test_a_coop_that_is_suspended_or_has_no_vote_in_the_matter_brings_nothing() -> None:
    world = Founded(6, rules=rules(*QUICK), categories=["full"] * 5 + ["observer"])
    standing(world, 2, good=False)
    for number in (2, 6):
        with refused("not_entitled"):
            world.submit(by=number)
    decree(world, Suspend(coop=CoopId("c3")), yes=(1, 4, 5))
    with refused("coop_not_member"):
        world.submit(by=3)


def test_a_coop_whose_weight_is_nothing_has_no_vote_and_so_brings_nothing() -> None:
    by_dues = rule("resolution", weighting=Weighting(kind="linear", fact="dues"))
    numbers = {number: {"dues": Fraction(dues)} for number, dues in ((1, 5), (2, 2), (3, 0), (4, 1))}
    world = Founded(4, rules=rules(by_dues), numbers=numbers)
    world.submit(by=1)
    with refused("not_entitled"):
        world.submit(by=3)


def test_the_coop_concerned_does_not_bring_the_proposal_about_itself() -> None:
    world = Founded(5)
    with refused("not_entitled"):
        world.submit(Recategorise(coop=CoopId("c1"), category="associate"), by=1)
    assert world.submit(Recategorise(coop=CoopId("c1"), category="associate"), by=2) == "p1"


TWICE = Admit(name="Coop Babababa", country="AR", category="full", cooperators=3, steward=MandateId("m-" + "0" * 32))


@pytest.mark.parametrize(
    ("effect", "code"),
    [
        (Expel(coop=CoopId("c9")), "coop_unknown"),
        (Ratify(digest=Digest("0" * 64)), "effect_invalid"),
        (Resolve(supersedes=(ProposalId("p1"),)), "proposal_unknown"),
        (TWICE, "coop_duplicate"),
    ],
)
def test_a_proposal_whose_effect_could_not_take_place_is_refused_with_what_is_in_the_way(
    effect: Effect, code: str
) -> None:
    world = Founded(3)
    with refused(code):
        world.submit(effect)


def test_an_urgent_decision_is_an_offices_and_an_office_brings_nothing_else() -> None:
    world = Founded(3)
    urgent, plain = (
        Submit(effect=effect, text=world.text("A text.")) for effect in (Resolve(narrowing="urgent"), Resolve())
    )
    with refused("not_entitled"):
        world.ask(urgent, world.c(1))
    with refused("not_entitled"):
        world.ask(plain, world.officer)
    world.ask(urgent, world.officer)
    brought = proposal_of(world, ProposalId("p1"))
    assert (brought.lead, brought.office, brought.sponsors) == (None, "secretary", ())


def test_an_office_without_the_power_decides_nothing_urgently() -> None:
    archive = Office(id=OfficeId("archive"), title="Archive", powers=("redact_texts",))
    world = Founded(3, offices=(archive,))
    with refused("power_missing"):
        world.ask(Submit(effect=Resolve(narrowing="urgent"), text=world.text("A text.")), world.officers[archive.id])


def test_a_coop_brings_proposals_once_it_has_been_a_member_for_as_long_as_the_rule_says() -> None:
    world = Founded(3, rules=rules(rule("resolution", entitled=Entitled(member_for=90 * DAY)), *QUICK))
    steward, delegate = world.mandate(), world.mandate()
    admit = Admit(name="Newcomers", country="UY", category="full", cooperators=4, steward=steward)
    decree(world, admit, yes=(1, 2))
    world.ask(GiveMandate(mandate=delegate, role="delegate"), steward)
    world.delegates[CoopId("c4")] = delegate
    world.wait(89 * DAY)
    with refused("not_entitled"):
        world.submit(by=4)
    world.wait(DAY)
    world.submit(by=4)


def test_a_coop_leads_fifty_open_proposals_and_no_more() -> None:
    world = Founded(3)
    first, *_ = [world.submit() for _ in range(50)]
    with refused("too_many_open"):
        world.submit()
    world.submit(by=2)
    withdraw(world, first)
    world.submit()


def test_the_steward_that_an_open_admission_names_is_kept_for_it_until_it_is_over() -> None:
    world = Founded(5)
    steward = world.mandate()
    admit = Admit(name="Newcomers", country="UY", category="full", cooperators=4, steward=steward)
    proposal = world.submit(admit)
    with refused("mandate_invalid"):
        world.ask(GiveMandate(mandate=steward, role="delegate"), world.stewards[CoopId("c2")])
    with refused("mandate_invalid"):
        world.submit(replace(admit, name="Others"), by=2)
    with refused("mandate_invalid"):
        suggest(world, world.submit(replace(admit, steward=world.mandate())), effect=admit)
    renamed = replace(admit, name="New Comers")
    accept(world, suggest(world, proposal, effect=renamed))
    other = world.mandate()
    suggest(world, proposal, effect=replace(admit, steward=other))
    with refused("mandate_invalid"):
        world.ask(GiveMandate(mandate=other, role="delegate"), world.stewards[CoopId("c2")])
    withdraw(world, proposal)
    world.submit(replace(admit, name="Others"), by=2)
