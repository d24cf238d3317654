"""What tests do with a federation in memory: act for coops, expect refusals, decide quickly, and look at the whole state."""

import copy
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Literal, TypeVar

import pytest
from msgspec import structs

from governance.ballot import BallotStatement
from governance.commands import proposals as propose
from governance.commands.polls import Cast, VoidPoll
from governance.commands.register import Leave, RecordStanding
from governance.effect import ChangeRules, Effect, SetRule
from governance.errors import Refusal
from governance.facts.polls import PollClosed
from governance.ids import AmendmentId, CoopId, MandateId, PollId, ProposalId
from governance.poll import Poll
from governance.proposal import Proposal
from governance.rule import Rule
from governance.state import _SCALARS, _TABLES, State
from tests.governance.world import RULES, Founded, World, rule

W = TypeVar("W", bound=World)
NOW = timedelta()
MINUTE = timedelta(minutes=1)
SECOND = timedelta(microseconds=1)


@contextmanager
def refused(code: str) -> Iterator[None]:
    """What is done inside is refused with this code, in a sentence."""
    with pytest.raises(Refusal) as caught:
        yield
    assert (caught.value.code, caught.value.detail[-1]) == (code, "."), caught.value


def rules(*changed: Rule) -> tuple[Rule, ...]:
    """The rules of the tests, some of them replaced or added; of two on one matter the last."""
    return tuple({one.matter: one for one in (*RULES, *changed)}.values())


QUICK = (
    rule("membership", notice=NOW, voting=MINUTE),
    rule("admission", notice=NOW, voting=MINUTE),
    rule("rules", notice=NOW, voting=MINUTE),
    rule("charter", notice=NOW, voting=MINUTE),
)
"""Rules under which a matter is decided within a minute, for tests in which something changes while a poll is open."""


def decree(world: Founded, effect: Effect, *, yes: Iterable[int], supporters: Iterable[int] = ()) -> ProposalId:
    """Decide something under a quick rule: the first of those who vote yes brings it. It is in force a minute later."""
    first, *others = yes
    proposal = world.submit(effect, by=first, supporters=supporters)
    world.vote(proposal, yes=(first, *others))
    world.wait(MINUTE)
    assert world.stage(proposal) == "in_force", world.state.proposals.get(proposal)
    return proposal


def set_rule(world: World, new: Rule) -> ChangeRules:
    """The change that sets a rule, written on the rulebook in force."""
    present = world.state.rules.get(new.matter)
    return ChangeRules(changes=(SetRule(rule=new, base=None if present is None else present.version),))


def proposal_of(world: World, proposal: ProposalId) -> Proposal:
    found = world.state.proposals.get(proposal)
    assert isinstance(found, Proposal)
    return found


def suggest(world: Founded, proposal: ProposalId, by: int = 2, effect: Effect | None = None) -> AmendmentId:
    command = propose.SuggestAmendment(proposal=proposal, text=world.text("Another text."), effect=effect)
    amendment: AmendmentId = world.ask(command, world.c(by)).amendment
    return amendment


def accept(world: Founded, amendment: AmendmentId, by: int = 1) -> None:
    world.ask(propose.AcceptAmendment(amendment=amendment), world.c(by))


def put(world: Founded, amendment: AmendmentId, by: int = 3) -> PollId:
    """Put an amendment to the vote, and give the poll on it."""
    world.ask(propose.PutAmendment(amendment=amendment), world.c(by))
    opened: PollId = next(poll.id for poll in world.state.polls.values() if poll.amendment == amendment)
    return opened


def support(world: Founded, proposal: ProposalId, by: int, role: Literal["sponsor", "seconder"] = "sponsor") -> None:
    world.ask(propose.Support(proposal=proposal, role=role), world.c(by))


def demand(world: Founded, proposal: ProposalId, *by: int) -> None:
    for number in by:
        world.ask(propose.DemandVote(proposal=proposal), world.c(number))


def lift(world: Founded, proposal: ProposalId, by: int = 2) -> None:
    world.ask(propose.Lift(proposal=proposal), world.c(by))


def withdraw(world: Founded, proposal: ProposalId, by: int = 1) -> None:
    world.ask(propose.Withdraw(proposal=proposal), world.c(by))


def challenge(world: Founded, proposal: ProposalId, *by: int) -> None:
    for number in by:
        world.ask(propose.Challenge(proposal=proposal), world.c(number))


def send(world: World, statement: BallotStatement, actor: MandateId) -> None:
    """Cast a ballot that was filled in before."""
    world.ask(Cast(statement=statement), actor)


def void(world: Founded, poll: PollId) -> None:
    world.ask(VoidPoll(poll=poll, reason=world.text("The wrong text was shown.")), world.officer)


def leave(world: Founded, *numbers: int) -> None:
    for number in numbers:
        world.ask(Leave(), world.stewards[CoopId(f"c{number}")])


def standing(world: Founded, number: int, *, good: bool) -> None:
    world.ask(RecordStanding(coop=CoopId(f"c{number}"), good=good), world.officer)


def sums(closed: PollClosed, *names: str, measure: str = "coops", under: int = 0) -> list[Any]:
    """Some of the sums of a poll's result, under the first of its rules or another."""
    return [getattr(closed.counts[under].sums[measure], name) for name in names]


def snapshot(state: State) -> dict[str, Any]:
    """Everything in a state, as values that can be compared."""
    tables = {name: dict(getattr(state, name).items()) for name in _TABLES}
    tables["polls"] = {
        poll: structs.asdict(found) | {"judged": _judged(found)} for poll, found in tables["polls"].items()
    }
    return tables | {name: getattr(state, name) for name in _SCALARS}


def _judged(poll: Poll) -> list[tuple[Any, ...]]:
    """What a poll is judged by; rolls are compared by what they say, not by which they are."""
    return [(one.pinned, one.roll.entries, one.roll.hash, one.quorum, one.majority) for one in poll.judged]


def fork(world: W) -> W:
    """The same world again, which from now on goes its own way."""
    other = copy.copy(world)
    other.federation = world.federation.overlay()
    other.records, other.entries, other.blobs = list(world.records), list(world.entries), dict(world.blobs)
    return other
