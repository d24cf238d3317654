from datetime import timedelta

import pytest

from governance.commands import founding as ask
from governance.commands.register import GiveMandate
from governance.ids import OfficeId
from governance.instants import later
from governance.mandate import MandateInvalid, Office
from tests.governance.deciding.foundings import mandate, until

TERM = timedelta(days=365)
BOARD = Office(id=OfficeId("board"), title="Board", seats=2, term=TERM)
TICK = timedelta(microseconds=1)


def test_a_founding_officer_holds_the_office_for_its_term() -> None:
    world = until("c1")
    world.write(ask.FoundOffice(office=BOARD))
    given = world.write(GiveMandate(mandate=mandate(9), role="officer", office=BOARD.id))
    assert given.ends == later(world.now, TERM)
    held = world.state.mandates.get(mandate(9))
    assert held.in_force(later(world.now, TERM - TICK))
    assert not held.in_force(later(world.now, TERM))


def test_a_founding_officer_can_be_named_for_less_than_the_term_but_not_for_more() -> None:
    world = until("c1")
    world.write(ask.FoundOffice(office=BOARD))
    limit = later(world.now, TERM)
    whole = GiveMandate(mandate=mandate(9), role="officer", office=BOARD.id, ends=limit)
    assert world.write(whole).ends == limit
    longer = GiveMandate(mandate=mandate(10), role="officer", office=BOARD.id, ends=later(limit, TICK))
    with pytest.raises(MandateInvalid, match="ends by"):
        world.write(longer)
    shorter = GiveMandate(mandate=mandate(10), role="officer", office=BOARD.id, ends=later(limit, -TICK))
    assert world.write(shorter).ends == later(limit, -TICK)
