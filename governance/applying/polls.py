"""What the facts of a poll change, and where a proposal goes from its result."""

from datetime import timedelta

from msgspec.structs import replace

from governance.applying.proposals import adopt, drop_poll, end, get, mark, settle
from governance.course import amendment_of, extension_due, judged_by, outcome_of, pinned_for, poll_opened
from governance.early import settled
from governance.facts import polls as fact
from governance.ids import PollId
from governance.instants import Instant, later
from governance.poll import CastBallot, Poll
from governance.proposal import Proposal
from governance.records import Record
from governance.state import State


def opened(state: State, body: fact.PollOpened, record: Record) -> None:
    """A poll is open, with its rules and rolls pinned."""
    proposal = get(state, body.proposal)
    pinned = pinned_for(state, proposal, body.purpose)
    judged = judged_by(state, pinned, proposal, body.purpose, body.call, record.at)
    poll = poll_opened(body, judged, record.at)
    state.polls.put(poll.id, poll)
    state.plan("close_poll", poll.id, poll.closes)
    proposal = replace(proposal, polls=proposal.polls + 1)
    if body.amendment is not None:
        state.cancel("open_amendment_poll", body.amendment)
        state.proposals.put(proposal.id, mark(proposal, body.amendment, "voting"))
        return
    state.cancel("open_poll", proposal.id)
    state.proposals.put(
        proposal.id,
        replace(
            proposal,
            stage="voting",
            poll=poll.id,
            call=body.call,
            pinned=pinned,
            heads=max(each.roll.heads for each in judged),
        ),
    )


def cast(state: State, body: fact.BallotCast, record: Record) -> None:
    """A coop's ballot is in force. It can complete the quorum late, or settle the outcome early."""
    put_ballot(state, _open(state, body.poll), body, record)


def put_ballot(state: State, poll: Poll, body: fact.BallotCast, record: Record) -> None:
    """As `cast`, for who has found the poll."""
    state.ballots.put(poll.id, body.coop, CastBallot(seq=record.seq, choice=body.choice))
    if poll.early_close and is_settled(state, poll):
        state.plan("close_poll", poll.id, record.at)
    elif poll.extension and extension_due(state, poll, body.coop, record.at, first=body.replaces is None):
        state.plan("extend_poll", poll.id, record.at)


def is_settled(state: State, poll: Poll) -> bool:
    """Whether the outcome of a poll in which ballots are final cannot change any more, under any of its rules."""
    cast = state.ballots.of(poll.id)
    return all(
        settled(
            outcome_of(state, poll, judged).tally,
            [voter for coop, voter in judged.roll.voters.items() if coop not in cast],
            judged.quorum,
            judged.majority,
            blocks=poll.blocks,
        )
        is not None
        for judged in poll.judged
    )


def extended(state: State, body: fact.PollExtended, record: Record) -> None:  # noqa: ARG001 - one shape for all
    """A poll closes later, this once."""
    poll = _open(state, body.poll)
    state.cancel("extend_poll", poll.id)
    state.polls.put(poll.id, replace(poll, closes=body.closes, extended=True))
    state.plan("close_poll", poll.id, body.closes)


def closed(state: State, body: fact.PollClosed, record: Record) -> None:
    """A poll is over, and its proposal goes where the result sends it."""
    poll = _open(state, body.poll)
    drop_poll(state, poll.id)
    proposal = get(state, body.proposal)
    if poll.amendment is not None:
        if body.status == "carried" and amendment_of(proposal, poll.amendment).on == proposal.text:
            adopt(state, proposal, poll.amendment, record.at)
        else:
            settle(state, mark(proposal, poll.amendment, "dropped"), record.at)
        return
    proposal = replace(proposal, poll=None)
    if body.status == "carried":
        _carried(state, proposal, poll, record.at)
    elif body.status == "no_quorum" and (wait := _next_call(poll, body)) is not None:
        state.proposals.put(proposal.id, replace(proposal, stage="between_polls"))
        state.plan("open_poll", proposal.id, later(record.at, wait))
    else:
        _not_carried(state, proposal, record.at)


def _carried(state: State, proposal: Proposal, poll: Poll, at: Instant) -> None:
    rules = [judged.pinned.rule for judged in poll.judged]
    state.cancel("lapse", proposal.id)
    confirmations = [rule.confirmation for rule in rules if rule.confirmation is not None]
    if poll.purpose == "decision" and confirmations:
        after = max(confirmation.after for confirmation in confirmations)
        state.proposals.put(proposal.id, replace(proposal, stage="between_polls", purpose="confirmation", call=0))
        state.plan("open_poll", proposal.id, later(at, after))
        return
    enact_at = proposal.enact_at or later(at, max(rule.waiting for rule in rules))
    confirmed = poll.purpose == "confirmation"
    state.proposals.put(proposal.id, replace(proposal, stage="waiting", enact_at=enact_at, confirmed=confirmed))
    state.plan("enact", proposal.id, max(enact_at, at))


def _next_call(poll: Poll, body: fact.PollClosed) -> timedelta | None:
    """How long until the next call: None if a rule whose quorum failed has no further one."""
    if poll.purpose != "decision":
        return None
    wait = timedelta()
    for judged, counted in zip(poll.judged, body.counts, strict=True):
        calls = judged.pinned.rule.calls
        if counted.status == "no_quorum":
            if poll.call >= len(calls):
                return None
            wait = max(wait, calls[poll.call].after)
    return wait


def _not_carried(state: State, proposal: Proposal, at: Instant) -> None:
    if proposal.provisional_until is not None:
        state.proposals.put(proposal.id, replace(proposal, stage="between_polls"))
        state.plan("lapse", proposal.id, at)
        return
    end(state, replace(proposal, stage="rejected"))


def voided(state: State, body: fact.PollVoided, record: Record) -> None:
    """An open poll is void; a new one follows after the notice that the proposal needed."""
    void(state, _open(state, body.poll), replace(get(state, body.proposal), voided=True), record.at)


def void(state: State, poll: Poll, proposal: Proposal, at: Instant) -> None:
    """Let an open poll end without a result, and plan the one that takes its place."""
    drop_poll(state, poll.id)
    opens = later(at, proposal.needs.notice)
    if poll.amendment is not None:
        settle(state, mark(proposal, poll.amendment, "put"), at)
        state.plan("open_amendment_poll", poll.amendment, opens)
        return
    state.proposals.put(proposal.id, replace(proposal, stage="between_polls", poll=None, call=poll.call - 1))
    state.plan("open_poll", proposal.id, opens)


def _open(state: State, poll: PollId) -> Poll:
    found = state.polls.get(poll)
    if found is None:
        raise KeyError(poll)
    return found
