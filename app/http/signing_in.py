"""Sessions: signing in, refreshing, signing out; and the keys that access tokens are signed with."""

from typing import Annotated, Any, Final, Literal

from litestar import Request, Response, delete, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.types import ControllerRouterHandler
from msgspec import Meta

from app.http.client import network_of
from app.http.person import BEARER
from app.http.strict_body import StrictBody
from app.security.people import AccountId, Person, SessionId
from app.security.token_keys import KeySet
from app.services.accounts.refreshing import RefreshRefused, refresh
from app.services.accounts.sessions import sign_out
from app.services.accounts.signing_in import SignedIn, sign_in
from app.services.serving import Service
from governance.instants import Instant, moment
from governance.value import Value

_TAGS: Final = ["sessions"]
_KEYS: Final = "application/jwk-set+json"
COOKIE: Final = "__Host-rochdale-refresh"
"""The browser's cookie with the refresh token: sent to this host only, over a secure connection, unreadable to scripts."""
NO_STORE: Final = {"Cache-Control": "no-store"}
Keep = Literal["body", "cookie"]
Secret = Annotated[str, Meta(max_length=1_024)]


class Credentials(Value):
    """E-mail address and password. `device` is a label by which you recognise the session later.

    `keep` says where the refresh token goes: into the answer, or into a cookie that a browser keeps from scripts.
    """

    email: Annotated[str, Meta(max_length=254)]
    password: Secret
    device: Annotated[str, Meta(max_length=80)] = ""
    keep: Keep = "body"


class Refresh(Value):
    """The refresh token; left out where the browser has it in its cookie."""

    refresh: Secret | None = None


class Tokens(Value):
    """A session. `access` goes into the header Authorization; `refresh` gets the next pair, once; null: it is in the cookie."""

    account: AccountId
    session: SessionId
    access: str
    access_expires: Instant
    refresh: str | None
    refresh_expires: Instant


def tokens_answer(signed_in: SignedIn, keep: Keep, status: int) -> Response[Tokens]:
    """The answer that carries a session's tokens."""
    in_cookie = keep == "cookie"
    answer = Tokens(
        account=signed_in.account,
        session=signed_in.session,
        access=signed_in.access,
        access_expires=signed_in.access_expires,
        refresh=None if in_cookie else signed_in.refresh,
        refresh_expires=signed_in.refresh_expires,
    )
    cookies = [_cookie(signed_in)] if in_cookie else []
    return Response(answer, status_code=status, headers=NO_STORE, cookies=cookies)


def _cookie(signed_in: SignedIn) -> Cookie:
    return Cookie(
        key=COOKIE,
        value=signed_in.refresh,
        path="/",
        expires=int(moment(signed_in.refresh_expires).timestamp()),
        secure=True,
        httponly=True,
        samesite="strict",
    )


@post("/api/v1/sessions", tags=_TAGS, operation_id="signIn", dto=StrictBody, return_dto=None)
async def begin_session(
    data: JSONBody[Credentials], request: Request[Any, Any, Any], service: NamedDependency[Service]
) -> Response[Tokens]:
    """Sign in."""
    signed_in = await sign_in(
        service.accounts, email=data.email, password=data.password, device=data.device, network=network_of(request)
    )
    return tokens_answer(signed_in, data.keep, 201)


@post(
    "/api/v1/sessions/refresh",
    tags=_TAGS,
    operation_id="refreshSession",
    status_code=200,
    dto=StrictBody,
    return_dto=None,
)
async def refresh_session(
    data: JSONBody[Refresh], request: Request[Any, Any, Any], service: NamedDependency[Service]
) -> Response[Tokens]:
    """Get the next pair of tokens.

    A refresh token is good once. Whoever uses a spent one ends the session, because somebody else may have it.
    """
    token = data.refresh or request.cookies.get(COOKIE)
    if not token:
        raise RefreshRefused("Sign in again.")
    return tokens_answer(await refresh(service.accounts, token), "body" if data.refresh else "cookie", 200)


@delete("/api/v1/sessions/present", tags=_TAGS, operation_id="signOut", security=BEARER)
async def end_session(service: NamedDependency[Service], person: NamedDependency[Person]) -> None:
    """Sign out: the session ends, and nothing more is recorded with its tokens."""
    await sign_out(service.accounts, person)


@get("/.well-known/jwks.json", tags=_TAGS, operation_id="getTokenKeys", media_type=_KEYS)
async def get_jwks(service: NamedDependency[Service]) -> Response[KeySet]:
    """Get the public keys of access tokens (RFC 7517)."""
    keys = service.accounts.keys.key_set(service.clock())
    return Response(keys, headers={"Cache-Control": "public, max-age=60"}, media_type=_KEYS)


SIGNING_IN: Final[tuple[ControllerRouterHandler, ...]] = (begin_session, refresh_session, end_session, get_jwks)
