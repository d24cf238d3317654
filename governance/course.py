"""The course of a vote: what a poll is opened with, how it stands, and how it is counted. One home for decider and fold."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from fractions import Fraction
from functools import reduce
from operator import or_
from typing import Final

from governance.counting.scales import count
from governance.counting.tally import Choice, total
from governance.effect import Effect, concerned_by
from governance.electorate import ElectorateEmpty, Roll
from governance.facts.polls import Counted, PollOpened
from governance.finding import evaluate
from governance.ids import AmendmentId, CoopId, PollId
from governance.instants import Instant, later
from governance.outcome import Outcome, Status, judge
from governance.poll import Judged, PinnedRule, Poll, Purpose
from governance.proposal import Amendment, Proposal
from governance.requirement import MEASURES, Requirement
from governance.rulebook import amendment_rules, rules_for
from governance.state import State

COUNTING: Final = "yes_no_abstain/1"
"""The counting rule and its version, as results name it."""
_NOTHING: Final = Fraction(0)
_FIRST_THAT_COUNTS: Final[tuple[Status, ...]] = ("rejected", "tied", "no_quorum", "carried")


def pinned_for(state: State, proposal: Proposal, purpose: Purpose) -> tuple[PinnedRule, ...]:
    """The rules of the next poll: those in force for the first call, and the pinned ones from then on."""
    if purpose == "amendment":
        return amendment_rules(state)
    return proposal.pinned or rules_for(state, proposal.effect)


def judged_by(
    state: State, pinned: tuple[PinnedRule, ...], proposal: Proposal, purpose: Purpose, call: int, at: Instant
) -> tuple[Judged, ...]:
    """Each rule of a poll that opens at an instant, with its roll and what this call asks for.

    Raises:
        ElectorateEmpty: under one of the rules nobody could vote.
    """
    return tuple(
        Judged(
            pinned=rule,
            roll=_roll(state, rule, concerned_by(proposal.effect), at),
            quorum=quorum_asked(rule, purpose, call),
            majority=majority_asked(rule, purpose),
        )
        for rule in pinned
    )


def rolls_now(state: State, rules: tuple[PinnedRule, ...], effect: Effect, at: Instant) -> tuple[Roll, ...]:
    """The rolls that a vote on an effect would have under each of these rules now, less those on which nobody would be."""
    rolls = []
    for rule in rules:
        with suppress(ElectorateEmpty):
            rolls.append(_roll(state, rule, concerned_by(effect), at))
    return tuple(rolls)


def _roll(state: State, pinned: PinnedRule, concerned: CoopId | None, at: Instant) -> Roll:
    return state.recent_rolls.take(tuple(state.coops.values()), pinned.rule, at, concerned)


def quorum_asked(pinned: PinnedRule, purpose: Purpose, call: int) -> tuple[Requirement, ...]:
    """What has to take part. A rule with fewer calls than another of the same poll keeps asking for its last."""
    if purpose == "confirmation" and pinned.rule.confirmation is not None:
        return pinned.rule.confirmation.quorum
    return pinned.rule.calls[min(call, len(pinned.rule.calls)) - 1].quorum


def majority_asked(pinned: PinnedRule, purpose: Purpose) -> tuple[Requirement, ...]:
    """What has to agree."""
    if purpose == "confirmation" and pinned.rule.confirmation is not None:
        return pinned.rule.confirmation.majority
    return pinned.rule.majority


def voting_period(pinned: tuple[PinnedRule, ...], purpose: Purpose) -> timedelta:
    """How long a poll is open: the longest that any of its rules gives."""
    return max(
        rule.rule.confirmation.voting
        if purpose == "confirmation" and rule.rule.confirmation is not None
        else rule.rule.voting
        for rule in pinned
    )


def poll_opened(fact: PollOpened, judged: tuple[Judged, ...], opened: Instant) -> Poll:
    """The poll that an opening starts."""
    rules = [each.pinned.rule for each in judged]
    return Poll(
        id=fact.poll,
        proposal=fact.proposal,
        purpose=fact.purpose,
        amendment=fact.amendment,
        call=fact.call,
        text=fact.text,  # type: ignore[arg-type]  # a TextHash by its pattern
        rule=fact.rule,
        opened=opened,
        closes=fact.closes,
        judged=judged,
        voters=reduce(or_, (each.roll.coops for each in judged)),
        final=any(rule.revoting == "final" for rule in rules),
        blocks=any(rule.blocks for rule in rules),
        early_close=all(rule.early_close for rule in rules),
        extension=max(rule.extension for rule in rules),
    )


def ballots_in(state: State, poll: Poll) -> dict[CoopId, Choice]:
    """The ballots in force in an open poll, by coop."""
    return {coop: ballot.choice for coop, ballot in state.ballots.of(poll.id).items()}


def changed_since(state: State, poll: Poll) -> tuple[CoopId, ...]:
    """The coops on a poll's roll that are no members any more, in order of their number."""
    left = [coop.id for coop in state.coops.values() if coop.status != "member" and coop.id in poll.voters]
    return tuple(sorted(left, key=lambda coop: int(coop[1:])))


