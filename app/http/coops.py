"""The register of coops, and their mandates."""

from typing import Annotated, Any, Final

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.types import ControllerRouterHandler

from app.http.etags import Tagged
from app.http.pages import LIMIT, At, Cursor, Limit, paged
from app.services.reading import coops, mandates, restorations
from app.services.reading.coops import CoopHistory, CoopsPage, CoopView, Order, Sought
from app.services.reading.mandates import MandatesView
from app.services.reading.paging import Paging
from app.services.reading.restorations import RestorationsView
from app.services.serving import Service
from governance.register import Status

_COOP: Final = {
    "id": "c7",
    "name": "Alerce",
    "country": "AR",
    "category": "full",
    "status": "member",
    "since": "2021-05-01T00:00:00.000000Z",
    "member_since": "2021-05-01T00:00:00.000000Z",
    "good_standing": True,
    "services": ["hosting"],
    "seq": 40,
    "at": "2026-03-01T12:00:00.000000Z",
}
_NUMBER: Final = {
    "fact": "cooperators",
    "counts": "12",
    "pending": {
        "number": "15",
        "declared": "2026-05-02T09:00:00.000000Z",
        "counts_from": "2026-07-01T00:00:00.000000Z",
        "contested_by": None,
    },
    "declared": [],
}
Part = Annotated[str | None, QueryParameter(max_length=200, description="A part of the name, in any spelling.")]


@get(
    "/api/v1/coops",
    tags=["coops"],
    operation_id="listCoops",
    responses={
        200: ResponseSpec(
            CoopsPage, examples=[Example(value={"items": [_COOP], "next": None})], generate_examples=False
        )
    },
)
async def list_coops(  # noqa: PLR0913, PLR0917 - one for each parameter of the query
    service: NamedDependency[Service],
    request: Request[Any, Any, Any],
    status: FromQuery[Status | None] = None,
    category: FromQuery[str | None] = None,
    country: FromQuery[str | None] = None,
    offers: Annotated[str | None, QueryParameter(name="service", description="A service that they offer.")] = None,
    name: Part = None,
    at: At = None,
    sort: FromQuery[Order] = "number",
    cursor: Cursor = None,
    limit: Limit = LIMIT,
) -> Tagged[CoopsPage]:
    """List the coops of the register.

    At present, or with `at` as the register stood at an instant. Former members are in it: ask for a `status` to leave them out.
    """
    sought = Sought(status=status, category=category, country=country, service=offers, name=name, at=at)
    page = await coops.list_coops(service, sought, sort, Paging(limit=limit, cursor=cursor))
    return paged(page, request)


@get(
    "/api/v1/coops/{coop:str}",
    tags=["coops"],
    operation_id="getCoop",
    responses={
        200: ResponseSpec(
            CoopView,
            examples=[Example(value={"coop": _COOP, "numbers": [_NUMBER], "restoration": None})],
            generate_examples=False,
        )
    },
)
async def get_coop(service: NamedDependency[Service], coop: FromPath[str], at: At = None) -> Tagged[CoopView]:
    """Get a coop.

    With its numbers: what counts, what is pending, from when, and which coop contests it. Exact numbers are text.
    """
    return Tagged(await coops.read_coop(service, coop, at))


@get("/api/v1/coops/{coop:str}/history", tags=["coops"], operation_id="getCoopHistory")
async def get_history(service: NamedDependency[Service], coop: FromPath[str]) -> Tagged[CoopHistory]:
    """Get what the register said of a coop.

    Oldest first; each holds from its `at` until that of the next. The entry `seq` of the log says who changed it and why.
    """
    return Tagged(await coops.read_history(service, coop))


@get("/api/v1/coops/{coop:str}/mandates", tags=["mandates"], operation_id="listMandates")
async def list_mandates(service: NamedDependency[Service], coop: FromPath[str], at: At = None) -> Tagged[MandatesView]:
    """List the mandates of a coop that are in force.

    A mandate is a random id. Who holds it is personal data, which is not in the log and not shown here.
    """
    return Tagged(await mandates.read_mandates(service, coop, at))


@get("/api/v1/restorations", tags=["mandates"], operation_id="listRestorations")
async def list_restorations(service: NamedDependency[Service]) -> Tagged[RestorationsView]:
    """List the restorations of stewards that are under way.

    A coop whose people are gone gets a new steward when two coops attest the same one, after a notice to everybody.
    """
    return Tagged(await restorations.list_restorations(service))


COOPS: Final[tuple[ControllerRouterHandler, ...]] = (
    list_coops,
    get_coop,
    get_history,
    list_mandates,
    list_restorations,
)
