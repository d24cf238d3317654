"""The register: what coops and offices record about coops."""

from fractions import Fraction
from typing import Final

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler

from app.http.person import BEARER
from app.http.recorded import Recorded, recorded
from app.http.strict_body import StrictBody
from app.http.wire import NeededReason, Text
from app.services import registering as use
from app.services.asking import Asking
from governance.facts.register import RedactionReason
from governance.ids import CoopId, PollId
from governance.value import Value

_TAGS: Final = ["coops"]
_OFFICES: Final = ["offices"]
_COOP: Final = "/api/v1/coops/{coop:str}"


class Number(Value):
    """A registered number: `cooperators`, or another one that the federation keeps. Exact, as text: `"12"`, `"37/2"`."""

    fact: str
    number: Fraction


class Contest(Value):
    """The number that is contested, and why."""

    fact: str
    reason: Text | None = None


class ContestedNumber(Value):
    """The number whose contest is taken back."""

    fact: str


class Services(Value):
    """All services that a coop offers."""

    services: tuple[str, ...]


class Standing(Value):
    """Whether a coop is in good standing."""

    good: bool


class Redaction(Value):
    """Why a text is erased."""

    reason: RedactionReason


@post(f"{_COOP}/numbers", tags=_TAGS, operation_id="declareNumber", security=BEARER, dto=StrictBody, return_dto=None)
async def declare_number(coop: FromPath[str], data: JSONBody[Number], asking: NamedDependency[Asking]) -> Recorded:
    """Declare a number of your coop, as its steward. It counts from the next census day, unless it is contested."""
    return recorded(await use.declare_number(asking, CoopId(coop), data.fact, data.number))


@post(f"{_COOP}/services", tags=_TAGS, operation_id="declareServices", security=BEARER, dto=StrictBody, return_dto=None)
async def declare_services(coop: FromPath[str], data: JSONBody[Services], asking: NamedDependency[Asking]) -> Recorded:
    """Declare the services that your coop offers, as its steward."""
    return recorded(await use.declare_services(asking, CoopId(coop), data.services))


@post(f"{_COOP}/contests", tags=_TAGS, operation_id="contestNumber", security=BEARER, dto=StrictBody, return_dto=None)
async def contest_number(coop: FromPath[str], data: JSONBody[Contest], asking: NamedDependency[Asking]) -> Recorded:
    """Contest a number that another coop declared. It does not count until the contest is settled."""
    return recorded(await use.contest_number(asking, CoopId(coop), data.fact, data.reason))


@post(
    f"{_COOP}/contests/withdrawal",
    tags=_TAGS,
    operation_id="withdrawContest",
    security=BEARER,
    dto=StrictBody,
    return_dto=None,
)
async def withdraw_contest(
    coop: FromPath[str], data: JSONBody[ContestedNumber], asking: NamedDependency[Asking]
) -> Recorded:
    """Take back your coop's contest of another coop's number."""
    return recorded(await use.withdraw_contest(asking, CoopId(coop), data.fact))


@post(f"{_COOP}/departure", tags=_TAGS, operation_id="leaveFederation", security=BEARER)
async def leave(coop: FromPath[str], asking: NamedDependency[Asking]) -> Recorded:
    """Leave the federation, as the steward of your coop. It takes effect at once."""
    return recorded(await use.leave(asking, CoopId(coop)))


@post(f"{_COOP}/recorded-departure", tags=_OFFICES, operation_id="recordDeparture", security=BEARER)
async def record_departure(coop: FromPath[str], asking: NamedDependency[Asking]) -> Recorded:
    """Record that a coop left, as an office that has the power."""
    return recorded(await use.record_departure(asking, CoopId(coop)))


@post(
    f"{_COOP}/standing", tags=_OFFICES, operation_id="recordStanding", security=BEARER, dto=StrictBody, return_dto=None
)
async def record_standing(coop: FromPath[str], data: JSONBody[Standing], asking: NamedDependency[Asking]) -> Recorded:
    """Record whether a coop is in good standing, as an office that has the power."""
    return recorded(await use.record_standing(asking, CoopId(coop), good=data.good))


@post(
    "/api/v1/polls/{poll:str}/voiding",
    tags=_OFFICES,
    operation_id="voidPoll",
    security=BEARER,
    dto=StrictBody,
    return_dto=None,
)
async def void_poll(poll: FromPath[str], data: JSONBody[NeededReason], asking: NamedDependency[Asking]) -> Recorded:
    """Void an open vote, as an office that has the power. A new one follows."""
    return recorded(await use.void_poll(asking, PollId(poll), data.reason))


@post(
    "/api/v1/texts/{text:str}/redaction",
    tags=_OFFICES,
    operation_id="redactText",
    security=BEARER,
    dto=StrictBody,
    return_dto=None,
)
async def redact_text(text: FromPath[str], data: JSONBody[Redaction], asking: NamedDependency[Asking]) -> Recorded:
    """Have a text erased, as an office that has the power. The log keeps its hash, and says that it was erased, and why."""
    return recorded(await use.redact_text(asking, text, data.reason))


REGISTERING: Final[tuple[ControllerRouterHandler, ...]] = (
    declare_number,
    declare_services,
    contest_number,
    withdraw_contest,
    leave,
    record_departure,
    record_standing,
    void_poll,
    redact_text,
)
