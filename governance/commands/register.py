"""Commands about coops and their people."""

from fractions import Fraction

from governance.facts.register import RedactionReason
from governance.ids import CoopId, HashText, MandateId, OfficeId
from governance.instants import Instant
from governance.mandate import Role
from governance.value import Value


class GiveMandate(Value):
    """Let somebody act for one's coop; at the founding, also hold an office. Without `starts`, from now on."""

    mandate: MandateId
    role: Role
    coop: CoopId | None = None
    office: OfficeId | None = None
    starts: Instant | None = None
    ends: Instant | None = None


class RevokeMandate(Value):
    """End a mandate of one's coop now."""

    mandate: MandateId


class DeclareNumber(Value):
    """Declare a number of one's coop."""

    fact: str
    number: Fraction


class ContestNumber(Value):
    """Contest the number that another coop declared last."""

    coop: CoopId
    fact: str
    reason: HashText | None = None


class WithdrawContest(Value):
    """Take back one's contest."""

    coop: CoopId
    fact: str


class DeclareServices(Value):
    """Declare the services that one's coop offers."""

    services: tuple[str, ...]


class RecordStanding(Value):
    """As an office: record whether a coop is in good standing."""

    coop: CoopId
    good: bool


class Leave(Value):
    """Leave the federation, as the steward of one's coop; with `coop`, record as an office that it left."""

    coop: CoopId | None = None


class AttestSteward(Value):
    """Attest who is to be the steward of a coop that lost its own."""

    coop: CoopId
    steward: MandateId


class ObjectRestoration(Value):
    """Say that one's coop has not lost its people."""


class RedactText(Value):
    """As an office: have the bytes behind a hash erased."""

    text: HashText
    reason: RedactionReason
