"""The charter, in its versions."""

from typing import Annotated, Final

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.types import ControllerRouterHandler

from app.http.etags import Tagged
from app.http.pages import At
from app.services.reading import charter
from app.services.reading.charter import ArticleHistory, CharterVersionsView, CharterView
from app.services.serving import Service

LARGEST_VERSION: Final = 2**53
Version = Annotated[int | None, QueryParameter(ge=1, lt=LARGEST_VERSION, description="The number of a version.")]


@get("/api/v1/charter", tags=["charter"], operation_id="getCharter")
async def get_charter(service: NamedDependency[Service], version: Version = None, at: At = None) -> Tagged[CharterView]:
    """Get the charter.

    As it is, in a `version`, or as it was `at` an instant. Articles have permanent ids; their numbers are their present places.
    """
    return Tagged(await charter.read_charter(service, version=version, at=at))


@get("/api/v1/charter/versions", tags=["charter"], operation_id="listCharterVersions")
async def list_charter_versions(service: NamedDependency[Service]) -> Tagged[CharterVersionsView]:
    """List the versions of the charter.

    Newest first, each with the proposal that made it. The first was founded.
    """
    return Tagged(await charter.list_versions(service))


@get("/api/v1/charter/articles/{article:str}", tags=["charter"], operation_id="getArticle")
async def get_article(service: NamedDependency[Service], article: FromPath[str]) -> Tagged[ArticleHistory]:
    """Get an article of the charter with its history.

    One that was struck has its history all the same.
    """
    return Tagged(await charter.read_article(service, article))


CHARTER: Final[tuple[ControllerRouterHandler, ...]] = (get_charter, list_charter_versions, get_article)
