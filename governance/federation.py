"""The federation: decide a command, apply a record. The server, the verifier and the tests all run this and nothing else."""

from collections.abc import Callable
from typing import Any, Final

from governance.applying import continuing, enactment, founding, polls, proposals, register, rotating
from governance.commands import continuing as ask_continuing
from governance.commands import founding as ask_founding
from governance.commands import polls as ask_polls
from governance.commands import proposals as ask_proposals
from governance.commands import register as ask_register
from governance.commands import rotating as ask_rotating
from governance.deciding import continuing as decide_continuing
from governance.deciding import founding as decide_founding
from governance.deciding import polls as decide_polls
from governance.deciding import proposals as decide_proposals
from governance.deciding import register as decide_register
from governance.deciding import rotating as decide_rotating
from governance.deciding.authority import mandate_of
from governance.deciding.decision import Decision
from governance.deciding.steps import take_step
from governance.errors import Refusal
from governance.facts import continuing as went_on
from governance.facts import founding as founded
from governance.facts import polls as polled
from governance.facts import proposals as proposed
from governance.facts import register as registered
from governance.facts import rotating as changed_key
from governance.ids import OPERATOR, MandateId
from governance.instants import Instant
from governance.records import Record
from governance.state import State, Step
from governance.value import Value

Decide = Callable[[State, Any, MandateId, Instant], Decision]
Apply = Callable[[State, Any, Record], None]

DECIDE: Final[dict[type[Value], Decide]] = {
    ask_founding.BeginLog: decide_founding.begin_log,
    ask_founding.NameFederation: decide_founding.name_federation,
    ask_founding.FoundArticle: decide_founding.found_article,
    ask_founding.FoundRule: decide_founding.found_rule,
    ask_founding.FoundOffice: decide_founding.found_office,
    ask_founding.FoundCoop: decide_founding.found_coop,
    ask_founding.CloseFounding: decide_founding.close_founding,
    ask_register.GiveMandate: decide_register.give_mandate,
    ask_register.RevokeMandate: decide_register.revoke_mandate,
    ask_register.DeclareNumber: decide_register.declare_number,
    ask_register.ContestNumber: decide_register.contest_number,
    ask_register.WithdrawContest: decide_register.withdraw_contest,
    ask_register.DeclareServices: decide_register.declare_services,
    ask_register.RecordStanding: decide_register.record_standing,
    ask_register.Leave: decide_register.leave,
    ask_register.AttestSteward: decide_register.attest_steward,
    ask_register.ObjectRestoration: decide_register.object_restoration,
    ask_register.RedactText: decide_register.redact_text,
    ask_proposals.Submit: decide_proposals.submit,
    ask_proposals.Support: decide_proposals.support,
    ask_proposals.DemandVote: decide_proposals.demand_vote,
    ask_proposals.SuggestAmendment: decide_proposals.suggest_amendment,
    ask_proposals.AcceptAmendment: decide_proposals.accept_amendment,
    ask_proposals.PutAmendment: decide_proposals.put_amendment,
    ask_proposals.Withdraw: decide_proposals.withdraw,
    ask_proposals.Lift: decide_proposals.lift,
    ask_proposals.Answer: decide_proposals.answer,
    ask_proposals.Comment: decide_proposals.comment,
    ask_proposals.Challenge: decide_proposals.challenge,
    ask_polls.Cast: decide_polls.cast,
    ask_polls.VoidPoll: decide_polls.void_poll,
    ask_polls.TakeStep: take_step,
    ask_continuing.ContinueLog: decide_continuing.continue_log,
    ask_rotating.RotateKey: decide_rotating.rotate_key,
}