def outcome_of(state: State, poll: Poll, judged: Judged, without: Iterable[CoopId] = ()) -> Outcome:
    """How an open poll stands under one of its rules, leaving out what the coops `without` cast."""
    ballots = ballots_in(state, poll)
    for coop in without:
        ballots.pop(coop, None)
    roll, excluded = judged.roll, excluded_from(state, poll, judged)
    if not excluded and len(roll.voters) == len(poll.voters):
        return judge(roll.scales.count(ballots), judged.quorum, judged.majority)  # type: ignore[arg-type]  # a CoopId is a voter's id
    voters = {coop: voter for coop, voter in roll.voters.items() if coop not in excluded}
    cast = {coop: choice for coop, choice in ballots.items() if coop in voters}
    if not voters:
        return judge(total((), entitled=dict.fromkeys(MEASURES, _NOTHING)), judged.quorum, judged.majority)
    return judge(count(voters.values(), cast), judged.quorum, judged.majority)  # type: ignore[arg-type]  # likewise


def excluded_from(state: State, poll: Poll, judged: Judged) -> tuple[CoopId, ...]:
    """The coops whose entitlement ended while the poll was open, where the rule says that it does."""
    if judged.pinned.rule.meanwhile == "stands":
        return ()
    return tuple(coop for coop in changed_since(state, poll) if coop in judged.roll.voters)


def count_poll(state: State, poll: Poll) -> tuple[Status, tuple[Counted, ...]]:
    """The count of a poll under each of its rules; it is carried only if it is carried under all.

    Otherwise the status is the first of rejected, tied and no quorum that any of the rules gives: what one rule has
    rejected gets no second chance because another lacked its quorum.
    """
    counts = []
    for judged in poll.judged:
        outcome = outcome_of(state, poll, judged)
        counts.append(
            Counted(
                matter=judged.pinned.matter,
                counting=COUNTING,
                status=outcome.status,
                sums=dict(outcome.tally.measures),
                no_show=outcome.no_show,
            )
        )
    found = {counted.status for counted in counts}
    return next(status for status in _FIRST_THAT_COUNTS if status in found), tuple(counts)


def quorum_holds(state: State, poll: Poll, without: Iterable[CoopId] = ()) -> bool:
    """Whether a poll has its quorum now under each of its rules, leaving out what the coops `without` cast."""
    left_out = tuple(without)
    for judged in poll.judged:
        tally = outcome_of(state, poll, judged, left_out).tally
        if not all(evaluate(requirement, tally, default="ballots").held for requirement in judged.quorum):
            return False
    return True


def extension_due(state: State, poll: Poll, coop: CoopId, at: Instant, first: bool) -> bool:  # noqa: FBT001 - a plain fact
    """Whether the ballot that a coop just cast completes the quorum so late that the poll is to be extended.

    It does if it is the coop's first in the poll, falls into the last stretch as long as the extension, the quorum holds with
    it and did not without it. A poll is extended once.
    """
    if poll.extended or not first or later(at, poll.extension) <= poll.closes:
        return False
    return quorum_holds(state, poll) and not quorum_holds(state, poll, (coop,))


def next_poll(proposal: Proposal) -> PollId:
    """The id of the next poll in the course of a proposal."""
    return PollId(f"{proposal.id}.v{proposal.polls + 1}")


def amendment_of(proposal: Proposal, amendment: AmendmentId) -> Amendment:
    """The amendment of a proposal with this id."""
    return next(one for one in proposal.amendments if one.id == amendment)
