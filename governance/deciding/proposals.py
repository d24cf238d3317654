"""Deciding what is asked in the life of a proposal, from submission to challenge."""

import re
from fractions import Fraction

from governance.commands import proposals as asked
from governance.course import judged_by, rolls_now
from governance.deciding.authority import coop_of, known_coop, member_of, officer_of, require_entitled
from governance.deciding.decision import Decision
from governance.deciding.effects import check_effect
from governance.deciding.standing import (
    at_stage,
    open_amendment,
    proposal_of,
    refuse_carried,
    require_lead,
    taking_part,
)
from governance.effect import Effect, Resolve, concerned_by, kind_of
from governance.facts import proposals as fact
from governance.ids import AmendmentId, MandateId, Matter, ProposalId
from governance.instants import Instant, later
from governance.proposal import (
    AlreadyDone,
    Amendment,
    AmendmentTextOutdated,
    EffectInvalid,
    NotEntitled,
    NotLiftable,
    NotSponsor,
    Proposal,
    ProposalUnknown,
    TooManyOpen,
    WrongStage,
    supported,
)
from governance.rulebook import amendment_rules, rules_for
from governance.state import State
from governance.supporting import still_entitled

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", re.ASCII)
_MOST_AMENDMENTS = 200
_MOST_AMENDMENTS_OF_ONE = 20
_MOST_OPEN = 50


def submit(state: State, command: asked.Submit, actor: MandateId, at: Instant) -> Decision:
    """A proposal, by the delegate of a coop that is entitled in the matter, or urgently by an office with that power."""
    effect = command.effect
    if not _LANGUAGE.fullmatch(command.language):
        raise EffectInvalid(f"{command.language[:20]!r} is no language tag. Write one such as es or pt-BR (BCP 47).")
    coop = office = None
    mandate = state.mandates.get(actor)
    if mandate is not None and mandate.role == "officer":
        office = officer_of(state, actor, at, "decide_urgently")
        if not (isinstance(effect, Resolve) and effect.narrowing == "urgent"):
            raise NotEntitled("An office brings urgent decisions only. Anything else is brought by a coop.")
    else:
        coop = member_of(state, actor, at, "delegate")
        if isinstance(effect, Resolve) and effect.narrowing == "urgent":
            raise NotEntitled(
                "An urgent decision is taken by an office that has the power. Propose a resolution instead."
            )
    check_effect(state, effect, at)
    if coop is not None:
        require_entitled(coop, rules_for(state, effect), concerned_by(effect), at)
        if sum(lead == coop.id for lead in state.leads.values()) >= _MOST_OPEN:
            raise TooManyOpen(
                f"{coop.name} leads {_MOST_OPEN} open proposals. Let some of them be decided, or withdraw one."
            )
    return Decision(
        fact=fact.ProposalSubmitted(
            proposal=ProposalId(f"p{state.last_proposal + 1}"),
            effect=effect,
            text=command.text,
            language=command.language,
            coop=coop.id if coop is not None else None,
            office=office,
        )
    )


def support(state: State, command: asked.Support, actor: MandateId, at: Instant) -> Decision:
    """One more sponsor or seconder."""
    proposal = at_stage(state, command.proposal, "deliberation")
    coop = taking_part(state, proposal, actor, at)
    if coop.id in proposal.sponsors or coop.id in proposal.seconders:
        raise AlreadyDone(f"{coop.name} supports {proposal.id} already.")
    if proposal.office is not None:
        raise WrongStage(f"{proposal.id} was brought by an office and needs no support. Vote on it instead.")
    return Decision(fact=fact.ProposalSupported(proposal=proposal.id, coop=coop.id, role=command.role))


def demand_vote(state: State, command: asked.DemandVote, actor: MandateId, at: Instant) -> Decision:
    """A demand that is met when enough coops make it: the requisition."""
    proposal = at_stage(state, command.proposal, "deliberation")
    coop = taking_part(state, proposal, actor, at)
    share = proposal.needs.requisition
    if share is None:
        raise WrongStage(f"The rule on {proposal.id} knows no demand for a vote. Sponsor or second it instead.")
    if supported(proposal) or proposal.notice_from is not None:
        raise WrongStage(f"{proposal.id} has the support it needs and will be voted on.")
    if coop.id in proposal.demanded_by:
        raise AlreadyDone(f"{coop.name} has demanded a vote on {proposal.id} already.")
    before = still_entitled(state, proposal.demanded_by, proposal.effect, at)
    met = reaches(len(before) + 1, share, heads_of(state, proposal, at))
    return Decision(fact=fact.VoteDemanded(proposal=proposal.id, coop=coop.id, met=met))


