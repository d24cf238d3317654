"""Deciding the steps that fall due by themselves. Each becomes exactly one fact, whoever's timer asked for it."""

from collections.abc import Callable
from typing import Final

from governance.charter import AmendmentInvalid, AmendmentOutdated, amended
from governance.commands.polls import TakeStep
from governance.course import (
    amendment_of,
    changed_since,
    count_poll,
    judged_by,
    next_poll,
    pinned_for,
    voting_period,
)
from governance.deciding.decision import Decision
from governance.deciding.effects import check_effect
from governance.deciding.founding import next_coop
from governance.effect import (
    Admit,
    AmendCharter,
    ChangeRules,
    Effect,
    Membership,
    Ratify,
    Resolve,
    SetRule,
    StrikeRule,
    text_of,
)
from governance.electorate import ElectorateEmpty
from governance.errors import Refusal
from governance.facts import polls, proposals
from governance.facts.register import StewardRestored
from governance.ids import FEDERATION, AmendmentId, CoopId, MandateId, PollId, ProposalId, TextHash
from governance.instants import Instant, later
from governance.mandate import NoMandate
from governance.poll import Poll, Purpose, rule_label
from governance.proposal import LapseReason, Proposal
from governance.revealing import TextMissing, contents_of
from governance.rulebook import LockOut, RuleOutdated, apply_changes, rule_for
from governance.state import State, Step, StepKind


class StepNotDue(Refusal):
    """This step is not the next one that is due."""

    code = "step_not_due"


def take_step(state: State, command: TakeStep, actor: MandateId, at: Instant) -> Decision:
    """The fact of the next step that is due; only the federation itself takes it.

    Raises:
        NoMandate: anybody else asks.
        StepNotDue: there is none, or another comes first.
        TextMissing: an enactment without the texts it reveals.
    """
    if actor != FEDERATION:
        raise NoMandate("What falls due by itself is done by the federation, not by a person.")
    step = command.step
    if state.due_step(at) != step:
        raise StepNotDue(f"{step.kind} of {step.subject} at {step.due} is not the next step that is due.")
    match step.kind:
        case "open_poll":
            return _open(state, step, at)
        case "open_amendment_poll":
            return _open_amendment(state, step, at)
        case "enact":
            return _enact(state, step, command, at)
        case _:
            return _PLAIN[step.kind](state, step)


def reason_for(refusal: Refusal) -> LapseReason:
    """Why a proposal lapses whose effect is refused."""
    if isinstance(refusal, AmendmentOutdated | AmendmentInvalid | RuleOutdated):
        return "conflict"
    return "lock_out" if isinstance(refusal, LockOut) else "impossible"


def _open(state: State, step: Step, at: Instant) -> Decision:
    proposal = _proposal(state, step)
    if any(TextHash(text) in state.redacted for text in text_of(proposal.effect)):
        return _lapsed(proposal, "redacted", step)
    try:
        check_effect(state, proposal.effect, at, proposal.id)
    except Refusal as refusal:
        return _lapsed(proposal, reason_for(refusal), step)
    try:
        return _opening(state, proposal, proposal.purpose, proposal.call + 1, step, at)
    except ElectorateEmpty:
        return _lapsed(proposal, "no_electorate", step)


def _open_amendment(state: State, step: Step, at: Instant) -> Decision:
    proposal = _proposal(state, step)
    try:
        return _opening(state, proposal, "amendment", 1, step, at, AmendmentId(step.subject))
    except ElectorateEmpty:
        return _lapsed(proposal, "no_electorate", step)


def _opening(
    state: State,
    proposal: Proposal,
    purpose: Purpose,
    call: int,
    step: Step,
    at: Instant,
    amendment: AmendmentId | None = None,
) -> Decision:
    pinned = pinned_for(state, proposal, purpose)
    judged = judged_by(state, pinned, proposal, purpose, call, at)
    text = proposal.text if amendment is None else amendment_of(proposal, amendment).text
    fact = polls.PollOpened(
        poll=next_poll(proposal),
        proposal=proposal.id,
        purpose=purpose,
        amendment=amendment,
        call=call,
        text=text,
        rule=rule_label(pinned),
        rolls=tuple(
            polls.RollTaken(
                matter=each.pinned.matter, version=each.pinned.version, electorate=each.roll.hash, heads=each.roll.heads
            )
            for each in judged
        ),
        closes=later(at, voting_period(pinned, purpose)),
        due=step.due,
    )
    blobs = {each.roll.hash: each.roll.blob for each in judged}
    return Decision(fact=fact, blobs=tuple(blobs.values()))


