"""A whole decision rule in plain English, topic by topic, and what is different between two rules.

Wording is never logged and may always improve; the rule itself is data.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from fractions import Fraction
from math import ceil
from typing import Final, Literal, assert_never

from governance.exact import exact_text
from governance.requirement import HALF
from governance.rule import Rule
from governance.value import Value
from governance.words import majority_words, quorum_words, weighting_words

Topic = Literal[
    "who votes",
    "weight",
    "ballot",
    "support",
    "notice",
    "voting",
    "quorum",
    "majority",
    "confirmation",
    "effect",
    "road",
]
"""What a part of a rule is about, in the order in which a rule is told."""

_UNITS: Final = (
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
    ("second", timedelta(seconds=1)),
)
_ORDINALS: Final = ("first", "second", "third", "fourth", "fifth")
_NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class Difference(Value):
    """Where two rules say different things: the topic, and the sentences of each that the other does not have."""

    topic: Topic
    before: tuple[str, ...]
    after: tuple[str, ...]


def rule_words(rule: Rule, entitled: Mapping[str, Fraction] | None = None) -> tuple[str, ...]:
    """A rule as sentences; with the entitled by measure they name the whole numbers needed."""
    return tuple(sentence for _, sentences in _topics(rule, entitled or {}) for sentence in sentences)


def difference_words(before: Rule, after: Rule) -> tuple[Difference, ...]:
    """What changes in words from one rule to another, by topic; what both say is left out."""
    found = []
    for (topic, old), (_, new) in zip(_topics(before, {}), _topics(after, {}), strict=True):
        gone = tuple(sentence for sentence in old if sentence not in new)
        come = tuple(sentence for sentence in new if sentence not in old)
        if gone or come:
            found.append(Difference(topic=topic, before=gone, after=come))
    return tuple(found)


def duration_words(duration: timedelta) -> str:
    """A duration in days, hours, minutes and seconds: `14 days`, `1 hour and 30 minutes`, `no time`."""
    parts = []
    for unit, length in _UNITS:
        number, duration = divmod(duration, length)
        if number:
            parts.append(f"{number} {unit}" if number == 1 else f"{number} {unit}s")
    return _listed(parts) if parts else "no time"


def _topics(rule: Rule, entitled: Mapping[str, Fraction]) -> tuple[tuple[Topic, tuple[str, ...]], ...]:
    return (
        ("who votes", tuple(_who_votes(rule))),
        ("weight", (weighting_words(rule.weighting),)),
        ("ballot", tuple(_ballot(rule))),
        ("support", tuple(_support(rule, entitled))),
        ("notice", (_notice(rule),)),
        ("voting", tuple(_voting(rule))),
        ("quorum", tuple(_quorum(rule, entitled))),
        ("majority", tuple(_majority(rule, entitled))),
        ("confirmation", tuple(_confirmation(rule, entitled))),
        ("effect", tuple(_effect(rule, entitled))),
        ("road", tuple(_road(rule))),
    )


def _who_votes(rule: Rule) -> Iterator[str]:
    wanted = rule.entitled
    category = "category" if len(wanted.categories) == 1 else "categories"
    conditions = ["are in good standing"] if wanted.good_standing else []
    if wanted.member_for:
        conditions.append(f"have been members for at least {duration_words(wanted.member_for)}")
    only = f", if they {_listed(conditions)}" if conditions else ""
    yield f"The member coops of the {category} {_listed(wanted.categories)} vote{only}."
    if not wanted.good_standing:
        yield "A coop that is not in good standing votes too."
    if rule.matter.partition(".")[0] == "membership":
        yield "The coop concerned does not vote and is not counted in any base."
    match rule.meanwhile:
        case "stands":
            yield "A coop that is suspended or leaves while voting is open keeps the vote it had when voting opened."
        case "excluded":
            yield "A coop that is suspended or leaves while voting is open loses its vote, and its ballot is not counted."
        case _:
            assert_never(rule.meanwhile)


def _ballot(rule: Rule) -> Iterator[str]:
    yield "A ballot says yes, no or abstain" + (", or blocks and says why." if rule.blocks else ".")
    match rule.revoting:
        case "until_close":
            yield "A coop can change its ballot until voting closes."
        case "final":
            yield "A ballot once cast is final."
        case _:
            assert_never(rule.revoting)
    match rule.secrecy:
        case "open":
            yield "Ballots are open: it is seen how each coop voted."
        case "sealed":
            yield "Ballots are sealed: how each coop voted is seen when voting has closed."
        case "detached":
            yield "Ballots are detached: it is seen which coops voted, and which ballots were cast, not whose they are."
        case "secret":
            yield "Ballots are secret: nobody sees how a coop voted."
        case _:
            assert_never(rule.secrecy)


def _support(rule: Rule, entitled: Mapping[str, Fraction]) -> Iterator[str]:
    seconders = f" and {_coops(rule.seconders)} to second it" if rule.seconders else ""
    yield f"A proposal needs {_coops(rule.sponsors)} to bring it{seconders}."
    if rule.requisition is not None:
        yield f"It also comes to a vote when {_share(rule.requisition, entitled)} demand it."


def _notice(rule: Rule) -> str:
    start = "a proposal has its support and the last change of its text is made"
    if rule.notice:
        return f"Voting opens {duration_words(rule.notice)} after {start}."
    return f"Voting opens as soon as {start}."


def _voting(rule: Rule) -> Iterator[str]:
    match rule.venue:
        case "online":
            yield f"Voting is open for {duration_words(rule.voting)}."
        case "assembly":
            yield f"The vote is taken in an assembly, and is open for {duration_words(rule.voting)}."
        case _:
            assert_never(rule.venue)
    if rule.extension:
        stretch = duration_words(rule.extension)
        yield f"A ballot that completes the quorum in the last {stretch} keeps voting open for {stretch} more, once."
    if rule.early_close:
        yield "Voting closes early when the outcome cannot change any more."


def _quorum(rule: Rule, entitled: Mapping[str, Fraction]) -> Iterator[str]:
    first, *further = rule.calls
    yield quorum_words(first.quorum, entitled)
    for number, call in enumerate(further, 2):
        when = f"{duration_words(call.after)} later" if call.after else "at once"
        said = _lower(quorum_words(call.quorum, entitled))
        yield f"Without a quorum, voting opens a {_ORDINALS[number - 1]} time {when}. Then {said}"
    if rule.calls[-1].quorum:
        yield "Without a quorum" + (" in the last call, " if further else ", ") + "nothing is decided."


def _majority(rule: Rule, entitled: Mapping[str, Fraction]) -> Iterator[str]:
    yield majority_words(rule.majority, entitled)
    # Under any other share or number, equal numbers of yes and no are nothing special.
    plain = [each for requirement in rule.majority for each in requirement.any_of or (requirement,)]
    if any(each.counts in (None, "yes") and each.more_than == HALF for each in plain):
        match rule.tie:
            case "does_not_carry":
                yield "A tie does not carry."
            case _:
                assert_never(rule.tie)


def _confirmation(rule: Rule, entitled: Mapping[str, Fraction]) -> Iterator[str]:
    confirmation = rule.confirmation
    if confirmation is None:
        return
    when = f"{duration_words(confirmation.after)} later" if confirmation.after else "at once"
    yield (
        f"What was carried needs confirming: voting opens again {when}, for {duration_words(confirmation.voting)}, and it is "
        "given up unless that vote carries it too."
    )
    yield f"In the confirming vote, {_lower(quorum_words(confirmation.quorum, entitled))}"
    yield f"In the confirming vote, {_lower(majority_words(confirmation.majority, entitled))}"


def _effect(rule: Rule, entitled: Mapping[str, Fraction]) -> Iterator[str]:
    done = "carried" if rule.confirmation is None else "confirmed"
    when = f"{duration_words(rule.waiting)} after" if rule.waiting else "as soon as"
    yield f"A decision takes effect {when} it is {done}."
    if rule.challenge is not None:
        yield f"Until then, {_share(rule.challenge, entitled)} can challenge it; it then needs confirming by a second vote."


def _road(rule: Rule) -> Iterator[str]:
    if rule.provisional is not None:
        yield (
            "An office that may decide urgently can put it into force at once; it lapses unless carried within "
            f"{duration_words(rule.provisional)}."
        )
    if rule.liftable:
        yield "Any entitled coop can have it decided by the ordinary rule of its kind instead."


def _share(share: Fraction, entitled: Mapping[str, Fraction]) -> str:
    said = f"at least {exact_text(share)} of the entitled coops"
    coops = entitled.get("coops")
    return said if coops is None else f"{said} ({ceil(share * coops)} of {exact_text(coops)})"


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _coops(number: int) -> str:
    return f"{_NUMBERS[number] if number < len(_NUMBERS) else number} {'coop' if number == 1 else 'coops'}"


def _listed(items: Sequence[str]) -> str:
    *most, last = items
    return f"{', '.join(most)} and {last}" if most else last
