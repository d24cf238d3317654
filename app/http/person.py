"""Who asks: the person that the access token of a request names."""

from typing import Any, Final

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.types import Scope

from app.security.people import Person
from app.security.tokens import TokenRefused
from app.services.accounts.sessions import authenticate
from app.services.serving import Service
from governance.errors import RochdaleError

BEARER: Final[list[dict[str, list[str]]]] = [{"bearer": []}]
"""What a route says in its description when it wants an access token."""
_HEADER: Final = "authorization"
_SCHEME: Final = "bearer"


def access_token(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The access token of a request (RFC 6750 §2.1).

    Raises:
        TokenRefused: there is none.
    """
    sent = connection.headers.getall(_HEADER, [])
    scheme, _, token = sent[0].partition(" ") if sent else ("", "", "")
    # Of two headers nobody knows which one a proxy has looked at.
    if len(sent) > 1 or scheme.lower() != _SCHEME or not token:
        raise TokenRefused("Sign in first, and send the access token as `Authorization: Bearer …`.")
    return token.strip()


def claimed_person(connection: ASGIConnection[Any, Any, Any, Any], service: Service) -> Person:
    """Whom the token names. That the session goes on is checked where something is recorded, with the whole batch.

    Raises:
        TokenRefused: there is no token, or not one of ours that is good now.
    """
    return service.accounts.tokens.verify(access_token(connection), now=service.clock())


def account_of(scope: Scope, service: Service) -> str | None:
    """The account that a request's token names, for limits only; None where it names nobody that we know."""
    header = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    scheme, _, token = header.decode("latin-1").partition(" ")
    if scheme.lower() != _SCHEME:
        return None
    try:
        return service.accounts.tokens.verify(token.strip(), now=service.clock()).account
    except RochdaleError:
        return None


async def provide_person(request: Request[Any, Any, Any], service: NamedDependency[Service]) -> Person:
    """Whom the token names, once their session is known to go on."""
    return await authenticate(service.accounts, access_token(request))


async def person_if_any(connection: ASGIConnection[Any, Any, Any, Any], service: Service) -> Person | None:
    """Who asks, where they say so. Whoever sends a token that is not good is told, and not taken for nobody."""
    if _HEADER not in connection.headers:
        return None
    return await authenticate(service.accounts, access_token(connection))
