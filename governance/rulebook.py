"""The rulebook: which rules a proposal falls under, and that no change of the rules locks the federation out."""

from datetime import timedelta
from fractions import Fraction
from typing import Final, assert_never

from governance.counting.scales import Voter
from governance.counting.tally import Choice
from governance.effect import ChangeRules, Effect, Resolve, SetOffice, SetProvisions, SetRule, StrikeRule
from governance.electorate import ElectorateEmpty, Roll
from governance.errors import Refusal
from governance.ids import CoopId, Matter
from governance.instants import Instant
from governance.mandate import check_office, office_digest
from governance.matter import AMENDMENT, KINDS, RULES, fallbacks, is_matter, matters_of
from governance.outcome import judge
from governance.poll import PinnedRule
from governance.proposal import Needs
from governance.provisions import ProvisionsInvalid, check_provisions
from governance.rule import Rule, check_built, check_rule
from governance.state import State

_LONGEST_COURSE: Final = timedelta(days=400)


class MatterUnknown(Refusal):
    """There is no such matter that a rule could be for."""

    code = "matter_unknown"


class RuleOutdated(Refusal):
    """The rule has changed since this change of it was written."""

    code = "rule_outdated"


class LockOut(Refusal):
    """Under these rules a decision could never be carried again, and the rules never be changed back."""

    code = "lock_out"


def rule_for(state: State, matter: Matter) -> PinnedRule:
    """The rule in force on a matter: its own, or else that of the nearest wider matter. Every kind has one."""
    return next(pinned for name in fallbacks(matter) if (pinned := state.rules.get(name)) is not None)


def rules_for(state: State, effect: Effect) -> tuple[PinnedRule, ...]:
    """Every rule that a proposal with this effect must satisfy, each once, in order of matter.

    A change of rules falls under the rule on rules *and* the present rule of each matter it changes (entrenchment), so that no
    rule can be weakened by an easier road than its own.
    """
    found = {(pinned := rule_for(state, matter)).matter: pinned for matter in _matters(state, effect)}
    return tuple(found[matter] for matter in sorted(found))


def _matters(state: State, effect: Effect) -> set[Matter]:
    """The matters of an effect and, where it supersedes resolutions, theirs: nothing falls by an easier road than it came."""
    matters = set(matters_of(effect))
    waiting = list(effect.supersedes) if isinstance(effect, Resolve) else []
    seen = set(waiting)
    while waiting:
        superseded = state.proposals.get(waiting.pop())
        if superseded is not None and isinstance(superseded.effect, Resolve):
            matters.update(matters_of(superseded.effect))
            waiting += [one for one in superseded.effect.supersedes if one not in seen]
            seen.update(superseded.effect.supersedes)
    return matters


def amendment_rules(state: State) -> tuple[PinnedRule, ...]:
    """The rule under which an amendment to a proposal's text is voted on."""
    return (rule_for(state, AMENDMENT),)


def needs_for(state: State, effect: Effect) -> Needs:
    """The support and notice that a proposal with this effect needs: the most that any of its rules asks for."""
    rules = [pinned.rule for pinned in rules_for(state, effect)]
    shares = [rule.requisition for rule in rules]
    return Needs(
        sponsors=max(rule.sponsors for rule in rules),
        seconders=max(rule.seconders for rule in rules),
        notice=max(rule.notice for rule in rules),
        requisition=max(share for share in shares if share is not None) if None not in shares else None,
    )


def check_changes(state: State, effect: ChangeRules) -> None:
    """Refuse a change of rules that is invalid on the rulebook in force.

    Raises:
        RuleOutdated: it was written on another version of a rule, of the provisions or of an office.
        MatterUnknown: a rule for a matter that cannot occur, or the striking of a rule that there is not or must be.
        Refusal: what `check_rule`, `check_built`, `check_provisions` and `check_office` refuse; `LockOut`.
    """
    if not 1 <= len(effect.changes) <= 50:  # noqa: PLR2004 - said in the message
        raise MatterUnknown("A change of the rules has between 1 and 50 parts.")
    changed: set[str] = set()
    after = state.overlay()
    for change in effect.changes:
        if (name := _name(change)) in changed:
            raise MatterUnknown(f"The same proposal changes {name} twice. Say it in one part.")
        changed.add(name)
        _check_base(state, change)
    apply_changes(after, effect)
    for change in effect.changes:
        if isinstance(change, SetOffice):
            check_office(change.office)
        elif isinstance(change, SetRule):
            check_new_rule(after, change.rule)
    if any(isinstance(change, SetProvisions) for change in effect.changes):
        check_provisions(after.provisions)
        for pinned in after.rules.values():
            check_rule(pinned.rule, after.provisions)
        _check_categories_in_use(after)


def _check_categories_in_use(state: State) -> None:
    for coop in state.coops.values():
        if coop.status != "former" and coop.category not in state.provisions.categories:
            raise ProvisionsInvalid(
                f"{coop.name} is in the category {coop.category!r}, which there would not be any more. Move it to another first."
            )


def check_new_rule(state: State, rule: Rule) -> None:
    """Refuse a rule that this federation could not have, lock-out aside.

    Raises:
        MatterUnknown: nothing could fall under it.
        Refusal: what `check_rule` and `check_built` refuse.
    """
    articles = tuple(article.id for article in state.charter.articles)
    if not is_matter(rule.matter, state.provisions.categories, articles):
        raise MatterUnknown(f"Nothing that is decided here falls under {rule.matter!r}. See the list of matters.")
    check_rule(rule, state.provisions)
    check_built(rule)


