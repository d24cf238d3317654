"""Projections: what each record changes in the tables that lists and pages read. Pure, so that they can be made again."""

from collections.abc import Callable
from typing import Any, Final

from app.ledger import projecting_continuing as continuing
from app.ledger import projecting_events as events
from app.ledger import projecting_polls as polls
from app.ledger import projecting_proposals as proposals
from app.ledger import projecting_register as register
from app.ledger import projecting_rulebook as rulebook
from app.store.changes import Change
from governance.facts import continuing as went_on
from governance.facts import founding as founded
from governance.facts import polls as polled
from governance.facts import proposals as proposed
from governance.facts import register as registered
from governance.facts import rotating as changed_key
from governance.records import Record
from governance.state import State
from governance.value import Value

Project = Callable[[State, Any, Record], list[Change]]


PROJECTED: Final = 3
"""The version of what follows. Raise it with every change of the tables it fills: each database then makes them again once."""
PROJECT: Final[dict[type[Value], Project]] = {
    founded.LogGenesis: rulebook.federation,
    founded.FederationNamed: rulebook.federation_named,
    founded.ArticleFounded: rulebook.article_founded,
    founded.RuleFounded: rulebook.rule_founded,
    founded.OfficeFounded: rulebook.office_founded,
    founded.CoopFounded: register.coop_changed,
    founded.FoundingClosed: rulebook.federation,
    registered.NumberDeclared: register.coop_changed,
    registered.NumberContested: register.coop_changed,
    registered.ContestWithdrawn: register.coop_changed,
    registered.ServicesDeclared: register.coop_changed,
    registered.StandingRecorded: register.coop_changed,
    registered.CoopLeft: register.coop_left,
    registered.MandateGiven: register.mandate_changed,
    registered.MandateRevoked: register.mandate_changed,
    registered.RestorationAttested: register.restoration_changed,
    registered.RestorationObjected: register.restoration_changed,
    registered.StewardRestored: register.mandates_changed,
    registered.TextRedacted: events.text_redacted,
    proposed.ProposalSubmitted: proposals.effect_changed,
    proposed.ProposalSupported: proposals.proposal_changed,
    proposed.VoteDemanded: proposals.proposal_changed,
    proposed.AmendmentSuggested: proposals.proposal_changed,
    proposed.AmendmentAccepted: proposals.effect_changed,
    proposed.AmendmentPut: proposals.proposal_changed,
    proposed.ProposalWithdrawn: proposals.proposal_ended,
    proposed.ProposalLifted: proposals.proposal_lifted,
    proposed.ProposalAnswered: proposals.proposal_changed,
    proposed.CommentPosted: events.comment_posted,
    proposed.DecisionChallenged: proposals.proposal_changed,
    proposed.ProposalLapsed: proposals.proposal_ended,
    proposed.ProposalEnacted: proposals.proposal_enacted,
    proposed.ReviewDue: proposals.proposal_changed,
    polled.PollOpened: polls.poll_opened,
    polled.BallotCast: polls.ballot_cast,
    polled.PollExtended: polls.poll_extended,
    polled.PollClosed: polls.poll_closed,
    polled.PollVoided: polls.poll_voided,
    went_on.LogContinued: continuing.log_continued,
    changed_key.LogKeyRotated: rulebook.federation,
}


def project(state: State, record: Record) -> list[Change]:
    """What a record changes in the tables. `state` is the federation's *after* the record was applied."""
    return [*PROJECT[type(record.body)](state, record.body, record), *events.event_rows(record)]
