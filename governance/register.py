"""The register of coops: dated facts, declared and contestable."""

import re
from fractions import Fraction
from typing import Final, Literal

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
    """A coop in the register. `since` is when its present status began, `facts` its numbers, each with its history."""

    id: CoopId
    name: str
    country: str
    category: str
    status: Status
    since: Instant
    member_since: Instant
    good_standing: bool = True
    services: tuple[str, ...] = ()
    facts: dict[str, tuple[Declaration, ...]] = {}  # noqa: RUF012 - msgspec copies an empty default


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
