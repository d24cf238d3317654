"""Reading JSON bodies strictly: exactly the declared shape, no field unknown, none twice, numbers as numbers."""

import json
from collections.abc import Iterator
from typing import Any, ClassVar, Final

import msgspec
from litestar.dto import AbstractDTO
from litestar.dto.data_structures import DTOFieldDefinition
from litestar.openapi.spec import Reference, Schema
from litestar.typing import FieldDefinition

from governance.canonical import from_text
from governance.errors import Refusal

_JSON: Final = "application/json"


class BodyMalformed(Refusal):
    """The body of the request is not well-formed JSON."""

    code = "body_malformed"


class BodyInvalid(Refusal):
    """The body of the request does not have the fields and types that belong here."""

    code = "body_invalid"


class BodyTypeWrong(Refusal):
    """The body of the request is not declared as JSON."""

    code = "body_type_wrong"


class StrictBody(AbstractDTO[Any]):
    """Litestar's seam for decoding a body, used to decode it once, strictly, and straight into its struct.

    Litestar's own way goes through plain dicts, takes the text "1" for a number and the last of two equal keys.
    """

    _decoders: ClassVar[dict[str, msgspec.json.Decoder[Any]]] = {}

    def __class_getitem__(cls, annotation: object) -> type["StrictBody"]:
        """One class serves every shape: the handler's annotation says which."""
        del annotation
        return cls

    def decode_bytes(self, value: bytes) -> Any:  # noqa: ANN401 - of the handler's declared type
        """Decode a body into what the handler declares.

        Raises:
            BodyTypeWrong, BodyMalformed, BodyInvalid: as they say.
        """
        request = self.asgi_connection
        content_type, _, _ = request.headers.get("content-type", "").partition(";")
        if content_type.strip().lower() != _JSON:
            raise BodyTypeWrong(f"Send the body as {_JSON}, and say so in the header Content-Type.")
        return decode_body(self._decoders[request.route_handler.handler_id], value)

    def decode_builtins(self, value: dict[str, Any]) -> Any:  # noqa: ANN401 - never used
        """Refuse: forms are not taken here."""
        del value
        raise BodyTypeWrong(f"Send the body as {_JSON}.")

    @classmethod
    def create_for_field_definition(
        cls,
        field_definition: FieldDefinition,
        handler_id: str,
        backend_cls: object = None,
    ) -> None:
        """Make the decoder of a handler's declared type."""
        del backend_cls
        cls._decoders[handler_id] = decoder_of(field_definition.annotation)

    @classmethod
    def create_openapi_schema(
        cls,
        field_definition: FieldDefinition,
        handler_id: str,
        schema_creator: Any,  # noqa: ANN401 - Litestar keeps the type private
    ) -> Reference | Schema:
        """The schema of the declared type itself."""
        del handler_id
        schema: Reference | Schema = schema_creator.for_field_definition(field_definition)
        return schema

    @classmethod
    def generate_field_definitions(cls, model_type: type[Any]) -> Iterator[DTOFieldDefinition]:  # type: ignore[override]  # nothing is generated
        """None: nothing is transformed."""
        del model_type
        return iter(())

    @classmethod
    def detect_nested_field(cls, field_definition: FieldDefinition) -> bool:
        """Never: nothing is transformed."""
        del field_definition
        return False


def decoder_of(shape: Any) -> msgspec.json.Decoder[Any]:  # noqa: ANN401 - any declared type
    """A decoder that takes no other types than those declared; exact numbers are written as text."""
    return msgspec.json.Decoder(shape, dec_hook=from_text)


def decode_body(decoder: msgspec.json.Decoder[Any], body: bytes) -> Any:  # noqa: ANN401 - of the decoder's type
    """Decode a body, with every field at most once.

    Raises:
        BodyMalformed: no JSON, no UTF-8, or nested without end.
        BodyInvalid: a missing, unknown or doubled field, or a value of another type.
    """
    try:
        value = decoder.decode(body)
        json.loads(body, object_pairs_hook=_refuse_twice)
    except msgspec.ValidationError as error:
        raise BodyInvalid(f"The body does not fit: {error}.") from None
    except (msgspec.DecodeError, ValueError) as error:
        raise BodyMalformed(f"The body cannot be read as JSON: {error}.") from None
    except RecursionError:
        raise BodyMalformed("The body is nested too deeply.") from None
    return value


def _refuse_twice(pairs: list[tuple[str, Any]]) -> None:
    if len({key for key, _ in pairs}) != len(pairs):
        raise BodyInvalid("A field stands twice in the body. Which one was meant? Write each once.")
