"""A decision rule: who may vote, with which weight, how, when, and what carries. Data, readable by people."""

import re
from datetime import timedelta
from fractions import Fraction
from typing import Final, Literal

from governance.canonical import encode
from governance.counting.weighting import Weighting, check_weighting
from governance.errors import Refusal
from governance.ids import Matter
from governance.provisions import Provisions
from governance.requirement import Requirement, check_majority, check_quorum
from governance.value import Value

NOTHING: Final = timedelta()
ROUTINE: Final = Matter("resolution.routine")
URGENT: Final = Matter("resolution.urgent")
LONGEST: Final = timedelta(days=400)
_DIGITS: Final = 12
_LONG: Final = re.compile(rb"[0-9]{13}")
_SMALLEST_CAP: Final = Fraction(1, 50)
_MOST_CALLS: Final = 5
_MOST_REQUIREMENTS: Final = 20
_MOST_SUPPORT: Final = 1000


class RuleInvalid(Refusal):
    """This decision rule contradicts itself or asks for something impossible."""

    code = "rule_invalid"


class NotBuilt(Refusal):
    """This part of the rules is described but not built yet, so it is refused rather than ignored."""

    code = "not_built"


class Entitled(Value):
    """Which member coops may vote: their categories, whether only in good standing, and for how long already members."""

    categories: tuple[str, ...] = ("full",)
    good_standing: bool = True
    member_for: timedelta = NOTHING


class Call(Value):
    """One call of a poll: what must take part, and how long after the failed call before it opens."""

    quorum: tuple[Requirement, ...] = ()
    after: timedelta = NOTHING


class Confirmation(Value):
    """A later poll, `after` the first was carried, with its own requirements."""

    majority: tuple[Requirement, ...]
    after: timedelta
    voting: timedelta
    quorum: tuple[Requirement, ...] = ()


class Rule(Value):
    """How one matter is decided.

    `notice` runs from the last change of the text, and from when support is complete, until voting opens; `voting` is how long
    a poll is open, `waiting` the time between carrying and taking effect. `extension` keeps a poll open for that long after a
    ballot that completed the quorum in the last stretch of the same length, once. `requisition` is the share of entitled
    coops that can have a proposal voted on without its sponsors and seconders, `challenge` the share that, in the waiting
    period, makes a decision need confirming. `provisional`: an office may put the decision into force at once; it lapses
    unless carried within that time. `liftable`: any entitled coop can take the matter to the ordinary rule of its kind.
    `meanwhile` says whether a coop that is suspended or leaves while a poll is open keeps the vote it had at opening.
    """

    matter: Matter
    entitled: Entitled
    calls: tuple[Call, ...]
    majority: tuple[Requirement, ...]
    notice: timedelta
    voting: timedelta
    waiting: timedelta = NOTHING
    weighting: Weighting = Weighting()
    method: Literal["yes_no_abstain"] = "yes_no_abstain"
    blocks: bool = False
    confirmation: Confirmation | None = None
    extension: timedelta = NOTHING
    revoting: Literal["until_close", "final"] = "until_close"
    early_close: bool = False
    secrecy: Literal["open", "sealed", "detached", "secret"] = "open"
    tie: Literal["does_not_carry"] = "does_not_carry"
    meanwhile: Literal["stands", "excluded"] = "stands"
    sponsors: int = 1
    seconders: int = 0
    requisition: Fraction | None = None
    challenge: Fraction | None = None
    provisional: timedelta | None = None
    liftable: bool = False
    venue: Literal["online", "assembly"] = "online"

    @property
    def assembled(self) -> bool:
        """Whether votes under this rule are taken in an assembly, where coops can be present."""
        return self.venue == "assembly"


def check_rule(rule: Rule, provisions: Provisions) -> None:
    """Refuse a rule that contradicts itself, whatever federation it is for.

    Raises:
        RuleInvalid: periods, categories, calls, support or shares that cannot work.
        Refusal: what `check_quorum`, `check_majority` and `check_weighting` refuse.
    """
    _check_entitled(rule, provisions)
    _check_periods(rule)
    _check_short(rule)
    check_weighting(rule.weighting)
    if not 1 <= len(rule.calls) <= _MOST_CALLS:
        raise RuleInvalid(f"The rule on {rule.matter} needs between 1 and {_MOST_CALLS} calls.")
    if rule.calls[0].after:
        raise RuleInvalid(f"The first call on {rule.matter} has nothing to wait for. Leave its wait out.")
    quorums = [call.quorum for call in rule.calls]
    majorities = [rule.majority]
    if rule.confirmation is not None:
        quorums.append(rule.confirmation.quorum)
        majorities.append(rule.confirmation.majority)
    for quorum in quorums:
        _check_number(rule, quorum)
        check_quorum(quorum, assembly=rule.assembled)
    for majority in majorities:
        _check_number(rule, majority)
        check_majority(majority, blocks=rule.blocks, assembly=rule.assembled)
    for share in (rule.requisition, rule.challenge):
        if share is not None and not 0 < share <= 1:
            raise RuleInvalid(f"A share of coops in the rule on {rule.matter} is above 0 and at most 1.")
    if not (1 <= rule.sponsors <= _MOST_SUPPORT and 0 <= rule.seconders <= _MOST_SUPPORT):
        raise RuleInvalid(f"A proposal on {rule.matter} needs at least one sponsor; seconders are none or more.")
    if rule.early_close and rule.revoting != "final":
        raise RuleInvalid(f"Voting on {rule.matter} can close early only where a ballot once cast is final.")
    _check_used(rule)


