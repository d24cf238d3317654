"""Steps that fall due by themselves: each by the federation, in its turn, exactly once."""

import pytest
from msgspec.structs import replace

from governance.commands.polls import TakeStep
from governance.commands.proposals import Comment
from governance.commands.register import AttestSteward
from governance.effect import Admit, ChangeRules, SetOffice, StrikeRule, Suspend
from governance.facts.polls import BallotCast, PollClosed
from governance.facts.proposals import (
    CoopAdmitted,
    ProposalEnacted,
    ProposalWithdrawn,
    RegisterChanged,
    RulesChanged,
    RuleVersion,
)
from governance.facts.register import StewardRestored
from governance.ids import FEDERATION, CoopId, MandateId, Matter, OfficeId, PollId, ProposalId, TextHash
from governance.instants import later
from governance.mandate import Office
from governance.records import seal
from governance.state import Step, StepKind
from governance.value import Value
from tests.governance.acting import MINUTE, NOW, QUICK, decree, refused, rules, set_rule, snapshot
from tests.governance.world import DAY, START, Founded, rule


def test_only_the_federation_itself_takes_a_step_and_only_the_next_one() -> None:
    world = Founded(3)
    world.submit()
    world.now = later(world.now, 8 * DAY)
    due = world.federation.due(world.now)
    assert due is not None
    for actor in (world.c(1), world.officer, MandateId("operator")):
        with refused("no_mandate"):
            world.federation.decide(TakeStep(step=due), actor=actor, at=world.now)
    others: tuple[Step, ...] = (
        replace(due, due=world.now),
        replace(due, subject="p2"),
        replace(due, kind="lapse"),
    )
    for step in others:
        with refused("step_not_due"):
            world.federation.decide(TakeStep(step=step), actor=FEDERATION, at=world.now)
    early = Founded(3)
    early.submit()
    with refused("step_not_due"):
        early.federation.decide(TakeStep(step=due), actor=FEDERATION, at=early.now)


def test_nothing_is_decided_while_a_step_is_due() -> None:
    world = Founded(3)
    proposal = world.submit()
    world.now = later(world.now, 8 * DAY)
    with refused("steps_overdue"):
        world._append(Comment(proposal=proposal, text=world.text("A word.")), world.c(1))
    world.ask(Comment(proposal=proposal, text=world.text("A word.")), world.c(1))


def test_steps_follow_their_deadlines_and_not_their_numbers() -> None:
    world = Founded(5, rules=rules(rule("resolution", notice=3 * DAY)))
    first = world.submit()
    world.wait(DAY)
    second = world.submit()
    world.oversleep(30 * DAY)
    opened = [r.body.proposal for r in world.records if r.type == "poll.opened"]  # type: ignore[attr-defined]  # openings
    assert opened == [first, second]


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("extend_poll", "p9.v1"), ("close_poll", "p9.v1"), ("restore_steward", "c9"), ("lapse", "p9"), ("enact", "p9"),
        ("open_amendment_poll", "p9.a1"), ("open_poll", "p9"), ("review", "p9"),
    ],
)  # fmt: skip
def test_a_step_about_what_there_is_not_is_refused(kind: StepKind, subject: str) -> None:
    world = Founded(3)
    world.state.plan(kind, subject, world.now)
    with refused("step_not_due"):
        world.federation.decide(
            TakeStep(step=Step(kind=kind, subject=subject, due=world.now)), actor=FEDERATION, at=world.now
        )


P9, POLL = ProposalId("p9"), PollId("p9.v1")


@pytest.mark.parametrize(
    "fact",
    [
        BallotCast(choice="yes", coop=CoopId("c1"), origin="", poll=POLL, rule="", text=TextHash("0" * 64)),
        PollClosed(poll=POLL, proposal=P9, status="carried", counts=(), changed=(), due=START),
        ProposalWithdrawn(proposal=P9),
    ],
)
def test_a_record_that_was_never_decided_breaks_off_and_an_overlay_that_is_dropped_keeps_nothing_of_it(
    fact: Value,
) -> None:
    world = Founded(3)
    before = snapshot(world.state)
    overlay = world.federation.overlay()
    record = seal(fact, seq=overlay.size, at=world.now, actor=FEDERATION, nonce=world.draw(16))
    with pytest.raises(KeyError):
        overlay.apply(record)
    assert snapshot(world.state) == before


def test_a_steward_is_restored_when_the_notice_has_run() -> None:
    world = Founded(5)
    steward = world.mandate()
    for number in (1, 2):
        world.ask(AttestSteward(coop=CoopId("c5"), steward=steward), world.c(number))
    due = later(world.now, 7 * DAY)
    world.wait(7 * DAY)
    assert world.last(StewardRestored) == StewardRestored(coop=CoopId("c5"), steward=steward, due=due)


def test_an_enactment_says_what_there_is_now() -> None:
    world = Founded(5, rules=rules(*QUICK))
    office = SetOffice(office=Office(id=OfficeId("archive"), title="Archive"))
    own = rule("rules.offices", notice=NOW, voting=MINUTE)
    decree(world, set_rule(world, own), yes=range(1, 6))
    assert world.last(ProposalEnacted).result == RulesChanged(rules=(RuleVersion(matter=own.matter, version=1),))
    decree(world, ChangeRules(changes=(StrikeRule(matter=Matter("rules.offices"), base=1), office)), yes=range(1, 6))
    assert world.last(ProposalEnacted).result == RulesChanged(rules=(RuleVersion(matter=own.matter, version=None),))
    admit = Admit(name="Newcomers", country="UY", category="full", cooperators=4, steward=world.mandate())
    decree(world, admit, yes=(1, 2))
    assert world.last(ProposalEnacted).result == CoopAdmitted(coop=CoopId("c6"))
    decree(world, Suspend(coop=CoopId("c6")), yes=(1, 2))
    assert world.last(ProposalEnacted).result == RegisterChanged(coop=CoopId("c6"))
