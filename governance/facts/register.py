"""The facts about coops and their people."""

from fractions import Fraction
from typing import Literal

from governance.ids import CoopId, HashText, MandateId, OfficeId
from governance.instants import Instant
from governance.mandate import Role
from governance.value import Value


class NumberDeclared(Value):
    """A coop declared a number; it counts from `counts_from` unless it is contested."""

    coop: CoopId
    fact: str
    number: Fraction
    counts_from: Instant


class NumberContested(Value):
    """A coop contests the number that another declared at an instant, which then does not count."""

    coop: CoopId
    fact: str
    declared: Instant
    by: CoopId
    reason: HashText | None


class ContestWithdrawn(Value):
    """The contesting coop takes its contest back."""

    coop: CoopId
    fact: str
    declared: Instant
    by: CoopId


class ServicesDeclared(Value):
    """A coop declared the services it offers."""

    coop: CoopId
    services: tuple[str, ...]


class StandingRecorded(Value):
    """An office recorded whether a coop is in good standing."""

    coop: CoopId
    good: bool
    office: OfficeId


class CoopLeft(Value):
    """A coop left by its own act, or an office recorded that it did."""

    coop: CoopId
    office: OfficeId | None


class MandateGiven(Value):
    """Somebody may act for a coop, or in an office, from `starts` until `ends` or revocation."""

    mandate: MandateId
    role: Role
    coop: CoopId | None
    office: OfficeId | None
    starts: Instant
    ends: Instant | None


class MandateRevoked(Value):
    """A mandate ends now."""

    mandate: MandateId


class RestorationAttested(Value):
    """A coop attests who is to be the steward of one that lost its own. At the second coop's word the notice runs until `due`."""

    coop: CoopId
    steward: MandateId
    by: CoopId
    due: Instant | None


class RestorationObjected(Value):
    """The coop concerned has people after all: the restoration is off."""

    coop: CoopId


class StewardRestored(Value):
    """After the notice the coop has its new steward, and its earlier stewards' mandates have ended."""

    coop: CoopId
    steward: MandateId
    due: Instant


RedactionReason = Literal["unlawful", "personal_data", "request_of_author", "rights_of_others"]


class TextRedacted(Value):
    """An office had the bytes behind a hash erased. The hash stays, and the verifier reports it."""

    text: HashText
    office: OfficeId
    reason: RedactionReason
