"""Every struct of the API is described by its docstring, which Litestar leaves out."""

import inspect
from typing import Any

import msgspec
from litestar.openapi.spec import Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition

from app.http.exact_types import sharpen


class DescribedStructs(OpenAPISchemaPlugin):
    """Lets the next plugin describe a struct's fields, and adds what its docstring says."""

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        """Structs, and nothing else."""
        return not field_definition.is_union and field_definition.is_subclass_of(msgspec.Struct)

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: Any) -> Schema:  # noqa: ANN401 - Litestar keeps the type private
        """The schema as it would have been, with a description."""
        other = next(
            plugin
            for plugin in schema_creator.plugins
            if plugin is not self and schema_creator.plugin_supports_field(plugin, field_definition)
        )
        schema: Schema = other.to_openapi_schema(field_definition, schema_creator)
        shapes = field_definition.get_type_hints(include_extras=True, resolve_generics=True)
        for name, described in (schema.properties or {}).items():
            if name in shapes:
                sharpen(described, shapes[name])
        if field_definition.annotation.__struct_config__.forbid_unknown_fields:
            schema.additional_properties = False
        said = vars(field_definition.annotation).get("__doc__")
        schema.description = inspect.cleandoc(said) if said else None
        return schema
