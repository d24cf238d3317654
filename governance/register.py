"""The register of coops: dated facts, declared and contestable."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from fractions import Fraction
from operator import attrgetter
from typing import Final, Literal

from msgspec.structs import replace

from governance.errors import Refusal
from governance.ids import SLUG_PATTERN, CoopId
from governance.instants import Instant
from governance.lines import problem_of_line
from governance.value import Value

Status = Literal["member", "suspended", "former"]
COOPERATORS: Final = "cooperators"
_MOST_COOPERATORS: Final = 10_000_000
_LARGEST: Final = 10**15
_DECIMALS: Final = 10**6
_COUNTRY_LENGTH: Final = 2
_LONGEST_FACT: Final = 40
_MOST_SERVICES: Final = 100
_LONGEST_SERVICE: Final = 80


class CoopUnknown(Refusal):
    """There is no such coop in the register."""

    code = "coop_unknown"


class CoopNotMember(Refusal):
    """This coop is not a member now."""

    code = "coop_not_member"


class CoopDuplicate(Refusal):
    """A coop of this name, or of one that looks the same, is already in the register."""

    code = "coop_duplicate"


class FactInvalid(Refusal):
    """This cannot be registered about a coop."""

    code = "fact_invalid"


class ContestUnfounded(Refusal):
    """There is no declared number here that can still be contested."""

    code = "contest_unfounded"


class Declaration(Value):
    """A number that a coop declared, or that a vote settled, and from when it counts."""

    number: Fraction
    at: Instant
    counts_from: Instant
    contested_by: CoopId | None = None


class Coop(Value):
    """A coop in the register.

    `since` is when its present status began, `facts` its numbers, each with its history. `seq` and `at` are of the record by
    which all but the numbers came to stand as they do; `earlier` is how it stood before, oldest first, each without `facts`
    and `earlier` of its own.
    """

    id: CoopId
    seq: int
    at: Instant
    name: str
    country: str
    category: str
    status: Status
    since: Instant
    member_since: Instant
    good_standing: bool = True
    services: tuple[str, ...] = ()
    facts: dict[str, tuple[Declaration, ...]] = {}  # noqa: RUF012 - msgspec copies an empty default
    earlier: tuple["Coop", ...] = ()


def restated(coop: Coop, seq: int, at: Instant, **changes: object) -> Coop:
    """The coop of which a record says something else, with what was said before; the same coop if it says nothing new.

    Numbers are not among `changes`: they have their own history.
    """
    after = replace(coop, **changes)
    return coop if after == coop else following(coop, replace(after, seq=seq, at=at))


def following(before: Coop, after: Coop) -> Coop:
    """A coop as it stands after a record, with the numbers it had before, and with what it was before as its past."""
    return replace(after, facts=before.facts, earlier=(*before.earlier, replace(before, facts={}, earlier=())))


def as_of(coop: Coop, at: Instant) -> Coop | None:
    """A coop as it stood at an instant, after all records up to and at it; None if it was not in the register yet.

    Its `facts` are the numbers that counted, or had counted, by then. What was declared and did not count yet is left out.
    """
    entries = (*coop.earlier, coop)
    known = bisect_right(entries, at, key=attrgetter("at"))
    if known == 0:
        return None
    counting = {
        fact: tuple(one for one in declarations if one.counts_from <= at and one.contested_by is None)
        for fact, declarations in coop.facts.items()
    }
    facts = {fact: declarations for fact, declarations in counting.items() if declarations}
    return replace(entries[known - 1], facts=facts, earlier=coop.earlier[: known - 1])


def register_as_of(coops: Iterable[Coop], at: Instant) -> tuple[Coop, ...]:
    """The register as it stood at an instant: every coop that was in it, former ones included, in the order of `coops`."""
    return tuple(found for coop in coops if (found := as_of(coop, at)) is not None)


def counted(coop: Coop, fact: str, at: Instant) -> Fraction | None:
    """The value of a coop's number that counts at an instant: the latest one declared that counts by then, uncontested."""
    for declaration in reversed(coop.facts.get(fact, ())):
        if declaration.counts_from <= at and declaration.contested_by is None:
            return declaration.number
    return None


def pending(coop: Coop, fact: str, at: Instant) -> Declaration | None:
    """The latest declaration of a number that does not count yet, contested or not; None if there is none."""
    declarations = coop.facts.get(fact, ())
    last = declarations[-1] if declarations else None
    return last if last is not None and (last.counts_from > at or last.contested_by is not None) else None


def check_number(fact: str, number: Fraction) -> None:
    """Refuse a number that a coop cannot have.

    Raises:
        FactInvalid: cooperators that are no whole number from 1 to 10,000,000; another number below 0, absurdly
            large, or with over six decimals.
    """
    if fact == COOPERATORS and (number.denominator != 1 or not 1 <= number <= _MOST_COOPERATORS):
        raise FactInvalid(
            f"A coop has a whole number of worker-members, from 1 to 10,000,000, not {number}. Check the number."
        )
    # Decimals only: sums of weights keep a common denominator that can be written down.
    if not 0 <= number <= _LARGEST or _DECIMALS % number.denominator:
        raise FactInvalid(f"{fact!r} lies between 0 and 10^15 and has at most six decimals, unlike {number}.")


def check_fact_name(fact: str) -> None:
    """Refuse a name that a registered number cannot have.

    Raises:
        FactInvalid: anything but a slug of at most 40 characters.
    """
    if len(fact) > _LONGEST_FACT or not re.fullmatch(SLUG_PATTERN, fact):
        raise FactInvalid(f"{fact[:40]!r} cannot name a number. Use lower-case letters, digits and hyphens.")


def check_country(country: str) -> None:
    """Refuse what is not shaped like an ISO 3166-1 alpha-2 code.

    Raises:
        FactInvalid: anything but two upper-case ASCII letters.
    """
    if not (len(country) == _COUNTRY_LENGTH and country.isascii() and country.isalpha() and country.isupper()):
        raise FactInvalid(f"{country!r} is not a country code. Use the two letters of ISO 3166-1, such as AR.")


def check_services(services: tuple[str, ...]) -> None:
    """Refuse a list of services that a directory could not show.

    Raises:
        FactInvalid: over 100 services, one that is empty or over 80 characters, or one named twice.
    """
    if len(services) > _MOST_SERVICES or len(set(services)) != len(services):
        raise FactInvalid("A coop offers at most 100 services, each named once.")
    for service in services:
        if problem := problem_of_line(service, _LONGEST_SERVICE):
            raise FactInvalid(f"The service {service[:80]!r} {problem}. Write it on one line.")