def _check_used(rule: Rule) -> None:
    """Refuse what would be accepted and then have no effect, or another one than it says."""
    if rule.liftable and rule.matter != ROUTINE:
        raise RuleInvalid(f"Only {ROUTINE} can be lifted to the ordinary rule. Leave liftable out on {rule.matter}.")
    if (rule.provisional is not None) != (rule.matter == URGENT):
        raise RuleInvalid(
            f"A rule on {URGENT}, and no other, says how long a decision is provisional. Correct {rule.matter}."
        )
    if rule.challenge is not None and (not rule.waiting or rule.confirmation is not None):
        raise RuleInvalid(
            f"A decision on {rule.matter} can be challenged only in a waiting period, and not where it is confirmed anyway. "
            "Leave challenge out, or give a waiting period and no confirmation."
        )
    if rule.early_close and rule.meanwhile == "excluded":
        raise RuleInvalid(
            f"Voting on {rule.matter} cannot close early where coops that leave meanwhile are not counted."
        )
    if rule.extension and all(not call.quorum for call in rule.calls):
        raise RuleInvalid(f"Voting on {rule.matter} has no quorum that could come late. Leave the extension out.")
    if any(not call.quorum for call in rule.calls[:-1]):
        raise RuleInvalid(
            f"A call on {rule.matter} without quorum always has one, so no further call follows. Make it the last."
        )


def check_built(rule: Rule) -> None:
    """Refuse what the model can express and this version cannot carry out.

    Raises:
        NotBuilt: a secrecy other than open, or votes in an assembly.
    """
    if rule.secrecy != "open":
        raise NotBuilt(f"Ballots that are {rule.secrecy} are not built yet. Use open ballots on {rule.matter}.")
    if rule.assembled:
        raise NotBuilt(f"Votes in an assembly are not built yet. Let {rule.matter} be voted on online.")


def _check_entitled(rule: Rule, provisions: Provisions) -> None:
    named = [*rule.entitled.categories, *(entry.category for entry in rule.weighting.categories)]
    named += [category for ceiling in rule.weighting.ceilings for category in ceiling.categories]
    named += [category for floor in rule.weighting.floors for category in floor.categories]
    for category in named:
        if category not in provisions.categories:
            raise RuleInvalid(f"The rule on {rule.matter} names the category {category!r}, which there is not.")
    if not rule.entitled.categories or len(set(rule.entitled.categories)) != len(rule.entitled.categories):
        raise RuleInvalid(f"Name at least one category that votes on {rule.matter}, and each only once.")


def _check_periods(rule: Rule) -> None:
    periods = [
        rule.notice,
        rule.voting,
        rule.waiting,
        rule.extension,
        rule.entitled.member_for,
        rule.provisional or NOTHING,
    ]
    periods += [call.after for call in rule.calls]
    if rule.confirmation is not None:
        periods += [rule.confirmation.after, rule.confirmation.voting]
        if not rule.confirmation.voting:
            raise RuleInvalid(f"The confirmation of {rule.matter} needs a voting period.")
    if any(not NOTHING <= period <= LONGEST or period % timedelta(minutes=1) for period in periods):
        raise RuleInvalid(f"Each period of the rule on {rule.matter} is whole minutes, at most 400 days.")
    if not rule.voting:
        raise RuleInvalid(f"The rule on {rule.matter} needs a voting period.")
    if rule.extension > rule.voting:
        raise RuleInvalid(f"The extension on {rule.matter} is longer than the voting itself.")
    if rule.provisional is not None and rule.provisional < rule.notice + rule.voting:
        raise RuleInvalid(f"A provisional decision on {rule.matter} would lapse before its vote can end.")


def _check_short(rule: Rule) -> None:
    """Every number of a rule is short, so that no weight or sum made of it can become too long for the log."""
    if _LONG.search(encode(rule)):
        raise RuleInvalid(f"A number in the rule on {rule.matter} has over {_DIGITS} digits. Use a simpler fraction.")
    share = rule.weighting.country_cap_share
    if share is not None and share < _SMALLEST_CAP:
        raise RuleInvalid(f"The cap for a country in the rule on {rule.matter} is below 1/50 of the votes. Raise it.")


def _check_number(rule: Rule, requirements: tuple[Requirement, ...]) -> None:
    if len(requirements) > _MOST_REQUIREMENTS:
        raise RuleInvalid(f"The rule on {rule.matter} has over {_MOST_REQUIREMENTS} requirements in one list.")
