"""What a vote is judged by and how it came out: the pinned rules, the rolls, the counts, as data and in words.

What was decided is in the log. The explanation is made here from that, by the same code that counted.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from msgspec.structs import replace

from app.services.reading.rulebook import RuleView, rules_pinned
from app.store.log_reading import Run, blob
from governance.canonical import decoder_for
from governance.counting.tally import Choice, Sums, Tally
from governance.course import majority_asked, quorum_asked
from governance.electorate import Entry, roll_of
from governance.facts.polls import Counted, RollTaken
from governance.finding import Finding
from governance.ids import BlobHash, Matter
from governance.log.blob import open_electorate
from governance.outcome import Outcome, Status, judge
from governance.poll import PinnedRule, Purpose
from governance.requirement import Requirement
from governance.value import Value
from governance.words import majority_words, outcome_words, quorum_words

_read_rolls: Final = decoder_for(tuple[RollTaken, ...])
_read_counts: Final = decoder_for(tuple[Counted, ...])
_read_entries: Final = decoder_for(tuple[Entry, ...])


class TurnoutView(Value):
    """How much took part so far, in one measure: exact sums of the ballots in force and of all who are entitled."""

    ballots: Fraction
    entitled: Fraction


class JudgedView(Value):
    """A rule that the vote is judged by, pinned when it opened, with the roll that it gave and what this call asks for.

    `electorate` is the hash of the roll, `heads` how many coops are on it. `quorum` and `majority` are requirements as data;
    all of both must hold. Their words name the whole numbers needed of this roll. `turnout` is by measure.
    """

    rule: RuleView
    electorate: BlobHash
    heads: int
    quorum: tuple[Requirement, ...]
    majority: tuple[Requirement, ...]
    quorum_words: str
    majority_words: str
    turnout: dict[str, TurnoutView]


class CountView(Value):
    """The count under one rule, with its whole explanation: each requirement with what it came to.

    `sums` are by measure, exact. `counting` names the counting rule. `no_show`: had all who voted no stayed away, it would
    not have been carried.
    """

    matter: Matter
    counting: str
    status: Status
    no_show: bool
    sums: dict[str, Sums]
    quorum: tuple[Finding, ...]
    majority: tuple[Finding, ...]
    words: str


class RollView(Value):
    """An electorate, frozen when the vote opened: each coop with the facts that counted and the weight made of them."""

    matter: Matter
    version: int
    electorate: BlobHash
    entries: tuple[Entry, ...]


def rolls_in(row: Mapping[str, Any]) -> tuple[RollTaken, ...]:
    """The rolls that a vote's row names."""
    return _read_rolls(row["rolls"].encode())


async def read_rolls(run: Run, row: Mapping[str, Any]) -> tuple[RollView, ...]:
    """The rolls of a vote, opened."""
    return tuple(
        [
            RollView(
                matter=roll.matter,
                version=roll.version,
                electorate=BlobHash(roll.electorate),
                entries=await _entries(run, roll.electorate),
            )
            for roll in rolls_in(row)
        ]
    )


async def read_judged(run: Run, row: Mapping[str, Any], ballots: Mapping[str, Choice]) -> tuple[JudgedView, ...]:
    """The rules that a vote is judged by, with the turnout that its ballots in force make."""
    rolls = rolls_in(row)
    rules = await rules_pinned(run, [(roll.matter, roll.version) for roll in rolls])
    found = []
    for roll in rolls:
        rule = rules[roll.matter, roll.version]
        quorum, majority = _asked(rule, row)
        entries = await _entries(run, roll.electorate)
        tally = _tally(entries, ballots)
        entitled = {measure: sums.entitled for measure, sums in tally.measures.items()}
        found.append(
            JudgedView(
                rule=rule,
                electorate=BlobHash(roll.electorate),
                heads=roll.heads,
                quorum=quorum,
                majority=majority,
                quorum_words=quorum_words(quorum, entitled),
                majority_words=majority_words(majority, entitled),
                turnout={
                    measure: TurnoutView(ballots=sums.ballots, entitled=sums.entitled)
                    for measure, sums in tally.measures.items()
                },
            )
        )
    return tuple(found)


def read_counts(row: Mapping[str, Any], judged: tuple[JudgedView, ...]) -> tuple[CountView, ...]:
    """The counts that were recorded when a vote closed, explained; none where it did not close with a count."""
    if row["counts"] is None:
        return ()
    return tuple(
        _count(counted, each) for counted, each in zip(_read_counts(row["counts"].encode()), judged, strict=True)
    )


def _count(counted: Counted, judged: JudgedView) -> CountView:
    outcome = _explained(counted, judged)
    return CountView(
        matter=counted.matter,
        counting=counted.counting,
        status=outcome.status,
        no_show=outcome.no_show,
        sums=dict(outcome.tally.measures),
        quorum=outcome.quorum,
        majority=outcome.majority,
        words=outcome_words(outcome),
    )


def _explained(counted: Counted, judged: JudgedView) -> Outcome:
    outcome = judge(Tally(by_country={}, measures=counted.sums), judged.quorum, judged.majority)
    # Whether a no completed the quorum cannot be seen from the sums alone: by country they may not show it. The record says so.
    return replace(outcome, status=counted.status, no_show=counted.no_show)


def _asked(rule: RuleView, row: Mapping[str, Any]) -> tuple[tuple[Requirement, ...], tuple[Requirement, ...]]:
    pinned = PinnedRule(matter=rule.matter, version=rule.version, rule=rule.rule)
    purpose: Purpose = row["purpose"]
    return quorum_asked(pinned, purpose, row["call"]), majority_asked(pinned, purpose)


def _tally(entries: tuple[Entry, ...], ballots: Mapping[str, Choice]) -> Tally:
    roll = roll_of(entries)
    return roll.scales.count({coop: choice for coop, choice in ballots.items() if coop in roll.voters})


async def _entries(run: Run, electorate: str) -> tuple[Entry, ...]:
    data = await blob(run, electorate)
    if data is None:
        raise LookupError(electorate)
    return _read_entries(open_electorate(data))
