"""Drafts: proposals that a coop's people write together, before anybody else sees them."""

from typing import Annotated, Final

from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler

from app.http.person import BEARER
from app.http.signing_in import NO_STORE
from app.http.strict_body import StrictBody
from app.security.people import Person
from app.services import drafting as use
from app.services.serving import Service
from governance.ids import CoopId
from governance.value import Value

_TAGS: Final = ["drafts"]
_ONE: Final = "/api/v1/drafts/{draft:str}"


class NewDraft(Value):
    """Whose draft, and what it says so far."""

    coop: CoopId
    content: use.Content


class Changed(Value):
    """The draft as it is to be. `revision` is that of the draft as you saw it."""

    revision: str
    content: use.Content


@post("/api/v1/drafts", tags=_TAGS, operation_id="beginDraft", security=BEARER, dto=StrictBody, return_dto=None)
async def begin(
    data: JSONBody[NewDraft], service: NamedDependency[Service], person: NamedDependency[Person]
) -> Response[use.Draft]:
    """Begin a draft, for a coop whose delegate or steward you are."""
    draft = await use.begin(service, person, data.coop, data.content)
    return Response(draft, status_code=201, headers=NO_STORE)


@get("/api/v1/drafts", tags=_TAGS, operation_id="listDrafts", security=BEARER)
async def list_drafts(
    service: NamedDependency[Service],
    person: NamedDependency[Person],
    coop: Annotated[str, QueryParameter(description="Your coop.")],
) -> Response[tuple[use.Draft, ...]]:
    """List the drafts of your coop."""
    return Response(await use.list_drafts(service, person, CoopId(coop)), headers=NO_STORE)


@get(_ONE, tags=_TAGS, operation_id="getDraft", security=BEARER)
async def get_draft(
    draft: FromPath[str], service: NamedDependency[Service], person: NamedDependency[Person]
) -> Response[use.Draft]:
    """Get a draft of your coop."""
    return Response(await use.read_draft(service, person, draft), headers=NO_STORE)


@put(_ONE, tags=_TAGS, operation_id="changeDraft", security=BEARER, dto=StrictBody, return_dto=None)
async def change(
    draft: FromPath[str], data: JSONBody[Changed], service: NamedDependency[Service], person: NamedDependency[Person]
) -> Response[use.Draft]:
    """Change a draft of your coop. Whoever has not seen the last change is told so, and overwrites nothing."""
    return Response(await use.change(service, person, draft, data.revision, data.content), headers=NO_STORE)


@delete(_ONE, tags=_TAGS, operation_id="deleteDraft", security=BEARER)
async def throw_away(draft: FromPath[str], service: NamedDependency[Service], person: NamedDependency[Person]) -> None:
    """Throw a draft of your coop away."""
    await use.throw_away(service, person, draft)


DRAFTING: Final[tuple[ControllerRouterHandler, ...]] = (begin, list_drafts, get_draft, change, throw_away)
