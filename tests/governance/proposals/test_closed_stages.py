"""A proposal that is over takes nothing more, and every command names a proposal that there is."""

from collections.abc import Callable

import pytest

from governance.commands import proposals as propose
from governance.effect import Resolve
from governance.ids import AmendmentId, ProposalId
from governance.value import Value
from tests.governance.acting import refused, rules, snapshot, standing, suggest, withdraw
from tests.governance.world import DAY, Founded, rule

COMMANDS: tuple[Callable[[Founded, ProposalId], Value], ...] = (
    lambda world, proposal: propose.Support(proposal=proposal, role="sponsor"),
    lambda world, proposal: propose.DemandVote(proposal=proposal),
    lambda world, proposal: propose.SuggestAmendment(proposal=proposal, text=world.text("Another text.")),
    lambda world, proposal: propose.AcceptAmendment(amendment=AmendmentId(f"{proposal}.a1")),
    lambda world, proposal: propose.PutAmendment(amendment=AmendmentId(f"{proposal}.a1")),
    lambda world, proposal: propose.Withdraw(proposal=proposal),
    lambda world, proposal: propose.Lift(proposal=proposal),
    lambda world, proposal: propose.Answer(proposal=proposal, text=world.text("Our answer.")),
    lambda world, proposal: propose.Challenge(proposal=proposal),
)


def _withdrawn(world: Founded, proposal: ProposalId) -> None:
    withdraw(world, proposal)


def _rejected(world: Founded, proposal: ProposalId) -> None:
    world.until_open(proposal)
    world.vote(proposal, no=range(1, 5))
    world.until_closed(proposal)


def _lapsed(world: Founded, proposal: ProposalId) -> None:
    world.until_open(proposal)
    world.until_closed(proposal)
    for number in range(1, 6):
        standing(world, number, good=False)
    world.wait(7 * DAY)


def _in_force(world: Founded, proposal: ProposalId) -> None:
    world.until_open(proposal)
    world.vote(proposal, yes=range(1, 5))
    world.until_closed(proposal)


def _superseded(world: Founded, proposal: ProposalId) -> None:
    _in_force(world, proposal)
    _in_force(world, world.submit(Resolve(supersedes=(proposal,))))


ENDS = {
    "withdrawn": _withdrawn,
    "rejected": _rejected,
    "lapsed": _lapsed,
    "in_force": _in_force,
    "superseded": _superseded,
}


@pytest.mark.parametrize("stage", ENDS)
def test_a_proposal_that_is_over_takes_nothing_more(stage: str) -> None:
    world = Founded(5, rules=rules(rule("resolution", notice=DAY)))
    proposal = world.submit()
    suggest(world, proposal)
    ENDS[stage](world, proposal)
    assert world.stage(proposal) == stage
    before = snapshot(world.state)
    for command in COMMANDS:
        with refused("wrong_stage"):
            world.ask(command(world, proposal), world.c(1))
    assert snapshot(world.state) == before


def test_commands_on_a_proposal_that_there_is_not_are_refused() -> None:
    world = Founded(5)
    for name in ("p1", "p0", "", "p1.a1", "c1"):
        for command in COMMANDS:
            asked = command(world, ProposalId(name))
            with refused("amendment_unknown" if hasattr(asked, "amendment") else "proposal_unknown"):
                world.ask(asked, world.c(1))


def test_while_a_poll_is_open_only_lifting_and_comments_are_taken() -> None:
    world = Founded(5)
    proposal = world.submit()
    suggest(world, proposal)
    world.until_open(proposal)
    for command in COMMANDS:
        asked = command(world, proposal)
        with refused("not_liftable" if isinstance(asked, propose.Lift) else "wrong_stage"):
            world.ask(asked, world.c(1))
