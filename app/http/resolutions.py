"""The resolutions."""

from typing import Annotated, Any, Final

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import QueryParameter
from litestar.types import ControllerRouterHandler

from app.http.etags import Tagged
from app.http.pages import LIMIT, Cursor, Limit, paged
from app.services.reading import resolutions
from app.services.reading.paging import Paging
from app.services.reading.resolutions import ResolutionsPage, Sought
from app.services.serving import Service

_RESOLUTION: Final = {
    "number": 12,
    "proposal": "p31",
    "title": "We publish our minutes",
    "text": "9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab",
    "since": "2026-03-22T12:00:00.000000Z",
    "review": "2027-03-01",
    "superseded_by": None,
}


@get(
    "/api/v1/resolutions",
    tags=["resolutions"],
    operation_id="listResolutions",
    responses={
        200: ResponseSpec(
            ResolutionsPage, examples=[Example(value={"items": [_RESOLUTION], "next": None})], generate_examples=False
        )
    },
)
async def list_resolutions(
    service: NamedDependency[Service],
    request: Request[Any, Any, Any],
    *,
    in_force: Annotated[bool, QueryParameter(description="Those in force, or else those that were superseded.")] = True,
    review_before: Annotated[
        str | None, QueryParameter(description="Those with a review date by this instant or day.")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = LIMIT,
) -> Tagged[ResolutionsPage]:
    """List resolutions.

    Newest first. Those with a `review` day come back by themselves on that day, and stay in force until another supersedes them.
    """
    sought = Sought(in_force=in_force, review_before=review_before)
    page = await resolutions.list_resolutions(service, sought, Paging(limit=limit, cursor=cursor))
    return paged(page, request)


RESOLUTIONS: Final[tuple[ControllerRouterHandler, ...]] = (list_resolutions,)
