"""Coming in, leaving and coming back: ids are for ever, stewards are new, and one coop stays one voter."""

from governance.commands.register import DeclareNumber, GiveMandate, Leave
from governance.effect import Admit, Expel, Resolve
from governance.facts.proposals import CoopAdmitted, ProposalEnacted, ProposalLapsed
from governance.ids import CoopId, ProposalId
from governance.register import COOPERATORS, counted
from tests.governance.acting import MINUTE, QUICK, decree, leave, refused, rules, sums
from tests.governance.world import DAY, Founded


def admit(world: Founded, name: str = "Newcomers", **changes: object) -> Admit:
    plain = {"name": name, "country": "UY", "category": "full", "cooperators": 4, "steward": world.mandate(), **changes}
    return Admit(**plain)  # type: ignore[arg-type]  # an admission's parts


def test_an_admitted_coop_has_the_next_id_its_declared_facts_at_once_and_its_steward() -> None:
    world = Founded(5, rules=rules(*QUICK))
    effect = admit(world, services=("design",))
    decree(world, effect, yes=(1, 2))
    assert world.last(ProposalEnacted).result == CoopAdmitted(coop=CoopId("c6"))
    coop = world.state.coops.get("c6")
    assert (coop.name, coop.country, coop.category, coop.services) == ("Newcomers", "UY", "full", ("design",))
    assert (coop.status, coop.member_since) == ("member", world.now)
    assert counted(coop, COOPERATORS, world.now) == 4
    delegate = world.mandate()
    world.ask(GiveMandate(mandate=delegate, role="delegate"), effect.steward)
    world.delegates[CoopId("c6")] = delegate
    assert world.submit(by=6) == "p2"


def test_ids_are_given_in_the_order_of_enactment() -> None:
    world = Founded(5, rules=rules(*QUICK))
    both = [world.submit(admit(world, name)) for name in ("Lindens", "Maples")]
    for proposal in reversed(both):
        world.vote(proposal, yes=(1, 2))
    world.wait(MINUTE)
    assert [world.state.coops.get(coop).name for coop in ("c6", "c7")] == ["Lindens", "Maples"]


def test_a_former_coop_comes_back_under_its_id_with_a_new_steward_and_none_of_its_old_mandates() -> None:
    world = Founded(5, rules=rules(*QUICK))
    name = world.state.coops.get("c5").name
    old_steward, old_delegate = world.stewards[CoopId("c5")], world.c(5)
    leave(world, 5)
    with refused("coop_duplicate"):
        world.submit(admit(world, name))
    effect = admit(world, name, coop=CoopId("c5"))
    decree(world, effect, yes=(1, 2))
    assert world.last(ProposalEnacted).result == CoopAdmitted(coop=CoopId("c5"))
    assert (world.state.coops.get("c5").status, world.state.last_coop) == ("member", 5)
    with refused("no_mandate"):
        world.ask(DeclareNumber(fact="dues", number=1), old_steward)  # type: ignore[arg-type]  # an int is exact
    with refused("no_mandate"):
        world.submit(by=5)
    assert not world.state.mandates.get(old_delegate).in_force(world.now)
    world.ask(GiveMandate(mandate=world.mandate(), role="delegate"), effect.steward)


def test_only_a_former_coop_comes_back_and_each_once() -> None:
    world = Founded(5, rules=rules(*QUICK))
    with refused("coop_not_member"):
        world.submit(admit(world, "Again", coop=CoopId("c5")))
    with refused("coop_unknown"):
        world.submit(admit(world, "Again", coop=CoopId("c9")))
    leave(world, 5)
    both = [world.submit(admit(world, f"Again {n}", coop=CoopId("c5"))) for n in ("one", "two")]
    for proposal in both:
        world.vote(proposal, yes=(1, 2))
    world.wait(MINUTE)
    assert [world.stage(one) for one in both] == ["in_force", "lapsed"]
    assert world.last(ProposalLapsed).reason == "impossible"
    assert world.state.coops.get("c5").name == "Again one"


def test_a_coop_that_left_and_came_back_while_a_poll_is_open_still_has_its_one_ballot() -> None:
    world = Founded(5, rules=rules(*QUICK))
    proposal = world.submit()
    poll = world.until_open(proposal)
    world.cast(poll, 5, "yes")
    leave(world, 5)
    effect = admit(world, "Again", coop=CoopId("c5"))
    decree(world, effect, yes=(1, 2))
    delegate = world.mandate()
    world.ask(GiveMandate(mandate=delegate, role="delegate"), effect.steward)
    world.delegates[CoopId("c5")] = delegate
    with refused("ballot_superseded"):
        world.cast(poll, 5, "no", replaces=None)
    world.cast(poll, 5, "no")
    assert sums(world.until_closed(proposal), "entitled", "yes", "no") == [5, 0, 1]


def test_the_id_of_an_applicants_steward_is_drawn_once() -> None:
    world = Founded(5, rules=rules(*QUICK))
    with refused("mandate_invalid"):
        world.submit(admit(world, steward=world.c(1)))
    with refused("mandate_invalid"):
        world.submit(admit(world, steward="m-short"))


def test_an_expelled_coop_casts_nothing_in_later_polls_and_brings_nothing() -> None:
    world = Founded(5, rules=rules(*QUICK))
    decree(world, Expel(coop=CoopId("c5")), yes=(1, 2))
    with refused("coop_not_member"):
        world.submit(by=5)
    proposal = world.submit(Resolve())
    poll = world.until_open(ProposalId(proposal))
    with refused("not_on_roll"):
        world.cast(poll, 5)
    with refused("coop_not_member"):
        world.ask(Leave(), world.stewards[CoopId("c5")])
    world.wait(7 * DAY)