def reaches(coops: int, share: Fraction, heads: int) -> bool:
    """Whether a number of coops is at least a share of those entitled."""
    return coops * share.denominator >= share.numerator * heads


def heads_of(state: State, proposal: Proposal, at: Instant) -> int:
    """How many coops would be entitled if a vote opened now: under the rule that entitles the most."""
    rolls = rolls_now(state, rules_for(state, proposal.effect), proposal.effect, at)
    return max((roll.heads for roll in rolls), default=0)


def suggest_amendment(state: State, command: asked.SuggestAmendment, actor: MandateId, at: Instant) -> Decision:
    """An amendment to a proposal's text, and to its effect where that changes too."""
    proposal = at_stage(state, command.proposal, "deliberation")
    coop = taking_part(state, proposal, actor, at)
    if len(proposal.amendments) >= _MOST_AMENDMENTS:
        raise WrongStage(f"{proposal.id} has {_MOST_AMENDMENTS} amendments. Bring a proposal of your own.")
    if sum(1 for one in proposal.amendments if one.coop == coop.id) >= _MOST_AMENDMENTS_OF_ONE:
        raise WrongStage(
            f"{coop.name} has suggested {_MOST_AMENDMENTS_OF_ONE} amendments to {proposal.id}. Leave room for others."
        )
    if command.effect is not None:
        _check_same_course(proposal.effect, command.effect)
        check_effect(state, command.effect, at, proposal.id)
    return Decision(
        fact=fact.AmendmentSuggested(
            amendment=_next_amendment(proposal),
            proposal=proposal.id,
            coop=coop.id,
            text=command.text,
            effect=command.effect,
        )
    )


def accept_amendment(state: State, command: asked.AcceptAmendment, actor: MandateId, at: Instant) -> Decision:
    """The leading sponsor's taking over of an amendment."""
    proposal, amendment = open_amendment(state, command.amendment)
    require_lead(state, proposal, actor, at)
    _check_written_on(proposal, amendment)
    if amendment.effect is not None:
        check_effect(state, amendment.effect, at, proposal.id)
        if proposal.lead is not None:
            lead = known_coop(state, proposal.lead)
            require_entitled(lead, rules_for(state, amendment.effect), concerned_by(amendment.effect), at)
    return Decision(fact=fact.AmendmentAccepted(amendment=amendment.id, proposal=proposal.id))


def put_amendment(state: State, command: asked.PutAmendment, actor: MandateId, at: Instant) -> Decision:
    """A second coop's demand for a vote on an amendment, while there is notice left.

    After that the vote on the proposal only waits for the amendments already put: two coops cannot hold it off for ever.
    """
    proposal, amendment = open_amendment(state, command.amendment)
    coop = taking_part(state, proposal, actor, at)
    if coop.id == amendment.coop:
        raise NotSponsor("Another coop than the one that suggested it has to demand the vote on an amendment.")
    _check_written_on(proposal, amendment)
    if proposal.provisional_until is not None:
        raise WrongStage(f"{proposal.id} lapses unless it is ratified in time, so its vote waits for no other.")
    if proposal.notice_from is not None and later(proposal.notice_from, proposal.needs.notice) <= at:
        raise WrongStage(
            f"The notice of {proposal.id} is over; it waits only for the amendments put to the vote before."
        )
    if amendment.effect is not None:
        check_effect(state, amendment.effect, at, proposal.id)
    judged_by(state, amendment_rules(state), proposal, "amendment", 1, at)
    return Decision(fact=fact.AmendmentPut(amendment=amendment.id, proposal=proposal.id, coop=coop.id))


