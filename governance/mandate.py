"""Mandates: somebody's authority to act for a coop or in an office. The log knows the mandate, never the person."""

import hashlib
import re
from datetime import timedelta
from typing import Final, Literal

from governance.canonical import encode
from governance.errors import Refusal
from governance.ids import MANDATE_PATTERN, SLUG_PATTERN, CoopId, Digest, MandateId, OfficeId
from governance.instants import Instant
from governance.lines import problem_of_line
from governance.value import Value

Role = Literal["delegate", "steward", "officer"]
Power = Literal["record_standing", "record_departures", "redact_texts", "void_open_polls", "decide_urgently", "audit"]
"""What an office may do without a vote. Closed: the list, with what each may write, is an ADR. `audit` writes nothing: its
holders may read the log, whoever else may."""

_DOMAIN: Final = b"rochdale/office/v1\n"
_LONGEST_ID: Final = 80
_LONGEST_TITLE: Final = 120
_LONGEST_TERM: Final = timedelta(days=3660)


class NoMandate(Refusal):
    """You hold no mandate for this."""

    code = "no_mandate"


class MandateInvalid(Refusal):
    """This mandate cannot be given."""

    code = "mandate_invalid"


class MandateUnknown(Refusal):
    """There is no such mandate in force."""

    code = "mandate_unknown"


class LastSteward(Refusal):
    """A coop keeps at least one steward."""

    code = "last_steward"


class PowerMissing(Refusal):
    """The rulebook does not give this office that power."""

    code = "power_missing"


class OfficeUnknown(Refusal):
    """There is no such office."""

    code = "office_unknown"


class Mandate(Value):
    """Authority from `starts` (inclusive) until `ends` (exclusive; None: until revoked)."""

    id: MandateId
    role: Role
    starts: Instant
    ends: Instant | None = None
    coop: CoopId | None = None
    office: OfficeId | None = None

    def in_force(self, at: Instant) -> bool:
        """Whether the mandate holds at an instant."""
        return self.starts <= at and (self.ends is None or at < self.ends)


class Office(Value):
    """A function of the federation, with the powers that the rulebook lists."""

    id: OfficeId
    title: str
    powers: tuple[Power, ...] = ()
    seats: int = 1
    term: timedelta | None = None


def office_digest(office: Office) -> Digest:
    """The digest that names an office as it is: SHA-256 over a domain line and its canonical JSON."""
    return Digest(hashlib.sha256(_DOMAIN + encode(office)).hexdigest())


def check_mandate_id(mandate: MandateId) -> None:
    """Refuse a mandate id that is not 128 random bits in the log's spelling.

    Raises:
        MandateInvalid: any other spelling.
    """
    if not re.fullmatch(MANDATE_PATTERN, mandate):
        raise MandateInvalid("A mandate's id is m- and 32 hex digits, drawn at random. Let the service draw it.")


def check_office(office: Office) -> None:
    """Refuse an office that could not be held.

    Raises:
        MandateInvalid: an id that is no slug of at most 80 characters, an empty or over-long title, a power named twice, seats
            outside 1 to 100, or a term outside 1 to 3,660 days.
    """
    if len(office.id) > _LONGEST_ID or not re.fullmatch(SLUG_PATTERN, office.id):
        raise MandateInvalid(f"{office.id[:80]!r} cannot name an office. Use lower-case letters, digits and hyphens.")
    if problem := problem_of_line(office.title, _LONGEST_TITLE):
        raise MandateInvalid(f"The title {office.title[:80]!r} of an office {problem}. Write it on one line.")
    if len(set(office.powers)) != len(office.powers):
        raise MandateInvalid(f"The office {office.title!r} names a power twice. Name each once.")
    if not 1 <= office.seats <= 100:  # noqa: PLR2004 - said in the message
        raise MandateInvalid(f"The office {office.title!r} has between 1 and 100 seats.")
    if office.term is not None and not timedelta(days=1) <= office.term <= _LONGEST_TERM:
        raise MandateInvalid(f"A term of the office {office.title!r} lasts at least a day and at most 3,660 days.")
