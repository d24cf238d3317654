"""How a vote went beside its count: further calls, a late extension, and what came later than planned (decisions 9 and 23)."""

from datetime import timedelta
from typing import Final

from app.services.reading.poll_lists import PollLine
from app.services.reading.timeline import HappenedView
from governance.instants import Instant, moment
from governance.rule_words import duration_words
from governance.value import Value

_NOTABLE: Final = timedelta(minutes=1)
"""A step that comes later than this after it was due is worth a sentence: then nobody was there to take it."""


class WentView(Value):
    """When a vote was to open and to close, and what of that came otherwise.

    `opening_due` is when it was to open; an opening that comes late gives the full period all the same. `closing_due` is when
    it was to close, or did. `extended_at` is when a late ballot moved the end, from `closes_first`. `earlier_calls` are the
    votes without quorum before this one. What a further call or an extension decided, one vote with the same ballots might
    not have decided: `words` say so.
    """

    opening_due: Instant
    closing_due: Instant
    closes_first: Instant
    extended_at: Instant | None
    opened_late: bool
    closed_late: bool
    closed_early: bool
    earlier_calls: tuple[str, ...]
    words: tuple[str, ...]


def how_it_went(poll: PollLine, others: tuple[PollLine, ...], happened: tuple[HappenedView, ...]) -> WentView:
    """How a vote went, from what happened to its proposal."""
    own = {one.type: one for one in happened if one.poll == poll.id}
    opened, extended, closed = own["poll.opened"], own.get("poll.extended"), own.get("poll.closed")
    first = opened.closes or poll.closes
    opening_due = opened.due or opened.at
    closing_due = closed.due if closed is not None and closed.due is not None else poll.closes
    earlier = _earlier(poll, others)
    opened_late = _late(opening_due, poll.opened)
    closed_late = closed is not None and _late(closing_due, closed.at)
    closed_early = closed is not None and closing_due < poll.closes
    words = []
    if earlier:
        words.append(
            f"This is call {poll.call}: {', '.join(earlier)} had no quorum. Each call counts its own ballots on its own roll, so "
            "a ballot more or less in an earlier one could have changed what is decided."
        )
    if extended is not None:
        words.append(
            f"A ballot completed the quorum so late that voting went on until {poll.closes}; it was to close at {first}."
        )
    if opened_late:
        words.append(
            f"It was to open at {opening_due} and opened {_gap(opening_due, poll.opened)} later, for the full period."
        )
    if closed_late and closed is not None:
        words.append(
            f"It closed at {closing_due}, which was recorded {_gap(closing_due, closed.at)} later: the service stood still over "
            "the closing, and no ballot was taken after it."
        )
    if closed_early:
        words.append("It closed early, because no further ballot could have changed the outcome.")
    return WentView(
        opening_due=opening_due,
        closing_due=closing_due,
        closes_first=first,
        extended_at=None if extended is None else extended.at,
        opened_late=opened_late,
        closed_late=closed_late,
        closed_early=closed_early,
        earlier_calls=earlier,
        words=tuple(words),
    )


def _earlier(poll: PollLine, others: tuple[PollLine, ...]) -> tuple[str, ...]:
    """The calls of the same round before this one: a voided vote, a lift or an amendment between begins a new round."""
    if poll.purpose == "amendment":
        return ()
    found: list[str] = []
    for other in others:
        if other.opened >= poll.opened or other.purpose != poll.purpose:
            continue
        if other.call == 1:
            found.clear()
        if other.call < poll.call and other.status == "no_quorum":
            found.append(other.id)
    return tuple(found)


def _late(due: Instant, at: Instant) -> bool:
    return moment(at) - moment(due) >= _NOTABLE


def _gap(due: Instant, at: Instant) -> str:
    gap = moment(at) - moment(due)
    return duration_words(gap - gap % timedelta(seconds=1))
