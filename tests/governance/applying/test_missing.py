"""Applying judges nothing. A fact about something that is not there is an error of the program, and no silent nothing."""

import pytest

from governance.applying.register import end_mandate
from governance.facts import polls, proposals, register
from governance.federation import Federation
from governance.ids import CoopId, MandateId, OfficeId, PollId, ProposalId, TextHash
from governance.instants import Instant
from governance.mandate import Mandate
from governance.records import seal
from governance.state import State
from governance.value import Value

AT = Instant("2026-03-01T12:00:00.000000Z")
HASH = "0" * 64
P, V, C = ProposalId("p1"), PollId("p1.v1"), CoopId("c1")


@pytest.mark.parametrize(
    "fact",
    [
        register.ServicesDeclared(coop=C, services=()),
        register.CoopLeft(coop=C, office=None),
        register.MandateRevoked(mandate=MandateId("m-1")),
        proposals.ProposalWithdrawn(proposal=P),
        polls.BallotCast(choice="yes", coop=C, origin="", poll=V, rule="", text=TextHash(HASH)),
        polls.PollExtended(poll=V, closes=AT, due=AT),
        polls.PollClosed(poll=V, proposal=P, status="carried", counts=(), changed=(), due=AT),
        polls.PollVoided(poll=V, proposal=P, office=OfficeId("x"), reason=HASH),
    ],
)
def test_a_fact_about_what_is_not_there_is_no_silent_nothing(fact: Value) -> None:
    federation = Federation()
    with pytest.raises(KeyError):
        federation.apply(seal(fact, seq=0, at=AT, actor=MandateId("m-1"), nonce=bytes(16)))
    assert federation.size == 0


def test_the_mandate_of_an_officer_ends_like_any_other() -> None:
    state = State()
    state.mandates.put(MandateId("m-1"), Mandate(id=MandateId("m-1"), role="officer", starts=AT, office=OfficeId("x")))
    later = Instant("2026-03-02T12:00:00.000000Z")
    for at in (later, Instant("2026-03-03T12:00:00.000000Z")):
        end_mandate(state, MandateId("m-1"), at)
    ended = state.mandates.get(MandateId("m-1"))
    assert ended is not None
    assert ended.ends == later
    assert dict(state.mandates_of.items()) == {}
