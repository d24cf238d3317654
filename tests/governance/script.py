"""Histories at random: numbers become commands by somebody about something, most of them possible, some absurd."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any, TypeVar

from governance.commands import proposals as propose
from governance.commands import register
from governance.commands.polls import Cast, VoidPoll
from governance.counting.tally import Choice
from governance.effect import Resolve
from governance.errors import Refusal
from governance.ids import FEDERATION, OPERATOR, AmendmentId, CoopId, HashText, MandateId, PollId, ProposalId
from governance.instants import later
from governance.mandate import Mandate
from governance.proposal import OPEN_STAGES, Proposal
from governance.value import Value
from tests.governance.acting import SECOND
from tests.governance.checked import Checked
from tests.governance.commands_at_random import THEMES
from tests.governance.effects_at_random import EFFECTS, effect_at_random
from tests.governance.world import DAY

T = TypeVar("T")
WAITS = (timedelta(), timedelta(minutes=1), DAY / 4, DAY / 4, DAY / 2, DAY, 2 * DAY, 9 * DAY)
STEWARDS = (
    register.GiveMandate,
    register.RevokeMandate,
    register.DeclareNumber,
    register.DeclareServices,
    register.Leave,
)
"""What stewards ask for."""
CHOICES: dict[str, Choice] = {"y": "yes", "n": "no", "a": "abstain", "b": "block"}
PATTERNS = ("y", "y", "yyyn", "yn", "n", "-y", "y---", "a", "yyb", "yya-")
"""How the coops on a roll vote, one after the other and over again; a dash stays away."""


class Script:
    """Plays numbers as commands in a world. Each number picks from what there is, so every list of numbers is a history."""

    def __init__(self, world: Checked, draw: Random, length: int) -> None:
        """Draw a history, and the few sorts of commands and effects that it consists of: so each gets deep into something."""
        self.world = world
        theme = draw.choice(THEMES)
        self.commands = draw.sample(theme, draw.randrange(3, len(theme) + 1))
        self.effects = (*draw.sample(EFFECTS, draw.randrange(1, 4)), draw.choice(EFFECTS[:2]))
        self._numbers = [draw.randrange(10**6) for _ in range(length)][::-1]
        self.done: dict[str, int] = {}

    def play(self) -> None:
        """Ask for everything, and let time pass, until the numbers are used up."""
        while self._numbers:
            self._move()

    def _move(self) -> None:
        going_on = sum(one.stage in OPEN_STAGES for one in self.world.state.proposals.values())
        kind = self.next(14) if going_on > 1 else 6
        if kind < 2:
            self._wait()
        elif kind < 6:
            self._everybody_votes()
        elif kind < 8:
            effect = effect_at_random(self)
            urgent = isinstance(effect, Resolve) and effect.narrowing == "urgent"
            actor = self.world.officer if urgent and self.next(5) else self._delegate()
            self._ask(propose.Submit(effect=effect, text=self.world.text("A text.")), actor)
        else:
            made = self.pick(self.commands)(self)
            self._ask(made, self._actor(made))

    def next(self, below: int) -> int:
        return self._numbers.pop() % below if self._numbers else 0

    def pick(self, among: Sequence[T]) -> T:
        return among[self.next(len(among))]

    def some(self, among: Sequence[T], odd: T) -> T:
        """One of several, and now and then, or if there is none, something odd."""
        return odd if not among or self.next(24) == 0 else self.pick(among)

    def _wait(self) -> None:
        due = self.world.state.next_due
        how = self.next(4)
        if how == 0:
            self.world.oversleep(self.pick(WAITS))
        elif how == 1 and due is not None and due > self.world.now:
            self.world.now = max(self.world.now, later(due, -SECOND))
        elif how == 2 and due is not None and due < later(self.world.now, 20 * DAY):
            self.world.now = max(self.world.now, due)
        else:
            self.world.wait(self.pick(WAITS))

    def _ask(self, command: Value, actor: MandateId) -> None:
        name = type(command).__name__
        try:
            self.world.ask(command, actor)
            self.done[name] = self.done.get(name, 0) + 1
        except Refusal as refusal:
            self.done[refusal.code] = self.done.get(refusal.code, 0) + 1

    def poll(self) -> PollId:
        """An open poll, or one that there is not."""
        opened: list[PollId] = [poll.id for poll in self.world.state.polls.values()]
        return self.some(opened, PollId("p1.v9"))

    def text(self) -> HashText:
        """A text that stands beside the log."""
        return self.pick(tuple(self.world.blobs) or ("0" * 64,))

    def _everybody_votes(self) -> None:
        self.world.settle()
        polls = list(self.world.state.polls.values())
        if not polls:
            self._wait()
            return
        poll, pattern = self.pick(polls), self.pick(PATTERNS)
        for number, coop in enumerate(sorted(poll.voters)):
            choice, actor = pattern[number % len(pattern)], self._delegate_of(coop)
            before = self.world.state.ballots.get(poll.id, coop)
            if choice != "-" and actor is not None and self.world.state.polls.get(poll.id) is not None:
                self._ask(Cast(statement=self._statement(poll, coop, CHOICES[choice], before)), actor)

    def _statement(self, poll: Any, coop: CoopId, choice: Any, before: Any) -> Any:
        return self.world.statement(
            poll.id, int(coop[1:]), choice, replaces=None if before is None else before.seq,
            reason=self.world.text("Why.") if choice == "block" else None,
        )  # fmt: skip

    def _delegate_of(self, coop: CoopId) -> MandateId | None:
        mandates: list[Mandate] = list(self.world.state.mandates.values())
        return next((one.id for one in reversed(mandates) if one.coop == coop and one.role == "delegate"), None)

    def coop(self) -> CoopId:
        present: list[CoopId] = [coop.id for coop in self.world.state.coops.values()]
        return self.some(present, CoopId("c99"))

    def _delegate(self) -> MandateId:
        return self.some(self._holders("delegate"), OPERATOR)

    def _actor(self, command: Value) -> MandateId:
        if isinstance(command, propose.AcceptAmendment | propose.Withdraw) and self.next(8):
            return self._lead(command)
        if isinstance(command, VoidPoll | register.RecordStanding | register.RedactText) and self.next(6):
            return self.world.officer
        if isinstance(command, STEWARDS):
            return self._steward()
        odd = (self.world.officer, self._steward(), OPERATOR, FEDERATION, MandateId("m-" + "0" * 32))
        return self.pick(odd) if self.next(8) == 0 else self._delegate()

    def _lead(self, command: propose.AcceptAmendment | propose.Withdraw) -> MandateId:
        about = command.proposal if isinstance(command, propose.Withdraw) else command.amendment
        proposal = self.world.state.proposals.get(about.partition(".")[0])
        lead = None if proposal is None or proposal.lead is None else self._delegate_of(proposal.lead)
        return lead or self.world.officer

    def _steward(self) -> MandateId:
        return self.some(self._holders("steward"), OPERATOR)

    def _holders(self, role: str) -> list[MandateId]:
        state, now = self.world.state, self.world.now
        mandates: list[Mandate] = [one for one in state.mandates.values() if one.role == role]
        if self.next(8):
            members = {coop.id for coop in state.coops.values() if coop.status == "member"}
            mandates = [one for one in mandates if one.in_force(now) and one.coop in members]
        return list({one.coop: one.id for one in mandates}.values())

    def proposal(self, *stages: str) -> ProposalId:
        """A proposal, one at these stages if there is any."""
        proposals: list[Proposal] = list(self.world.state.proposals.values())
        wanted = [one.id for one in proposals if one.stage in (stages or OPEN_STAGES)]
        return self.some(wanted if wanted and self.next(8) else [one.id for one in proposals], ProposalId("p999"))

    def amendment(self) -> AmendmentId:
        """An amendment to a proposal in deliberation, if there is any."""
        proposals: list[Proposal] = list(self.world.state.proposals.values())
        found = [(proposal.stage, one) for proposal in proposals for one in proposal.amendments]
        fresh = [one.id for stage, one in found if stage == "deliberation" and one.status == "suggested"]
        return self.some(fresh if fresh and self.next(8) else [one.id for _, one in found], AmendmentId("p1.a99"))
