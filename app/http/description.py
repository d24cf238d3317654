"""The description of the API (OpenAPI 3.1): what every operation can answer beside what it was asked for."""

from dataclasses import dataclass, fields
from typing import Any, Final

import msgspec
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import OpenAPI

from app.http.problems import MEDIA_TYPE, Problem, problem_of
from app.http.refusals import ParameterInvalid, TooManyRequests
from app.ledger.errors import OutcomeUnknown
from app.security.tokens import TokenRefused
from governance.canonical import to_text
from governance.errors import RochdaleError

_METHODS: Final = ("get", "post", "put", "patch", "delete")
_LITESTARS: Final = "400"
"""What Litestar says of an invalid parameter, which is never sent: `problems` answers in its place."""
_INSTANCE: Final = "urn:uuid:2f1c9a3e-0b5d-4c8e-9f6a-7d3b1e5c8a90"
_RETRY: Final = {"Retry-After": {"description": "Seconds to wait, where waiting helps.", "schema": {"type": "string"}}}
_SCHEMA: Final = {"$ref": "#/components/schemas/Problem"}


class Config(OpenAPIConfig):
    """Litestar's configuration, with a description that is completed when it is written."""

    def to_openapi_schema(self) -> OpenAPI:
        """The description, to which Litestar adds the operations."""
        begun = super().to_openapi_schema()
        return _Description(**{field.name: getattr(begun, field.name) for field in fields(begun)})


@dataclass
class _Description(OpenAPI):
    def to_schema(self) -> dict[str, Any]:
        """The description as JSON has it, with what every operation can be refused with."""
        schema = super().to_schema()
        components = schema.setdefault("components", {})
        components.setdefault("schemas", {}).update(_problem_schema())
        components["responses"] = _RESPONSES
        for operations in schema.get("paths", {}).values():
            for method in _METHODS:
                if method in operations:
                    _complete(operations[method])
        # Defaults are values of ours until here: durations, exact numbers, structs.
        plain: dict[str, Any] = msgspec.to_builtins(schema, enc_hook=to_text)
        return plain


def _complete(operation: dict[str, Any]) -> None:
    """Add every refusal that an operation does not describe itself."""
    responses = operation["responses"]
    responses.pop(_LITESTARS, None)
    if operation.get("security"):
        responses.setdefault("401", {"$ref": "#/components/responses/Unauthenticated"})
    responses.setdefault("4XX", {"$ref": "#/components/responses/Refused"})
    responses.setdefault("5XX", {"$ref": "#/components/responses/Unavailable"})


def _problem_schema() -> dict[str, Any]:
    (_, schemas) = msgspec.json.schema_components((Problem,), ref_template="#/components/schemas/{name}")
    return schemas


def _response(description: str, *examples: RochdaleError, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - of any shape
    shown = {
        error.code: {"summary": error.title, "value": msgspec.to_builtins(problem_of(error, _INSTANCE))}
        for error in examples
    }
    return {"description": description, "content": {MEDIA_TYPE: {"schema": _SCHEMA, "examples": shown}}, **more}


_RESPONSES: Final = {
    "Refused": _response(
        "It was refused, and nothing was done. `code` says why, for programs; `detail` for people.",
        ParameterInvalid("The request does not fit its description: limit: Expected `int` <= 200."),
        TooManyRequests("Too many requests came from here. Wait 1 s, then send fewer."),
        headers=_RETRY,
    ),
    "Unauthenticated": _response(
        "Nobody is signed in, or not any more.",
        TokenRefused("Refresh the token, or sign in again."),
        headers={"WWW-Authenticate": {"description": "That an access token is wanted.", "schema": {"type": "string"}}},
    ),
    "Unavailable": _response(
        "It cannot be done now. After 503 ask again, under the same idempotency key where there is one.",
        OutcomeUnknown("The database does not answer, so it is not known whether this was recorded."),
        headers=_RETRY,
    ),
}
