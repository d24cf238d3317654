"""Every struct of the API is described by its docstring, which Litestar leaves out."""

import inspect
from typing import Any

import msgspec
from litestar.openapi.spec import Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition


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
        said = vars(field_definition.annotation).get("__doc__")
        schema.description = inspect.cleandoc(said) if said else None
        return schema
