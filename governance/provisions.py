"""The general provisions: what holds for every matter. They are changed like a rule."""

import re
from datetime import timedelta
from typing import Literal

from msgspec import UNSET, UnsetType

from governance.errors import Refusal
from governance.ids import SLUG_PATTERN
from governance.instants import Day, Instant, later, start_of
from governance.value import Value

Reading = Literal["everyone", "members", "auditors"]
"""Who may read the log: everyone, whoever holds a mandate, or only the offices that have the power to audit."""
_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])", re.ASCII)
_LONGEST = timedelta(days=400)
_LONGEST_CATEGORY = 40


class ProvisionsInvalid(Refusal):
    """These general provisions cannot work."""

    code = "provisions_invalid"


class Provisions(Value):
    """What holds for every matter.

    `categories` are the kinds of membership there can be, `census` the days of the year (`MM-DD`, not after the 28th) from
    which declared numbers count, `contest_window` how long a declared number stays open to challenge before it can count,
    `support_within` how long a proposal may look for sponsors and seconders before it lapses, and `restoration_notice` how
    long all coops are told before a coop without steward gets a new one. `reading` says who may read the log; what says
    nothing (it came later, and is then not written) means members.
    """

    categories: tuple[str, ...] = ("full",)
    census: tuple[str, ...] = ()
    contest_window: timedelta = timedelta(days=30)
    support_within: timedelta = timedelta(days=90)
    restoration_notice: timedelta = timedelta(days=7)
    reading: Reading | UnsetType = UNSET


def check_provisions(provisions: Provisions) -> None:
    """Refuse provisions under which something could never happen.

    Raises:
        ProvisionsInvalid: no category, a name that is no slug, a census day that is not in every year, or a period that is
            negative, over 400 days or not of whole minutes.
    """
    if not provisions.categories or len(set(provisions.categories)) != len(provisions.categories):
        raise ProvisionsInvalid("Name at least one category of membership, and each only once.")
    for category in provisions.categories:
        if len(category) > _LONGEST_CATEGORY or not re.fullmatch(SLUG_PATTERN, category):
            raise ProvisionsInvalid(
                f"{category!r} cannot name a category. Use up to 40 lower-case letters, digits and hyphens."
            )
    for day in provisions.census:
        if not _MONTH_DAY.fullmatch(day):
            raise ProvisionsInvalid(f"{day!r} cannot be a census day. Write month and day as 07-01, at most the 28th.")
    if list(provisions.census) != sorted(set(provisions.census)):
        raise ProvisionsInvalid("List the census days in the order of the year, each once.")
    for period in (provisions.contest_window, provisions.support_within, provisions.restoration_notice):
        if not timedelta() <= period <= _LONGEST or period % timedelta(minutes=1):
            raise ProvisionsInvalid("A period is whole minutes, from none to 400 days.")
    if provisions.support_within < timedelta(days=1) or provisions.restoration_notice < timedelta(days=1):
        raise ProvisionsInvalid(
            "Looking for support, and the notice before a steward is restored, take at least a day."
        )


def reading_of(provisions: Provisions) -> Reading:
    """Who may read the log."""
    return "members" if provisions.reading is UNSET else provisions.reading


def counts_from(provisions: Provisions, declared: Instant) -> Instant:
    """When a number declared at an instant begins to count: on the first census day that its contest window leaves open.

    Without census days it counts as soon as the window has closed.
    """
    settled = later(declared, provisions.contest_window)
    if not provisions.census:
        return settled
    year = int(settled[:4])
    days = [start_of(Day(f"{y:04}-{day}")) for y in (year, year + 1) for day in provisions.census]
    return next(day for day in days if day >= settled)
