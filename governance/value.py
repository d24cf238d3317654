"""The shape of every value in the core."""

from typing import dataclass_transform

from msgspec import Struct, field


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
class Value(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A frozen value that is compared by its fields and refuses fields it does not know."""
