"""What every list shares: the parameters of paging, and the header that leads to the next page."""

from typing import Annotated, Any, Final, TypeVar
from urllib.parse import urlencode

from litestar import Request
from litestar.params import QueryParameter

from app.http.etags import Tagged
from app.services.reading.paging import LARGEST_PAGE, USUAL_PAGE

T = TypeVar("T")
LIMIT: Final = USUAL_PAGE
Limit = Annotated[int, QueryParameter(ge=1, le=LARGEST_PAGE, description="How many on a page.")]
Cursor = Annotated[
    str | None, QueryParameter(description="What `next` of the page before said. It holds for the same order only.")
]
At = Annotated[
    str | None,
    QueryParameter(description="An instant (RFC 3339), or a day, which stands for its last instant in UTC."),
]


def paged(page: T, request: Request[Any, Any, Any]) -> Tagged[T]:
    """A page of a list. Where there is a next one, a header `Link` leads to it (RFC 8288)."""
    following: str | None = page.next  # type: ignore[attr-defined]  # every page of a list has it
    if following is None:
        return Tagged(page)
    query = sorted((name, value) for name, value in request.query_params.multi_items() if name != "cursor")
    link = f"{request.url.path}?{urlencode([*query, ('cursor', following)])}"
    return Tagged(page, headers={"Link": f'<{link}>; rel="next"'})
