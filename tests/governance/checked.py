"""A federation in memory that checks the laws of the fold with every record, for histories made at random."""

from governance.commands.polls import Cast, TakeStep
from governance.errors import Refusal
from governance.federation import Federation
from governance.ids import MandateId, ProposalId
from governance.log.blob import address
from governance.proposal import OPEN_STAGES
from governance.records import read_record, seal, write_record
from governance.state import State
from governance.value import Value
from tests.governance.acting import fork, snapshot
from tests.governance.world import Founded

_MOST_RECORDS = 5_000


class Checked(Founded):
    """A world that decides on overlays and merges them, beside a mirror to which each record is applied directly."""

    def aside(self) -> "Checked":
        """The same world on an overlay, going its own way."""
        other = fork(self)
        other.mirror = self.mirror.overlay()
        return other

    def _append(self, command: Value, actor: MandateId) -> Value:
        if not hasattr(self, "mirror"):
            self.mirror = Federation()
        before = snapshot(self.state)
        try:
            decision = self.federation.decide(command, actor=actor, at=self.now)
        except Refusal as refusal:
            assert snapshot(self.state) == before, "a refusal left something behind"
            assert not isinstance(command, TakeStep), f"a step that is due cannot be taken: {refusal!r}"
            raise
        assert snapshot(self.state) == before, "deciding changed something"
        for blob in decision.blobs:
            self.blobs[address(blob)] = blob
        record = seal(decision.fact, seq=self.federation.size, at=self.now, actor=actor, nonce=self.draw(16))
        entry = write_record(record)
        assert read_record(entry) == record, "what is written is not what is read"
        overlay = self.federation.overlay()
        overlay.apply(record)
        assert snapshot(self.state) == before, "an overlay wrote through"
        self.mirror.apply(record)
        if type(command) is not Cast or self.federation.size % 3:
            overlay.merge()
        else:
            self.federation.apply(record)
        after = snapshot(self.state)
        assert after == snapshot(self.mirror.state), "merging is not applying"
        self.entries.append(entry)
        self.records.append(record)
        assert len(self.records) < _MOST_RECORDS, "steps fall due for ever"
        check_laws(self.state)
        return decision.fact


def check_laws(state: State) -> None:
    """What is true of every state."""
    schedule = {key: planned[0] for key, planned in state.schedule.items()}
    assert state.next_due == min(schedule.values(), default=None)
    assert state.last_proposal == len(state.proposals)
    leads = {one.id: one.lead for one in state.proposals.values() if one.lead is not None and one.stage in OPEN_STAGES}
    assert dict(state.leads.items()) == leads
    waiting = {ProposalId(subject.partition(".")[0]) for kind, subject in schedule if kind != "restore_steward"}
    for proposal in state.proposals.values():
        kinds = {kind for kind, subject in schedule if subject.partition(".")[0] == proposal.id}
        if proposal.stage in OPEN_STAGES:
            assert proposal.id in waiting, f"{proposal.id} has disappeared: {proposal}"
        else:
            assert kinds <= {"review"}, f"{proposal.id} is over, and still falls due: {kinds}"
        assert (proposal.poll is not None) == (proposal.stage == "voting")
        assert ("enact" in kinds) == (proposal.stage == "waiting")
        unsupported = proposal.stage == "deliberation" and proposal.notice_from is None
        assert "lapse" not in kinds or unsupported or proposal.provisional_until is not None
    polls = {subject for kind, subject in schedule if kind in ("close_poll", "extend_poll")}
    assert polls == {str(poll.id) for poll in state.polls.values()}, "a poll closes that is not open, or never closes"
    for poll in state.polls.values():
        proposal_of = state.proposals.get(poll.proposal)
        assert proposal_of is not None
        assert proposal_of.stage in OPEN_STAGES
        assert poll.amendment is not None or proposal_of.poll == poll.id
    for poll_id, coop in dict(state.ballots.items()):
        open_poll = state.polls.get(poll_id)
        assert open_poll is not None, f"a ballot is left of {poll_id}"
        assert coop in open_poll.voters