def withdraw(state: State, command: asked.Withdraw, actor: MandateId, at: Instant) -> Decision:
    """The leading sponsor's taking back of a proposal that is not being voted on and not carried."""
    proposal = at_stage(state, command.proposal, "deliberation", "between_polls")
    refuse_carried(proposal)
    require_lead(state, proposal, actor, at)
    return Decision(fact=fact.ProposalWithdrawn(proposal=proposal.id))


def lift(state: State, command: asked.Lift, actor: MandateId, at: Instant) -> Decision:
    """Any entitled coop's taking of a routine matter to the ordinary rule."""
    proposal = at_stage(state, command.proposal, "deliberation", "voting", "between_polls")
    routine = isinstance(proposal.effect, Resolve) and proposal.effect.narrowing == "routine"
    rules = proposal.pinned or rules_for(state, proposal.effect)
    if not routine or not any(pinned.rule.liftable for pinned in rules):
        raise NotLiftable(f"{proposal.id} is decided by the ordinary rule of its kind already.")
    refuse_carried(proposal)
    coop = taking_part(state, proposal, actor, at)
    return Decision(
        fact=fact.ProposalLifted(proposal=proposal.id, coop=coop.id, matter=Matter(kind_of(proposal.effect)))
    )


def answer(state: State, command: asked.Answer, actor: MandateId, at: Instant) -> Decision:
    """The answer of the coop concerned, which it can give until voting opens, suspended or not."""
    proposal = at_stage(state, command.proposal, "deliberation")
    coop = coop_of(state, actor, at, "delegate", "steward")
    if coop.id != concerned_by(proposal.effect):
        raise NotEntitled(f"{proposal.id} is not about {coop.name}. Comment on it instead.")
    return Decision(fact=fact.ProposalAnswered(proposal=proposal.id, coop=coop.id, text=command.text))


def comment(state: State, command: asked.Comment, actor: MandateId, at: Instant) -> Decision:
    """A comment by a member coop of any category and standing, or by the coop concerned."""
    proposal = proposal_of(state, command.proposal)
    coop = coop_of(state, actor, at, "delegate")
    if coop.id != concerned_by(proposal.effect):
        coop = member_of(state, actor, at, "delegate")
    if command.reply_to is not None and state.comments.get(command.reply_to) != proposal.id:
        raise ProposalUnknown(f"There is no comment on {proposal.id} at position {command.reply_to} to reply to.")
    return Decision(
        fact=fact.CommentPosted(proposal=proposal.id, coop=coop.id, text=command.text, reply_to=command.reply_to)
    )


def challenge(state: State, command: asked.Challenge, actor: MandateId, at: Instant) -> Decision:
    """A challenge of a carried decision that waits to take effect; enough of them make it need confirming."""
    proposal = at_stage(state, command.proposal, "waiting")
    coop = taking_part(state, proposal, actor, at)
    shares = [pinned.rule.challenge for pinned in proposal.pinned]
    given = [share for share in shares if share is not None]
    if not given:
        raise WrongStage(f"The rule on {proposal.id} knows no challenge. Propose to change the decision instead.")
    if proposal.confirmed:
        raise WrongStage(f"{proposal.id} has been confirmed by a second vote and cannot be challenged again.")
    if coop.id in proposal.challengers:
        raise AlreadyDone(f"{coop.name} has challenged {proposal.id} already.")
    met = reaches(len(proposal.challengers) + 1, min(given), proposal.heads)
    return Decision(fact=fact.DecisionChallenged(proposal=proposal.id, coop=coop.id, reason=command.reason, met=met))


def _check_written_on(proposal: Proposal, amendment: Amendment) -> None:
    if amendment.on != proposal.text:
        raise AmendmentTextOutdated(
            f"The text of {proposal.id} has changed since {amendment.id} was written. Suggest it again on the text as it is now."
        )


def _next_amendment(proposal: Proposal) -> AmendmentId:
    return AmendmentId(f"{proposal.id}.a{len(proposal.amendments) + 1}")


def _check_same_course(before: Effect, after: Effect) -> None:
    if (
        type(before) is not type(after)
        or concerned_by(before) != concerned_by(after)
        or getattr(before, "narrowing", None) != getattr(after, "narrowing", None)
    ):
        raise EffectInvalid(
            "An amendment keeps the kind of the proposal and the coop it is about. Bring another proposal."
        )