def apply_changes(state: State, effect: ChangeRules) -> None:
    """Write a change of rules into a state."""
    for change in effect.changes:
        match change:
            case SetRule(rule=rule):
                before = state.rules.get(rule.matter)
                version = before.version + 1 if before is not None else _next_version(state, rule.matter)
                state.rules.put(rule.matter, PinnedRule(matter=rule.matter, version=version, rule=rule))
            case StrikeRule(matter=matter, base=base):
                state.rules.remove(matter)
                state.struck_rules.put(matter, base)
            case SetProvisions(provisions=provisions):
                state.provisions = provisions
                state.provisions_version += 1
            case SetOffice(office=office):
                state.offices.put(office.id, office)
            case _:
                assert_never(change)


def check_no_lock_out(state: State, effect: ChangeRules, at: Instant) -> None:
    """Refuse changes after which some rule they touch could never carry anything again, on today's register.

    Each rule that would be set, and the rule on rules, must have an electorate with weight, carry when all vote yes, still
    carry when the coop that weighs most in any of its measures stays away, ask for fewer sponsors and seconders than there
    are coops, and end within 400 days.

    Raises:
        LockOut: one of these fails; the detail says which.
    """
    after = state.overlay()
    apply_changes(after, effect)
    check_can_carry(
        after, at, {change.rule.matter for change in effect.changes if isinstance(change, SetRule)} | {RULES}
    )


def check_can_carry(state: State, at: Instant, matters: set[Matter]) -> None:
    """Refuse a state in which the rules of these matters could not carry anything, whatever the coops want.

    Raises:
        LockOut: as `check_no_lock_out`.
    """
    for matter in sorted(matters):
        rule = rule_for(state, matter).rule
        try:
            roll = state.recent_rolls.take(tuple(state.coops.values()), rule, at, None)
        except ElectorateEmpty as empty:
            raise LockOut(f"Nobody could vote on {matter}: {empty.detail}") from None
        if rule.sponsors + rule.seconders > roll.heads - 1:
            raise LockOut(
                f"A proposal on {matter} would need {rule.sponsors + rule.seconders} coops behind it; "
                f"with {roll.heads} entitled, at most {roll.heads - 1} can be asked for."
            )
        if rule.notice + rule.voting + rule.waiting > _LONGEST_COURSE:
            raise LockOut(f"A decision on {matter} would take over 400 days. Shorten its periods.")
        _check_unanimity(rule, roll)


def _check_unanimity(rule: Rule, roll: Roll) -> None:
    # The last call decides: it is reached where an earlier quorum fails, and it is what a rule with fewer calls than another of
    # the same vote goes on asking for. So rules that pass one by one cannot block each other together.
    rounds = [(rule.calls[-1].quorum, rule.majority)]
    if rule.confirmation is not None:
        rounds.append((rule.confirmation.quorum, rule.confirmation.majority))
    for quorum, majority in rounds:
        for absent in (None, *_largest(roll)):
            ballots: dict[str, Choice] = {coop: "yes" for coop in roll.voters if coop != absent}
            outcome = judge(roll.scales.count(ballots), quorum, majority)
            if outcome.status != "carried":
                who = "all coops" if absent is None else f"all coops but {absent}"
                raise LockOut(f"On {rule.matter}, a proposal for which {who} vote yes would not be carried.")


def _largest(roll: Roll) -> tuple[CoopId, ...]:
    """In each measure the coop that weighs most; for countries, one that is alone in its country."""
    found = set()
    for measure in ("coops", "weight", "cooperators"):
        found.add(max(roll.entries, key=lambda entry: (_weight(roll.voters[entry.coop], measure), entry.coop)).coop)
    by_country: dict[str, list[CoopId]] = {}
    for entry in roll.entries:
        by_country.setdefault(entry.country, []).append(entry.coop)
    alone = [coops[0] for coops in by_country.values() if len(coops) == 1]
    return tuple(sorted(found | set(alone[:1])))


def _weight(voter: Voter, measure: str) -> Fraction:
    return voter.measures[measure]


def _name(change: SetRule | StrikeRule | SetProvisions | SetOffice) -> str:
    match change:
        case SetRule(rule=rule):
            return rule.matter
        case StrikeRule(matter=matter):
            return matter
        case SetProvisions():
            return "the general provisions"
        case SetOffice(office=office):
            return f"the office {office.id}"
        case _:
            assert_never(change)


def _check_base(state: State, change: SetRule | StrikeRule | SetProvisions | SetOffice) -> None:
    match change:
        case SetRule(rule=Rule(matter=matter), base=base) | StrikeRule(matter=matter, base=base):
            present = state.rules.get(matter)
            # After a rule was struck its version still counts: nothing written before that can come back.
            version = present.version if present is not None else state.struck_rules.get(matter)
            if present is None and isinstance(change, StrikeRule):
                raise MatterUnknown(f"There is no rule on {matter!r} to strike.")
            if isinstance(change, StrikeRule) and matter in KINDS:
                raise MatterUnknown(f"{matter!r} must keep a rule. Set another one instead.")
            if base != version:
                raise RuleOutdated(
                    f"The rule on {matter} is in version {version}, not {base}. Write the change on that."
                )
        case SetProvisions(base=base):
            if base != state.provisions_version:
                raise RuleOutdated(
                    f"The general provisions are in version {state.provisions_version}, not {base}. Write the change on that."
                )
        case SetOffice(office=office, base=base):
            held = state.offices.get(office.id)
            if base != (office_digest(held) if held is not None else None):
                raise RuleOutdated(
                    f"The office {office.id} is not the one that this change was written on. Look at it and write it anew."
                )
        case _:
            assert_never(change)


def _next_version(state: State, matter: Matter) -> int:
    return (state.struck_rules.get(matter) or 0) + 1
