"""What changes when a log goes on after a loss: its name, and every vote and deadline that the loss may have touched."""

from datetime import timedelta

from msgspec.structs import replace

from governance.applying.polls import void
from governance.applying.proposals import get
from governance.facts import continuing as fact
from governance.instants import Instant, later, moment
from governance.log.checkpoint import read_checkpoint
from governance.proposal import OPEN_STAGES
from governance.records import Record
from governance.state import Continuation, State


def continued(state: State, body: fact.LogContinued, record: Record) -> None:
    """The log has another origin and key; what was open begins anew, and nothing falls due because of the time that is lost.

    Whatever was done since the last entry that is left may be lost: ballots, and also support, challenges and objections. So that
    time is given again: all that was to fall due does so later by as much. A poll is void with the ballots in it that are left,
    and a new one follows as after `poll.voided`, which can still happen to it.
    """
    state.continuations = (
        *state.continuations,
        Continuation(
            seq=record.seq,
            at=record.at,
            origin=body.origin,
            key=body.key,
            origin_before=state.origin,
            key_before=state.key,
            signed=read_checkpoint(body.lost.encode()).size,
        ),
    )
    state.origin, state.key = body.origin, body.key
    _put_off(state, moment(record.at) - moment(state.at))
    for poll in list(state.polls.values()):
        void(state, poll, get(state, poll.proposal), record.at)


def _put_off(state: State, by: timedelta) -> None:
    def put_off(due: Instant | None) -> Instant | None:
        return None if due is None else later(due, by)

    for due, _, _, step in list(state.schedule.values()):
        # A review comes on the day that the resolution names: nobody misses anything by it.
        if step.kind != "review":
            state.plan(step.kind, step.subject, later(due, by))
    for proposal in list(state.proposals.values()):
        if proposal.stage in OPEN_STAGES:
            postponed = replace(
                proposal,
                support_until=later(proposal.support_until, by),
                notice_from=put_off(proposal.notice_from),
                enact_at=put_off(proposal.enact_at),
                provisional_until=put_off(proposal.provisional_until),
            )
            state.proposals.put(proposal.id, postponed)
    for coop, restoration in list(state.restorations.items()):
        state.restorations.put(coop, replace(restoration, due=put_off(restoration.due)))