APPLY: Final[dict[type[Value], Apply]] = {
    founded.LogGenesis: founding.begin_log,
    founded.FederationNamed: founding.name_federation,
    founded.ArticleFounded: founding.article_founded,
    founded.RuleFounded: founding.rule_founded,
    founded.OfficeFounded: founding.office_founded,
    founded.CoopFounded: founding.coop_founded,
    founded.FoundingClosed: founding.founding_closed,
    registered.NumberDeclared: register.number_declared,
    registered.NumberContested: register.number_contested,
    registered.ContestWithdrawn: register.contest_withdrawn,
    registered.ServicesDeclared: register.services_declared,
    registered.StandingRecorded: register.standing_recorded,
    registered.CoopLeft: register.coop_left,
    registered.MandateGiven: register.mandate_given,
    registered.MandateRevoked: register.mandate_revoked,
    registered.RestorationAttested: register.restoration_attested,
    registered.RestorationObjected: register.restoration_objected,
    registered.StewardRestored: register.steward_restored,
    registered.TextRedacted: register.text_redacted,
    proposed.ProposalSubmitted: proposals.submitted,
    proposed.ProposalSupported: proposals.proposal_supported,
    proposed.VoteDemanded: proposals.vote_demanded,
    proposed.AmendmentSuggested: proposals.amendment_suggested,
    proposed.AmendmentAccepted: proposals.amendment_accepted,
    proposed.AmendmentPut: proposals.amendment_put,
    proposed.ProposalWithdrawn: proposals.withdrawn,
    proposed.ProposalLifted: proposals.lifted,
    proposed.ProposalAnswered: proposals.answered,
    proposed.CommentPosted: proposals.comment_posted,
    proposed.DecisionChallenged: proposals.challenged,
    proposed.ProposalLapsed: proposals.lapsed,
    proposed.ProposalEnacted: enactment.enacted,
    proposed.ReviewDue: proposals.review_due,
    polled.PollOpened: polls.opened,
    polled.BallotCast: polls.cast,
    polled.PollExtended: polls.extended,
    polled.PollClosed: polls.closed,
    polled.PollVoided: polls.voided,
    went_on.LogContinued: continuing.continued,
    changed_key.LogKeyRotated: rotating.rotated,
}
_BEFORE_STEPS: Final = frozenset[type[Value]]({ask_polls.TakeStep, ask_continuing.ContinueLog})
"""What can be decided while a step is due: the step, and that a log goes on, which puts off the steps that fell due meanwhile."""


class StepsOverdue(Refusal):
    """Something fell due before this, and has to happen first."""

    code = "steps_overdue"


class OutOfOrder(Refusal):
    """This record does not follow the last one."""

    code = "record_out_of_order"


class Federation:
    """The whole state of a federation, folded from its log.

    `apply` is the only way its state changes, `decide` the only way records are made. Both are pure: no clock, no randomness,
    no I/O. An instance is used by one writer.
    """

    def __init__(self, state: State | None = None) -> None:
        """Start before the first record, or from a state."""
        self.state = state if state is not None else State()

    @property
    def size(self) -> int:
        """How many records have been applied: the position of the next."""
        return self.state.size

    def overlay(self) -> "Federation":
        """A federation laid over this one, for deciding a batch: `merge` keeps what was applied to it, dropping it does not."""
        return Federation(self.state.overlay())

    def merge(self) -> None:
        """Keep, in the federation below, what was applied to this overlay."""
        self.state.merge()

    def due(self, at: Instant) -> Step | None:
        """The step that has to be taken before anything else can be decided at an instant."""
        return self.state.due_step(at)

    def decide(self, command: Value, *, actor: MandateId, at: Instant) -> Decision:
        """The one fact that a command becomes, if it is legal now. Nothing is changed.

        Raises:
            Refusal: why it is not.
            StepsOverdue: a step is due first, unless the command takes it or lets the log go on after a loss.
            OutOfOrder: time would run backwards.
        """
        self.require_ready(at, step=type(command) in _BEFORE_STEPS)
        if not self.state.founded and actor != OPERATOR:
            mandate_of(self.state, actor, at)
        return DECIDE[type(command)](self.state, command, actor, at)

    def require_ready(self, at: Instant, *, step: bool = False) -> None:
        """Refuse an instant at which nothing can be decided, or only the `step` that is due.

        Raises:
            OutOfOrder: time would run backwards.
            StepsOverdue: a step is due first.
        """
        state = self.state
        if at < state.at:
            raise OutOfOrder(f"{at} is before the last record, {state.at}. Time does not run backwards.")
        if not step and state.next_due is not None and state.next_due <= at:
            raise StepsOverdue(f"Something fell due at {state.next_due} and has to be recorded first.")

    def apply(self, record: Record) -> None:
        """Change the state by a record that has been decided here or checked by the verifier.

        Raises:
            OutOfOrder: it is not the next in position, or earlier in time.
        """
        state = self.state
        if record.seq != state.size or record.at < state.at:
            raise self._out_of_order(record)
        body = record.body
        APPLY[type(body)](state, body, record)
        if not state.founded:
            founding.add_to_digest(state, body)
        state.size += 1
        state.at = record.at

    def recast(self, ballot: polled.BallotCast, record: Record) -> None:
        """Check a ballot of the log and apply it: `decide` and `apply` without a detour, since nearly all records are ballots.

        Raises:
            Refusal: as `require_ready`, `check_ballot` and `apply`.
        """
        state, at = self.state, record.at
        if at < state.at or (state.next_due is not None and state.next_due <= at):
            self.require_ready(at)
        if record.seq != state.size:
            raise self._out_of_order(record)
        poll = decide_polls.check_ballot(state, ballot, record.actor, at)
        polls.put_ballot(state, poll, ballot, record)
        state.size += 1
        state.at = at

    def _out_of_order(self, record: Record) -> OutOfOrder:
        state = self.state
        return OutOfOrder(f"Record {record.seq} of {record.at} cannot follow {state.size} records up to {state.at}.")
