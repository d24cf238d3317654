"""Who: the lines of the decision semantics under that heading that are about ballots and electorates."""

import pytest

from governance.commands.register import GiveMandate
from governance.effect import Admit, CorrectName
from governance.ids import CoopId
from tests.governance.acting import QUICK, decree, leave, refused, rules, send, standing, sums
from tests.governance.world import Founded


def test_one_coop_one_ballot_two_delegates_at_the_same_instant_leave_one_and_the_other_is_refused_with_its_own_code() -> (
    None
):
    world = Founded(5)
    proposal = world.submit()
    poll = world.until_open(proposal)
    second = world.mandate()
    world.ask(GiveMandate(mandate=second, role="delegate"), world.stewards[CoopId("c1")])
    one, other = world.statement(poll, 1, "yes"), world.statement(poll, 1, "no")
    send(world, one, world.c(1))
    with refused("ballot_superseded"):
        send(world, other, second)
    assert sums(world.until_closed(proposal), "yes", "no") == [1, 0]


@pytest.mark.parametrize("spelling", ["C2", "c02", " c2", "c2 ", "c\u0662", "с2"])
def test_identity_is_canonical_one_coop_under_two_ids_is_still_one_voter(spelling: str) -> None:
    world = Founded(5)
    proposal = world.submit()
    poll = world.until_open(proposal)
    world.cast(poll, 2)
    with refused("no_mandate"):
        world.cast(poll, 2, coop=CoopId(spelling), replaces=None)
    assert sums(world.until_closed(proposal), "ballots") == [1]


def test_one_coop_under_two_spellings_of_its_name_is_not_admitted_twice() -> None:
    world = Founded(5, rules=rules(*QUICK))
    steward = world.mandate()
    decree(world, Admit(name="Solidaria", country="AR", category="full", cooperators=4, steward=steward), yes=(1, 2))
    for name in ("Solidaria", "SOLIDARIA", "Sоlidaria"):
        with refused("coop_duplicate" if name.isascii() else "name_mixed_scripts"):
            world.submit(Admit(name=name, country="UY", category="full", cooperators=4, steward=world.mandate()))
    with refused("coop_duplicate"):
        world.submit(CorrectName(coop=CoopId("c2"), name="Solidaria"))


def test_good_standing_is_a_dated_fact_in_the_register_checked_at_opening() -> None:
    world = Founded(5)
    proposal = world.submit()
    standing(world, 4, good=False)
    poll = world.until_open(proposal)
    standing(world, 4, good=True)
    standing(world, 5, good=False)
    with refused("not_on_roll"):
        world.cast(poll, 4)
    world.cast(poll, 5)
    assert sums(world.until_closed(proposal), "entitled", "yes") == [4, 1]


def test_a_coop_that_left_casts_in_the_poll_that_was_open_and_in_no_later_one() -> None:
    world = Founded(5)
    proposal = world.submit()
    poll = world.until_open(proposal)
    leave(world, 5)
    world.cast(poll, 5)
    world.until_closed(proposal)
    again = world.until_open(proposal)
    with refused("not_on_roll"):
        world.cast(again, 5)
