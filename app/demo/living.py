"""Living through a federation's time: a clock one sets, coops that act, and what happens told as it does."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Final

from app.demo.people import Figure
from app.demo.telling import Telling
from app.services.auditing import records_since
from app.services.opening import Opened
from governance.ballot import BallotStatement
from governance.canonical import encode
from governance.charter import ArticleContent
from governance.commands.polls import Cast
from governance.commands.proposals import Submit, Support
from governance.commands.register import GiveMandate
from governance.counting.tally import Choice
from governance.effect import Effect, text_of
from governance.facts.proposals import (
    ProposalSubmitted,
)
from governance.federation import Federation
from governance.ids import CoopId, HashText, MandateId, PollId, ProposalId
from governance.instants import Instant, day_of, later
from governance.log.blob import address, text_blob
from governance.records import read_record
from governance.state import State

_DAY: Final = timedelta(days=1)


class Living:
    """A federation being lived through, and its state as the log tells it."""

    def __init__(self, start: Instant, say: Callable[[str], object]) -> None:
        """Begin at an instant."""
        self._now = start
        self._say = say
        self._federation = Federation()
        self._delegates: dict[CoopId, MandateId] = {}
        self._telling = Telling()
        self._blobs: dict[str, bytes] = {}
        self._drawn = 0
        self._parts: Opened | None = None

    def clock(self) -> Instant:
        """The time it is in the story."""
        return self._now

    @property
    def day(self) -> str:
        """The day it is in the story."""
        return day_of(self._now)

    @property
    def state(self) -> State:
        """The federation's state, folded from what the log says so far."""
        return self._federation.state

    async def begin(self, parts: Opened) -> None:
        """Begin with a federation that was founded."""
        self._parts = parts
        await self._follow()

    async def appoint(self, stewards: Mapping[CoopId, MandateId]) -> None:
        """Let each of these coops' stewards say who casts its ballot."""
        for coop in stewards:
            self._delegates[coop] = self.mandate()
        await asyncio.gather(
            *(
                self._opened.ledger.submit(GiveMandate(mandate=self._delegates[coop], role="delegate"), actor=steward)
                for coop, steward in stewards.items()
            )
        )
        await self._follow()

    def mandates(self, figures: Sequence[Figure]) -> dict[Figure, MandateId]:
        """The mandate that each of these people is invited to."""
        return {figure: self._mandate_of(figure) for figure in figures}

    def _mandate_of(self, figure: Figure) -> MandateId:
        if figure.role == "delegate" and figure.coop is not None:
            # A coop has several stewards' mandates at most, and one delegate here: the one that the story gave.
            return self._delegates[figure.coop]
        return next(
            mandate.id
            for mandate in self.state.mandates.values()
            if (mandate.coop, mandate.role) == (figure.coop, "steward") or mandate.office == figure.role
        )

    def mandate(self) -> MandateId:
        """A mandate's id. The story draws it so that it is told the same each time; a service draws it at random."""
        return MandateId(f"m-{self._draw()[:16].hex()}")

    def text(self, content: str | ArticleContent) -> HashText:
        """Keep a text to be put beside the log, and give the hash by which the log names it."""
        said = content.encode() if isinstance(content, str) else encode(content)
        blob = text_blob(self._draw(), said)
        self._blobs[address(blob)] = blob
        return address(blob)

    async def submit(self, coop: CoopId, effect: Effect, title: str, sponsors: Sequence[CoopId] = ()) -> ProposalId:
        """Bring a proposal, and let other coops join as its sponsors."""
        text = self.text(f"# {title}\n\nProposed in the demonstration.")
        blobs = tuple(self._blobs[named] for named in (text, *text_of(effect)))
        answer = await self._opened.ledger.submit(
            Submit(effect=effect, text=text), actor=self._delegates[coop], blobs=blobs
        )
        body = read_record(answer.record).body
        proposal = body.proposal if isinstance(body, ProposalSubmitted) else ProposalId("")
        self._telling.titles[proposal] = title
        for other in sponsors:
            await self._opened.ledger.submit(Support(proposal=proposal, role="sponsor"), actor=self._delegates[other])
        joined = f", with {_name(self.state, *sponsors)} as sponsor" if sponsors else ""
        self._say(f"{self.day}  {_name(self.state, coop)} proposes {proposal}: {title}{joined}.")
        await self._follow()
        return proposal

    async def vote(
        self,
        proposal: ProposalId,
        *,
        yes: Sequence[CoopId] = (),
        no: Sequence[CoopId] = (),
        abstain: Sequence[CoopId] = (),
    ) -> None:
        """Cast ballots in the open poll of a proposal, all coops at once."""
        found = self.state.proposals.get(proposal)
        poll = self.state.polls.get(PollId(found.poll)) if found is not None and found.poll is not None else None
        if poll is None:
            raise LookupError(proposal)
        choices: list[tuple[CoopId, Choice]] = [(coop, "yes") for coop in yes]
        choices += [(coop, "no") for coop in no]
        choices += [(coop, "abstain") for coop in abstain]
        ballots = [
            Cast(
                statement=BallotStatement(
                    choice=choice,
                    coop=coop,
                    origin=self.state.origin,
                    poll=poll.id,
                    rule=poll.rule,
                    text=poll.text,
                )
            )
            for coop, choice in choices
        ]
        await asyncio.gather(
            *(self._opened.ledger.submit(ballot, actor=self._delegates[ballot.statement.coop]) for ballot in ballots)
        )
        await self._follow()
        call = "" if poll.call == 1 else f" at its call {poll.call}"
        cast = f"{len(ballots)} of {len(poll.voters)} coops"
        self._say(f"{self.day}  {cast} vote on {proposal}{call}, each with a proof of its ballot.")

    async def until_open(self, proposal: ProposalId) -> None:
        """Let time pass until the proposal is being voted on."""
        await self._until(proposal, "voting")

    async def until_done(self, proposal: ProposalId) -> None:
        """Let time pass until nothing more will happen to the proposal."""
        await self._until(proposal, "in_force", "rejected", "lapsed", "withdrawn")

    def pause(self) -> None:
        """End the story, with what is under way left for the reader."""
        self._say(f"{self.day}  The story pauses here, with that vote under way.")

    async def _until(self, proposal: ProposalId, *stages: str) -> None:
        """Let what falls due happen, one thing after the other, until the proposal is at one of the stages."""
        while (found := self.state.proposals.get(proposal)) is not None and found.stage not in stages:
            due = self.state.next_due
            if due is None:
                raise LookupError(proposal)
            self._now = max(self._now, due)
            await self._opened.ledger.tick()
            await self._follow()
        self._now = later(self._now, _DAY)
        await self._opened.ledger.tick()
        await self._follow()

    @property
    def _opened(self) -> Opened:
        if self._parts is None:
            raise LookupError("the story has not begun")
        return self._parts

    async def _follow(self) -> None:
        """Fold what the log says since the last time, and tell what is worth telling."""
        async for record in records_since(self._opened, self._federation.size):
            told = self._telling.of(record, self.state)
            self._federation.apply(record)
            if told:
                self._say(f"{record.at[:10]}  {told}")

    def _draw(self) -> bytes:
        self._drawn += 1
        return hashlib.sha256(b"rochdale demo %d" % self._drawn).digest()


def _name(state: State, *coops: CoopId) -> str:
    found = (state.coops.get(coop) for coop in coops)
    return " and ".join(coop.name for coop in found if coop is not None)
