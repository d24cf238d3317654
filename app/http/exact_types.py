"""How exact numbers, durations, instants and ids are described: as the texts that they are, with a pattern and an example."""

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

from litestar.openapi.spec import OpenAPIFormat, OpenAPIType, Reference, Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition

from app.security.people import AccountId, SessionId
from governance.ids import (
    MANDATE_PATTERN,
    SLUG_PATTERN,
    AmendmentId,
    ArticleId,
    BlobHash,
    CoopId,
    Digest,
    MandateId,
    OfficeId,
    PollId,
    ProposalId,
    TextHash,
)
from governance.instants import Day, Instant

_DATE: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}"
_HASH: Final = "^[0-9a-f]{64}$"
_SAID: Final[Mapping[object, tuple[str, str, OpenAPIFormat | None]]] = {
    Instant: (f"{_DATE}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}\\.[0-9]{{6}}Z$", "2026-03-01T12:00:00.000000Z", OpenAPIFormat.DATE_TIME),
    Day: (f"{_DATE}$", "2026-03-01", OpenAPIFormat.DATE),
    CoopId: ("^c[1-9][0-9]*$", "c12", None),
    MandateId: (f"{MANDATE_PATTERN}|^operator$|^federation$", f"m-{'0' * 31}7", None),
    OfficeId: (SLUG_PATTERN, "secretary", None),
    ArticleId: (SLUG_PATTERN, "worker-ownership", None),
    ProposalId: ("^p[1-9][0-9]*$", "p7", None),
    AmendmentId: (r"^p[1-9][0-9]*\.a[1-9][0-9]*$", "p7.a1", None),
    PollId: (r"^p[1-9][0-9]*\.v[1-9][0-9]*$", "p7.v2", None),
    TextHash: (_HASH, "0" * 64, None),
    BlobHash: (_HASH, "0" * 64, None),
    Digest: (_HASH, "0" * 64, None),
    AccountId: ("^a-[0-9a-f]{32}$", f"a-{'0' * 31}7", None),
    SessionId: ("^s-[0-9a-f]{32}$", f"s-{'0' * 31}7", None),
}  # fmt: skip
"""What texts of each type look like: pattern, example, format."""
_EXACT: Final = Schema(
    type=OpenAPIType.STRING,
    pattern="^-?(0|[1-9][0-9]*)(/[1-9][0-9]*)?$",
    description="An exact number: whole, or a fraction in lowest terms.",
    examples=["1/2"],
)
_DURATION: Final = Schema(
    type=OpenAPIType.STRING, format=OpenAPIFormat.DURATION, description="A duration (ISO 8601).", examples=["P7D"]
)


class ExactTypes(OpenAPISchemaPlugin):
    """Describes numbers and durations that travel as text."""

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        """Exact numbers and durations."""
        return field_definition.annotation in {Fraction, timedelta}

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: Any) -> Schema:  # noqa: ANN401 - Litestar keeps the type private
        """The text that it is."""
        del schema_creator
        said = _EXACT if field_definition.annotation is Fraction else _DURATION
        return Schema(
            type=said.type,
            format=said.format,
            pattern=said.pattern,
            description=said.description,
            examples=said.examples,
        )


def sharpen(described: Schema | Reference, annotation: Any) -> None:  # noqa: ANN401 - any type
    """Say of the texts within a description what they look like: Litestar knows of a `NewType` only what it is made of."""
    if not isinstance(described, Schema):
        return
    if annotation in _SAID:
        pattern, example, form = _SAID[annotation]
        described.pattern, described.format, described.examples = pattern, form, [example]
        return
    inner = [one for one in get_args(annotation) if one not in {type(None), Ellipsis}]
    match get_origin(annotation):
        case origin if origin is Annotated:
            sharpen(described, inner[0])
        case origin if origin is Union or origin is UnionType:
            for schema, one in zip(described.one_of or (), inner, strict=False):
                sharpen(schema, one)
        case origin if origin is tuple and described.items is not None:
            sharpen(described.items, inner[0])
        case origin if origin is dict and isinstance(described.additional_properties, Schema):
            sharpen(described.additional_properties, inner[1])
