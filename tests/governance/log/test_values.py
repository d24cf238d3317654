import importlib
import pkgutil

import msgspec
import pytest

import governance.log
from governance.errors import RochdaleError

MODULES = [
    importlib.import_module(f"governance.log.{found.name}") for found in pkgutil.iter_modules(governance.log.__path__)
]
VALUES = {
    one
    for module in MODULES
    for one in vars(module).values()
    if isinstance(one, type) and issubclass(one, msgspec.Struct) and one is not msgspec.Struct
}
REFUSALS = {
    one
    for module in MODULES
    for one in vars(module).values()
    if isinstance(one, type) and issubclass(one, RochdaleError) and one.__module__ == "governance.log.errors"
}


@pytest.mark.parametrize("value", sorted(VALUES, key=repr))
def test_every_value_is_frozen_and_written_with_its_fields_names(value: type[msgspec.Struct]) -> None:
    assert value.__struct_config__.frozen
    with pytest.raises(TypeError, match="positional"):
        value(*[None] * len(value.__struct_fields__))


def test_every_refusal_has_its_own_code_and_a_title_in_a_sentence() -> None:
    assert len({refusal.code for refusal in REFUSALS}) == len(REFUSALS) > 40
    for refusal in REFUSALS:
        assert refusal.code not in {"error", "refused", "format_invalid"}
        assert refusal("detail").title.endswith(".")
