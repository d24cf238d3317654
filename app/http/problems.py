"""Problem documents (RFC 9457): what every refusal looks like over HTTP, whatever raised it."""

import logging
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from litestar import Request, Response
from litestar.exceptions import (
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    TooManyRequestsException,
    ValidationException,
)
from litestar.status_codes import HTTP_413_REQUEST_ENTITY_TOO_LARGE

from app.http.refusals import (
    AddressUnknown,
    BodyTooLarge,
    Fault,
    MethodNotAllowed,
    ParameterInvalid,
    RequestInvalid,
    TooManyRequests,
)
from app.http.statuses import SERVER_FAULT, status_of
from app.http.strict_body import BodyMalformed
from governance.errors import RochdaleError

MEDIA_TYPE: Final = "application/problem+json"
TYPE_PREFIX: Final = "/problems/"
_UNREADY: Final = 503
_UNAUTHENTICATED: Final = 401
_RETRY_SECONDS: Final = "2"
_log: Final = logging.getLogger(__name__)


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A refusal as RFC 9457 says it, with our permanent code.

    `type` leads to the explanation of the code, `title` says what the code means, `detail` what was refused, why, and what to
    do. `instance` is the id under which the operator's log knows this request.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str | None = None


def problem_of(error: RochdaleError, instance: str | None = None) -> Problem:
    """The problem document of a refusal. A fault of the service is never explained to whoever asks."""
    status = status_of(error)
    if status == SERVER_FAULT:
        error = Fault(
            "The service failed at this. The operator finds the reason in the log, under the id of this request."
        )
    return Problem(
        type=TYPE_PREFIX + error.code,
        title=error.title,
        status=status,
        detail=error.detail,
        code=error.code,
        instance=instance,
    )


def respond(
    error: RochdaleError, request: Request[Any, Any, Any], headers: Mapping[str, str] | None = None
) -> Response[Problem]:
    """The response to a request that was refused."""
    known = request.scope.get("request_id")
    problem = problem_of(error, f"urn:uuid:{known}" if isinstance(known, str) else None)
    more = dict(headers or {})
    retry_after = getattr(error, "retry_after", None)
    if isinstance(retry_after, int):
        more.setdefault("Retry-After", str(retry_after))
    if problem.status == _UNREADY:
        more.setdefault("Retry-After", _RETRY_SECONDS)
    if problem.status == _UNAUTHENTICATED:
        more.setdefault("WWW-Authenticate", f'Bearer error="invalid_token", error_description="{problem.code}"')
    more["Cache-Control"] = "no-store"
    return Response(problem, status_code=problem.status, media_type=MEDIA_TYPE, headers=more)


def refused(request: Request[Any, Any, Any], error: RochdaleError) -> Response[Problem]:
    """Answer a refusal of ours."""
    if status_of(error) == SERVER_FAULT:
        _log.error("a request failed", exc_info=error, extra={"request": request.scope.get("request_id")})
    return respond(error, request)


def not_for_us(request: Request[Any, Any, Any], error: HTTPException) -> Response[Problem]:
    """Answer what Litestar refuses, in our words: its own would repeat the path, or say less."""
    return respond(_ours(request, error), request, _kept(error))


def failed(request: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    """Answer a fault of the service: it is logged, and not explained."""
    _log.error("a request failed", exc_info=error, extra={"request": request.scope.get("request_id")})
    return respond(Fault(""), request)


def _kept(error: HTTPException) -> dict[str, str]:
    """The headers of Litestar's own refusal that say something: which methods are allowed, when to come again."""
    wanted = {"allow", "retry-after", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"}
    return {name: value for name, value in (error.headers or {}).items() if name.lower() in wanted}


def _ours(request: Request[Any, Any, Any], error: HTTPException) -> RochdaleError:  # noqa: PLR0911 - one case for each
    match error:
        case ValidationException():
            return _invalid(error)
        case NotFoundException():
            return AddressUnknown("There is nothing at this address. The API's description is at /api.")
        case MethodNotAllowedException():
            return MethodNotAllowed("This address does not take this method. The header Allow says which it takes.")
        case TooManyRequestsException():
            return TooManyRequests("Too many requests came from here. Wait as long as the header Retry-After says.")
        case _ if error.status_code == HTTP_413_REQUEST_ENTITY_TOO_LARGE:
            return BodyTooLarge("The body of this request is larger than it can be. Send less, or split the text.")
        case _ if error.status_code >= SERVER_FAULT:
            _log.error("a request failed", exc_info=error, extra={"request": request.scope.get("request_id")})
            return Fault("")
        case _:
            return RequestInvalid("This request cannot be understood. Compare it with the API's description at /api.")


def _invalid(error: ValidationException) -> RochdaleError:
    """Which parameters are wrong. What was sent is not repeated: it may have been a secret in the wrong place."""
    found = [one for one in error.extra if isinstance(one, dict)] if isinstance(error.extra, list) else []
    if any(one.get("key") == "data" for one in found):
        return BodyMalformed("The body is empty. Send it as JSON.")
    named = "; ".join(f"{one.get('key', 'a parameter')}: {one.get('message', 'invalid')}" for one in found)
    return ParameterInvalid(
        f"The request does not fit its description: {named or 'a parameter is missing, or has another type than it should'}."
    )


HANDLERS: Final[dict[type[Exception] | int, Any]] = {
    RochdaleError: refused,
    HTTPException: not_for_us,
    Exception: failed,
}
"""The exception handlers of the application."""
