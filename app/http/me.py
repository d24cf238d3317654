"""Oneself: profile, mandates, sessions, password, what is stored, and erasing it."""

from typing import Annotated, Any, Final

from litestar import Request, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler
from msgspec import Meta

from app.http.client import network_of
from app.http.person import BEARER
from app.http.signing_in import NO_STORE, Secret
from app.http.strict_body import StrictBody
from app.security.people import Person, SessionId
from app.services.accounts.changing import Profile, change_password, change_profile, profile
from app.services.accounts.erasing import Erased, before_erasing, erase
from app.services.accounts.exporting import Export, export
from app.services.accounts.holding import Holding, holdings
from app.services.accounts.sessions import Session, end_other_sessions, sessions
from app.services.accounts.sessions import end_session as end_one
from app.services.serving import Service
from governance.value import Value

_TAGS: Final = ["me"]


class Me(Value):
    """Who is signed in, and which mandates of the log they hold."""

    profile: Profile
    mandates: tuple[Holding, ...]


class NewProfile(Value):
    """Display name, language (`en` or `es`), and time zone (an IANA name)."""

    name: Annotated[str, Meta(max_length=120)]
    language: Annotated[str, Meta(max_length=20)]
    time_zone: Annotated[str, Meta(max_length=60)]


class NewPassword(Value):
    """The present password, and the new one."""

    old: Secret
    new: Secret


class Password(Value):
    """The present password, to confirm something that cannot be undone."""

    password: Secret


class Ended(Value):
    """How many sessions ended."""

    ended: int


@get("/api/v1/me", tags=_TAGS, operation_id="getMe", security=BEARER)
async def get_me(service: NamedDependency[Service], person: NamedDependency[Person]) -> Response[Me]:
    """Get your profile and your mandates."""
    me = Me(profile=await profile(service.accounts, person), mandates=await holdings(service.accounts, person.account))
    return Response(me, headers=NO_STORE)


@put("/api/v1/me/profile", tags=_TAGS, operation_id="changeProfile", security=BEARER, dto=StrictBody, return_dto=None)
async def put_profile(
    data: JSONBody[NewProfile], service: NamedDependency[Service], person: NamedDependency[Person]
) -> Response[Profile]:
    """Change your name, language and time zone."""
    changed = await change_profile(
        service.accounts, person, name=data.name, language=data.language, time_zone=data.time_zone
    )
    return Response(changed, headers=NO_STORE)


@put(
    "/api/v1/me/password",
    tags=_TAGS,
    operation_id="changePassword",
    security=BEARER,
    dto=StrictBody,
    return_dto=None,
    status_code=204,
)
async def put_password(
    data: JSONBody[NewPassword],
    request: Request[Any, Any, Any],
    service: NamedDependency[Service],
    person: NamedDependency[Person],
) -> None:
    """Change your password. Your other sessions end."""
    await change_password(service.accounts, person, old=data.old, new=data.new, network=network_of(request))


@get("/api/v1/me/sessions", tags=_TAGS, operation_id="listSessions", security=BEARER)
async def get_sessions(
    service: NamedDependency[Service], person: NamedDependency[Person]
) -> Response[tuple[Session, ...]]:
    """List your sessions."""
    return Response(await sessions(service.accounts, person), headers=NO_STORE)


@delete("/api/v1/me/sessions/{session:str}", tags=_TAGS, operation_id="endSession", security=BEARER)
async def delete_session(
    session: FromPath[str], service: NamedDependency[Service], person: NamedDependency[Person]
) -> None:
    """End one of your sessions."""
    await end_one(service.accounts, person, SessionId(session))


@post("/api/v1/me/sessions/end-others", tags=_TAGS, operation_id="endOtherSessions", security=BEARER, status_code=200)
async def end_others(service: NamedDependency[Service], person: NamedDependency[Person]) -> Ended:
    """End all your sessions but this one."""
    return Ended(ended=await end_other_sessions(service.accounts, person))


@get("/api/v1/me/export", tags=_TAGS, operation_id="exportMe", security=BEARER)
async def get_export(service: NamedDependency[Service], person: NamedDependency[Person]) -> Response[Export]:
    """Get everything that is stored about you, with the entries of the log that your mandates wrote."""
    headers = {**NO_STORE, "Content-Disposition": 'attachment; filename="rochdale-export.json"'}
    return Response(await export(service.accounts, person), headers=headers)


@get("/api/v1/me/erasure", tags=_TAGS, operation_id="previewErasure", security=BEARER)
async def preview_erasure(service: NamedDependency[Service], person: NamedDependency[Person]) -> Response[Erased]:
    """See what erasing your account would leave without anybody."""
    return Response(await before_erasing(service.accounts, person), headers=NO_STORE)


@post(
    "/api/v1/me/erasure",
    tags=_TAGS,
    operation_id="eraseMe",
    security=BEARER,
    dto=StrictBody,
    return_dto=None,
    status_code=200,
)
async def erase_me(
    data: JSONBody[Password],
    request: Request[Any, Any, Any],
    service: NamedDependency[Service],
    person: NamedDependency[Person],
) -> Erased:
    """Erase your account. What stands in the log stays there, under random ids that nobody is known by any more."""
    return await erase(service.accounts, person, password=data.password, network=network_of(request))


ME: Final[tuple[ControllerRouterHandler, ...]] = (
    get_me,
    put_profile,
    put_password,
    get_sessions,
    delete_session,
    end_others,
    get_export,
    preview_erasure,
    erase_me,
)
