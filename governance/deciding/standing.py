"""Standing: where a proposal is, and who has a part in it."""

from governance.deciding.authority import member_of, officer_of, require_entitled
from governance.effect import concerned_by
from governance.ids import CoopId, MandateId, ProposalId
from governance.instants import Instant
from governance.proposal import (
    OPEN_STAGES,
    Amendment,
    AmendmentUnknown,
    NotSponsor,
    Proposal,
    ProposalUnknown,
    Stage,
    WrongStage,
)
from governance.register import Coop
from governance.rulebook import rules_for
from governance.state import State


def proposal_of(state: State, proposal: ProposalId) -> Proposal:
    """The proposal of an id.

    Raises:
        ProposalUnknown: there is none.
    """
    found = state.proposals.get(proposal)
    if found is None:
        raise ProposalUnknown(f"There is no proposal {proposal!r}.")
    return found


def at_stage(state: State, proposal: ProposalId, *stages: Stage) -> Proposal:
    """The proposal of an id, at one of the stages.

    Raises:
        ProposalUnknown: there is none.
        WrongStage: it is at another stage.
    """
    found = proposal_of(state, proposal)
    if found.stage not in stages:
        wanted = " or ".join(stage.replace("_", " ") for stage in stages)
        over = "is over" if found.stage not in OPEN_STAGES else f"is at the stage {found.stage.replace('_', ' ')}"
        raise WrongStage(f"{found.id} {over}; this can be done during {wanted} only.")
    return found


def open_amendment(state: State, amendment: str) -> tuple[Proposal, Amendment]:
    """A proposal in deliberation and an amendment to it on which nothing has been decided.

    Raises:
        AmendmentUnknown: there is none, or it has been accepted, dropped or put to the vote.
        WrongStage: the proposal is not in deliberation.
    """
    proposal = state.proposals.get(ProposalId(amendment.partition(".")[0]))
    found = next((one for one in proposal.amendments if one.id == amendment), None) if proposal is not None else None
    if proposal is None or found is None or found.status != "suggested":
        raise AmendmentUnknown(f"There is no amendment {amendment[:40]!r} that still waits to be taken up.")
    return at_stage(state, proposal.id, "deliberation"), found


def taking_part(state: State, proposal: Proposal, actor: MandateId, at: Instant) -> Coop:
    """The member coop that somebody acts for, if it has a vote on a proposal.

    Raises:
        NoMandate, CoopNotMember: as `member_of`.
        NotEntitled: as `require_entitled`.
    """
    coop = member_of(state, actor, at, "delegate")
    rules = proposal.pinned or rules_for(state, proposal.effect)
    require_entitled(coop, rules, concerned_by(proposal.effect), at)
    return coop


def refuse_carried(proposal: Proposal) -> None:
    """Refuse what would undo, without a vote, a decision that waits to be confirmed.

    Raises:
        WrongStage: the proposal has been carried.
    """
    if proposal.purpose == "confirmation":
        raise WrongStage(f"{proposal.id} has been carried. Only the confirming vote can end it now.")


def require_lead(state: State, proposal: Proposal, actor: MandateId, at: Instant) -> None:
    """Refuse anybody but a delegate of the coop that brought a proposal, or a holder of the office that did.

    Raises:
        NotSponsor: another coop or office.
        NoMandate, CoopNotMember, PowerMissing: as `member_of` and `officer_of`.
    """
    if proposal.lead is None:
        if officer_of(state, actor, at, "decide_urgently") != proposal.office:
            raise NotSponsor(f"Another office brought {proposal.id}.")
        return
    coop: CoopId = member_of(state, actor, at, "delegate").id
    if coop != proposal.lead:
        raise NotSponsor(f"Only {proposal.lead}, which brought {proposal.id}, can do this.")
