"""What the facts of a proposal's life change."""

from msgspec.structs import replace

from governance.course import amendment_of
from governance.effect import Admit, Effect
from governance.facts import proposals as fact
from governance.ids import AmendmentId, OfficeId, PollId, ProposalId, TextHash
from governance.instants import Instant, later
from governance.proposal import Amendment, AmendmentStatus, Needs, Proposal, supported
from governance.records import Record
from governance.rulebook import needs_for, rules_for
from governance.state import State
from governance.supporting import still_entitled


def submitted(state: State, body: fact.ProposalSubmitted, record: Record) -> None:
    """There is a proposal. One that an office brings needs no support, is in force at once, and lapses unless ratified."""
    proposal = Proposal(
        id=body.proposal,
        effect=body.effect,
        text=TextHash(body.text),
        language=body.language,
        needs=_needs(state, body.effect, body.office),
        submitted=record.at,
        support_until=later(record.at, state.provisions.support_within),
        lead=body.coop,
        office=body.office,
        sponsors=() if body.coop is None else (body.coop,),
    )
    periods = [pinned.rule.provisional for pinned in rules_for(state, body.effect)]
    if body.office is not None and (given := [period for period in periods if period is not None]):
        proposal = replace(proposal, provisional_until=later(record.at, min(given)))
    state.last_proposal += 1
    if body.coop is not None:
        state.leads.put(proposal.id, body.coop)
    _promise(state, proposal.id, proposal.effect)
    settle(state, proposal, record.at)


def _promise(state: State, proposal: ProposalId, effect: Effect | None) -> None:
    """Keep the id of an applicant's steward for it, as long as the proposal is open."""
    if isinstance(effect, Admit):
        state.promised.put(effect.steward, proposal)


def settle(state: State, proposal: Proposal, at: Instant) -> None:
    """Store a proposal in deliberation and plan what comes next: the opening when its notice ends, or its lapse.

    Until its notice begins, only those support it who have a vote on it now. No vote on it opens while an amendment to it is
    being voted on.
    """
    if proposal.notice_from is None:
        proposal = replace(
            proposal,
            sponsors=still_entitled(state, proposal.sponsors, proposal.effect, at),
            seconders=still_entitled(state, proposal.seconders, proposal.effect, at),
        )
        if supported(proposal):
            proposal = replace(proposal, notice_from=at)
    state.proposals.put(proposal.id, proposal)
    state.cancel("lapse", proposal.id)
    state.cancel("open_poll", proposal.id)
    if proposal.provisional_until is not None:
        state.plan("lapse", proposal.id, proposal.provisional_until)
    elif proposal.notice_from is None:
        state.plan("lapse", proposal.id, proposal.support_until)
    if proposal.notice_from is not None and not any(one.status in ("put", "voting") for one in proposal.amendments):
        state.plan("open_poll", proposal.id, max(later(proposal.notice_from, proposal.needs.notice), at))


def proposal_supported(state: State, body: fact.ProposalSupported, record: Record) -> None:
    """A proposal has one more sponsor or seconder."""
    proposal = get(state, body.proposal)
    if body.role == "sponsor":
        proposal = replace(proposal, sponsors=(*proposal.sponsors, body.coop))
    else:
        proposal = replace(proposal, seconders=(*proposal.seconders, body.coop))
    settle(state, proposal, record.at)


def vote_demanded(state: State, body: fact.VoteDemanded, record: Record) -> None:
    """One more coop demands the vote; when enough do, the notice runs."""
    proposal = get(state, body.proposal)
    before = still_entitled(state, proposal.demanded_by, proposal.effect, record.at)
    proposal = replace(proposal, demanded_by=(*before, body.coop))
    if body.met:
        proposal = replace(proposal, notice_from=record.at)
    settle(state, proposal, record.at)


def amendment_suggested(state: State, body: fact.AmendmentSuggested, record: Record) -> None:  # noqa: ARG001 - one shape for all
    """There is an amendment."""
    proposal = get(state, body.proposal)
    amendment = Amendment(
        id=body.amendment, coop=body.coop, on=proposal.text, text=TextHash(body.text), effect=body.effect
    )
    _promise(state, proposal.id, body.effect)
    state.proposals.put(proposal.id, replace(proposal, amendments=(*proposal.amendments, amendment)))


def amendment_accepted(state: State, body: fact.AmendmentAccepted, record: Record) -> None:
    """The proposal has the amendment's text and effect."""
    adopt(state, get(state, body.proposal), body.amendment, record.at)


def adopt(state: State, proposal: Proposal, amendment: AmendmentId, at: Instant) -> None:
    """Make an amendment part of its proposal. The notice begins again, so that everybody has it for the text voted on."""
    taken = amendment_of(proposal, amendment)
    proposal = replace(mark(proposal, amendment, "accepted"), text=taken.text)
    settle(state, _changed(state, proposal, taken.effect or proposal.effect, at), at)


