"""Deciding a ballot, and the voiding of a poll. A ballot is the most frequent thing asked, so its checks are plain and flat."""

from governance.ballot import BallotStatement
from governance.commands import polls as asked
from governance.deciding.authority import officer_of
from governance.deciding.decision import Decision
from governance.deciding.standing import proposal_of
from governance.facts import polls as fact
from governance.ids import MandateId, PollId, ProposalId
from governance.instants import Instant
from governance.mandate import NoMandate
from governance.poll import (
    BallotFinal,
    BallotSuperseded,
    ChoiceNotOffered,
    NotOnRoll,
    Poll,
    PollClosed,
    PollUnknown,
    ReasonMissing,
    StatementMismatch,
    VoidedBefore,
)
from governance.state import State


def cast(state: State, command: asked.Cast, actor: MandateId, at: Instant) -> Decision:
    """A ballot, if it is legal. The fact is the statement and nothing else.

    Raises:
        Refusal: as `check_ballot`.
    """
    statement = command.statement
    check_ballot(state, statement, actor, at)
    return Decision(
        fact=fact.BallotCast(
            choice=statement.choice,
            coop=statement.coop,
            origin=statement.origin,
            poll=statement.poll,
            reason=statement.reason,
            replaces=statement.replaces,
            rule=statement.rule,
            text=statement.text,
        )
    )


def check_ballot(state: State, statement: BallotStatement, actor: MandateId, at: Instant) -> Poll:
    """The poll of a ballot that is cast by a delegate of its coop, while the poll is open, for exactly what is voted on.

    Raises:
        PollUnknown, PollClosed: there is no such poll, or it is over (closing is exclusive).
        NoMandate: no delegate's mandate of that coop is in force.
        NotOnRoll: the coop is not on the frozen roll.
        StatementMismatch: another log, text or rule than the poll's.
        ChoiceNotOffered, ReasonMissing: a block where the rule has none, or without reason.
        BallotSuperseded: `replaces` is not the coop's ballot in force.
        BallotFinal: the rule does not let a ballot be changed.
    """
    poll = state.polls.get(statement.poll) or open_poll(state, statement.poll)
    if at >= poll.closes:
        raise PollClosed(f"{poll.id} closed at {poll.closes}.")
    coop = statement.coop
    mandate = state.mandates.get(actor)
    # In force as `Mandate.in_force` says it, spelled out: every ballot comes through here.
    if (
        mandate is None
        or mandate.coop != coop
        or mandate.role != "delegate"
        or at < mandate.starts
        or (mandate.ends is not None and at >= mandate.ends)
    ):
        raise NoMandate(
            f"You hold no mandate in force to cast the ballot of {statement.coop}. Ask its steward for one."
        )
    if coop not in poll.voters:
        raise NotOnRoll(f"{statement.coop} was not entitled when {poll.id} opened, so it has no ballot in it.")
    if statement.text != poll.text or statement.rule != poll.rule or statement.origin != state.origin:
        raise StatementMismatch(
            f"This ballot names another text, rule or log than {poll.id}. Load the ballot paper again."
        )
    if statement.choice == "block":
        if not poll.blocks:
            raise ChoiceNotOffered(f"{poll.id} offers yes, no and abstain; the rule gives no block.")
        if statement.reason is None:
            raise ReasonMissing("Say why your coop blocks; a block without a reason is refused.")
    before = state.ballots.get(statement.poll, coop)
    if statement.replaces != (before.seq if before is not None else None):
        where = f"the one at position {before.seq}" if before is not None else "none"
        raise BallotSuperseded(
            f"The ballot of {statement.coop} in force in {poll.id} is {where}. Look at it and vote again."
        )
    if before is not None and poll.final:
        raise BallotFinal(f"In {poll.id} a ballot cannot be changed once it is cast.")
    return poll


def open_poll(state: State, poll: PollId) -> Poll:
    """The open poll of an id.

    Raises:
        PollClosed: it was open once.
        PollUnknown: it never was.
    """
    found = state.polls.get(poll)
    if found is not None:
        return found
    proposal = state.proposals.get(ProposalId(poll.partition(".")[0]))
    if proposal is not None and poll in (f"{proposal.id}.v{number}" for number in range(1, proposal.polls + 1)):
        raise PollClosed(f"{poll} is over. Look at its result.")
    raise PollUnknown(f"There is no vote {poll[:40]!r}.")


def void_poll(state: State, command: asked.VoidPoll, actor: MandateId, at: Instant) -> Decision:
    """The voiding of an open poll, by an office with that power, once for each proposal. A closed one falls only by vote."""
    office = officer_of(state, actor, at, "void_open_polls")
    poll = open_poll(state, command.poll)
    if proposal_of(state, poll.proposal).voided:
        raise VoidedBefore(f"A poll on {poll.proposal} has been voided once. Another one falls by vote only.")
    return Decision(fact=fact.PollVoided(poll=poll.id, proposal=poll.proposal, office=office, reason=command.reason))