def _extend(state: State, step: Step) -> Decision:
    poll = _poll(state, step)
    return Decision(fact=polls.PollExtended(poll=poll.id, closes=later(step.due, poll.extension), due=step.due))


def _close(state: State, step: Step) -> Decision:
    poll = _poll(state, step)
    status, counts = count_poll(state, poll)
    return Decision(
        fact=polls.PollClosed(
            poll=poll.id,
            proposal=poll.proposal,
            status=status,
            counts=counts,
            changed=changed_since(state, poll),
            due=step.due,
        )
    )


def _enact(state: State, step: Step, command: TakeStep, at: Instant) -> Decision:
    proposal = _proposal(state, step)
    if any(TextHash(text) in state.redacted for text in text_of(proposal.effect)):
        return _lapsed(proposal, "redacted", step)
    try:
        if not isinstance(proposal.effect, Resolve):
            check_effect(state, proposal.effect, at, proposal.id)
        if command.texts is None and isinstance(proposal.effect, AmendCharter):
            return _lapsed(proposal, "text_invalid", step)
        result = _result(state, proposal.effect, command)
    except TextMissing:
        raise
    except Refusal as refusal:
        return _lapsed(proposal, reason_for(refusal), step)
    return Decision(fact=proposals.ProposalEnacted(proposal=proposal.id, result=result, due=step.due))


def _result(state: State, effect: Effect, command: TakeStep) -> proposals.Result:
    match effect:
        case Resolve():
            return proposals.ResolutionInForce(number=state.last_resolution + 1)
        case Ratify():
            return proposals.FoundingRatified()
        case Admit(coop=coop):
            return proposals.CoopAdmitted(coop=coop or next_coop(state))
        case AmendCharter(base=base, operations=operations):
            texts = command.texts or ()
            after = amended(state.charter, base, operations, contents_of(effect, texts))
            return proposals.CharterAmended(version=after.version, texts=texts)
        case ChangeRules():
            return proposals.RulesChanged(rules=_versions(state, effect))
        case _:
            return proposals.RegisterChanged(coop=_concerned(effect))


def _concerned(effect: Membership) -> CoopId:
    return effect.coop


def _versions(state: State, effect: ChangeRules) -> tuple[proposals.RuleVersion, ...]:
    after = state.overlay()
    apply_changes(after, effect)
    versions = []
    for change in effect.changes:
        if isinstance(change, SetRule):
            matter = change.rule.matter
            versions.append(proposals.RuleVersion(matter=matter, version=rule_for(after, matter).version))
        elif isinstance(change, StrikeRule):
            versions.append(proposals.RuleVersion(matter=change.matter, version=None))
    return tuple(versions)


def _lapse(state: State, step: Step) -> Decision:
    proposal = _proposal(state, step)
    return _lapsed(proposal, "no_support" if proposal.provisional_until is None else "not_ratified", step)


def _restore(state: State, step: Step) -> Decision:
    restoration = state.restorations.get(CoopId(step.subject))
    if restoration is None or restoration.steward is None:
        raise StepNotDue("Nobody is restoring a steward there.")
    return Decision(fact=StewardRestored(coop=CoopId(step.subject), steward=restoration.steward, due=step.due))


def _lapsed(proposal: Proposal, reason: LapseReason, step: Step) -> Decision:
    return Decision(fact=proposals.ProposalLapsed(proposal=proposal.id, reason=reason, due=step.due))


def _proposal(state: State, step: Step) -> Proposal:
    proposal = state.proposals.get(ProposalId(step.subject.partition(".")[0]))
    if proposal is None:
        raise StepNotDue("There is no such proposal.")
    return proposal


def _review(state: State, step: Step) -> Decision:
    return Decision(fact=proposals.ReviewDue(proposal=_proposal(state, step).id, due=step.due))


def _poll(state: State, step: Step) -> Poll:
    poll = state.polls.get(PollId(step.subject))
    if poll is None:
        raise StepNotDue("There is no such open vote.")
    return poll


_PLAIN: Final[dict[StepKind, Callable[[State, Step], Decision]]] = {
    "extend_poll": _extend,
    "close_poll": _close,
    "restore_steward": _restore,
    "lapse": _lapse,
    "review": _review,
}