def _changed(state: State, proposal: Proposal, effect: Effect, at: Instant) -> Proposal:
    """A proposal with another effect, which needs what it needed before and what the rules on the effect ask for.

    Its notice begins again if it has the support that it needs now; if not, it has the usual time to find it. A demand for a
    vote stands unless the new rules ask for more of it.
    """
    needs = _stricter(proposal.needs, _needs(state, effect, proposal.office))
    changed = replace(
        proposal,
        effect=effect,
        needs=needs,
        sponsors=still_entitled(state, proposal.sponsors, effect, at),
        seconders=still_entitled(state, proposal.seconders, effect, at),
    )
    if proposal.notice_from is None:
        return changed
    demanded = not supported(proposal)
    if supported(changed) or (demanded and needs.requisition == proposal.needs.requisition):
        return replace(changed, notice_from=at)
    return replace(
        changed,
        notice_from=None,
        demanded_by=() if demanded else proposal.demanded_by,
        support_until=later(at, state.provisions.support_within),
    )


def _needs(state: State, effect: Effect, office: OfficeId | None) -> Needs:
    needs = needs_for(state, effect)
    return needs if office is None else replace(needs, sponsors=0, seconders=0)


def _stricter(one: Needs, other: Needs) -> Needs:
    shares = (one.requisition, other.requisition)
    return Needs(
        sponsors=max(one.sponsors, other.sponsors),
        seconders=max(one.seconders, other.seconders),
        notice=max(one.notice, other.notice),
        requisition=max(share for share in shares if share is not None) if None not in shares else None,
    )


def mark(proposal: Proposal, amendment: AmendmentId, status: AmendmentStatus) -> Proposal:
    """The proposal with an amendment at another status."""
    marked = tuple(replace(one, status=status) if one.id == amendment else one for one in proposal.amendments)
    return replace(proposal, amendments=marked)


def amendment_put(state: State, body: fact.AmendmentPut, record: Record) -> None:
    """An amendment is to be voted on, at once."""
    proposal = mark(get(state, body.proposal), body.amendment, "put")
    settle(state, proposal, record.at)
    state.plan("open_amendment_poll", body.amendment, record.at)


def withdrawn(state: State, body: fact.ProposalWithdrawn, record: Record) -> None:  # noqa: ARG001
    """A proposal is taken back."""
    end(state, replace(get(state, body.proposal), stage="withdrawn"))


def lifted(state: State, body: fact.ProposalLifted, record: Record) -> None:
    """A routine matter is decided by the ordinary rule, with the support and notice that this asks for.

    A poll that was open on it ends without a result. One on an amendment goes on.
    """
    proposal = get(state, body.proposal)
    if proposal.poll is not None:
        drop_poll(state, proposal.poll)
    proposal = replace(proposal, stage="deliberation", poll=None, call=0, pinned=())
    settle(state, _changed(state, proposal, replace(proposal.effect, narrowing=None), record.at), record.at)


def answered(state: State, body: fact.ProposalAnswered, record: Record) -> None:
    """The coop concerned has answered. The answer stands beside the proposal; nothing else changes."""


def comment_posted(state: State, body: fact.CommentPosted, record: Record) -> None:
    """There is a comment that can be replied to."""
    state.comments.put(record.seq, body.proposal)


def challenged(state: State, body: fact.DecisionChallenged, record: Record) -> None:
    """One more coop challenges; when enough do, the decision needs confirming, with the quorum of the call that carried it."""
    proposal = get(state, body.proposal)
    proposal = replace(proposal, challengers=(*proposal.challengers, body.coop))
    if body.met:
        proposal = replace(proposal, stage="between_polls", purpose="confirmation", call=proposal.call - 1)
        state.cancel("enact", proposal.id)
        state.plan("open_poll", proposal.id, record.at)
    state.proposals.put(proposal.id, proposal)


def lapsed(state: State, body: fact.ProposalLapsed, record: Record) -> None:  # noqa: ARG001
    """A proposal is over without effect."""
    end(state, replace(get(state, body.proposal), stage="lapsed", lapsed=body.reason))


def review_due(state: State, body: fact.ReviewDue, record: Record) -> None:  # noqa: ARG001
    """A resolution has come back for review; it stays in force until something supersedes it."""
    state.cancel("review", body.proposal)


def get(state: State, proposal: ProposalId) -> Proposal:
    """The proposal of an id that is there."""
    found = state.proposals.get(proposal)
    if found is None:
        raise KeyError(proposal)
    return found


def end(state: State, proposal: Proposal) -> None:
    """Store a proposal that is over: nothing of it falls due any more, and its open polls are gone."""
    _drop_polls(state, proposal)
    state.leads.remove(proposal.id)
    state.proposals.put(proposal.id, replace(proposal, poll=None, pinned=(), provisional_until=None))
    state.cancel("lapse", proposal.id)
    state.cancel("open_poll", proposal.id)
    state.cancel("enact", proposal.id)
    for mandate, promised in list(state.promised.items()):
        if promised == proposal.id:
            state.promised.remove(mandate)


def _drop_polls(state: State, proposal: Proposal) -> None:
    for number in range(1, proposal.polls + 1):
        drop_poll(state, PollId(f"{proposal.id}.v{number}"))
    for amendment in proposal.amendments:
        state.cancel("open_amendment_poll", amendment.id)


def drop_poll(state: State, poll_id: PollId) -> None:
    """Let an open poll leave memory: the poll, its ballots, and what was to fall due."""
    poll = state.polls.get(poll_id)
    if poll is None:
        return
    state.ballots.drop(poll_id)
    state.polls.remove(poll.id)
    state.cancel("close_poll", poll.id)
    state.cancel("extend_poll", poll.id)
