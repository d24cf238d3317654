"""Applications: the public form, and what members and applicants see of it."""

from typing import Annotated, Any, Final

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler

from app.http.client import network_of
from app.http.person import BEARER
from app.http.signing_in import NO_STORE, Secret
from app.http.strict_body import StrictBody
from app.security.people import Person
from app.services import applying as use
from app.services.accounts.holding import require_any
from app.services.serving import Service
from governance.value import Value

_TAGS: Final = ["applications"]


class Own(Value):
    """The token that came with one's own application."""

    token: Secret


class Applications(Value):
    """Applications, the newest first. `next` is where the following ones begin, or null."""

    items: tuple[use.Application, ...]
    next: str | None


@post("/api/v1/applications", tags=_TAGS, operation_id="apply", dto=StrictBody, return_dto=None)
async def apply(
    data: JSONBody[use.Form], request: Request[Any, Any, Any], service: NamedDependency[Service]
) -> Response[use.Received]:
    """Apply for membership, on behalf of a coop. A member coop makes a proposal of it; then all coops decide."""
    return Response(await use.apply(service, data, network=network_of(request)), status_code=201, headers=NO_STORE)


@post(
    "/api/v1/applications/own",
    tags=_TAGS,
    operation_id="getOwnApplication",
    dto=StrictBody,
    return_dto=None,
    status_code=200,
)
async def look_at_own(data: JSONBody[Own], service: NamedDependency[Service]) -> Response[use.Application]:
    """See your own application, by its token."""
    return Response(await use.look_at_own(service, data.token), headers=NO_STORE)


@post(
    "/api/v1/applications/own/withdrawal",
    tags=_TAGS,
    operation_id="withdrawApplication",
    dto=StrictBody,
    return_dto=None,
    status_code=200,
)
async def withdraw_own(data: JSONBody[Own], service: NamedDependency[Service]) -> Response[use.Application]:
    """Withdraw your own application, by its token."""
    return Response(await use.withdraw_own(service, data.token), headers=NO_STORE)


@get("/api/v1/applications", tags=_TAGS, operation_id="listApplications", security=BEARER)
async def list_applications(
    service: NamedDependency[Service],
    person: NamedDependency[Person],
    status: Annotated[use.Status, QueryParameter(description="Which applications.")] = "open",
    before: Annotated[str | None, QueryParameter(description="What `next` of an earlier answer said.")] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=100, description="How many at most.")] = 50,
) -> Response[Applications]:
    """List applications, for whoever holds a mandate."""
    await require_any(service.accounts, person.account)
    found = await use.list_applications(service, status, before, limit + 1)
    items = found[:limit]
    following = items[-1].id if len(found) > limit else None
    return Response(Applications(items=items, next=following), headers=NO_STORE)


@get("/api/v1/applications/{application:str}", tags=_TAGS, operation_id="getApplication", security=BEARER)
async def get_application(
    application: FromPath[str], service: NamedDependency[Service], person: NamedDependency[Person]
) -> Response[use.Application]:
    """Get an application with whom to write to, for whoever holds a mandate."""
    await require_any(service.accounts, person.account)
    return Response(await use.read_application(service, application), headers=NO_STORE)


APPLYING: Final[tuple[ControllerRouterHandler, ...]] = (
    apply,
    look_at_own,
    withdraw_own,
    list_applications,
    get_application,
)
