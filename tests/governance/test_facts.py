"""The shapes of all that stands in the log: every struct that a record can hold, wherever it is reached from."""

import types
from collections.abc import Iterator, Mapping
from datetime import timedelta
from fractions import Fraction
from typing import Annotated, Any, Literal, NewType, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest

from governance.facts.registry import FACTS, NAMES
from governance.records import Record

LEAVES = {msgspec.UnsetType, str, int, bool, Fraction, timedelta, type(None)}


def reached(kind: Any) -> Iterator[Any]:
    """A type and all that a value of it can be made of."""
    yield kind
    origin = get_origin(kind)
    if isinstance(kind, NewType):
        yield from reached(kind.__supertype__)
    elif origin is Annotated:
        yield from reached(get_args(kind)[0])
    elif origin is not None and origin is not Literal:
        for inner in get_args(kind):
            if inner is not Ellipsis:
                yield from reached(inner)


def structs() -> set[type[msgspec.Struct]]:
    found: set[type[msgspec.Struct]] = set()
    waiting: list[Any] = [Record, *FACTS.values()]
    while waiting:
        for kind in reached(waiting.pop()):
            if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind not in found:
                found.add(kind)
                waiting += get_type_hints(kind, include_extras=True).values()
    return found


STRUCTS = sorted(structs(), key=lambda one: (one.__module__, one.__qualname__))


def test_the_structs_of_the_log_are_found_down_to_the_smallest() -> None:
    names = {one.__name__ for one in STRUCTS}
    assert {
        "Record",
        "BallotCast",
        "Requirement",
        "Ceiling",
        "Tier",
        "Sums",
        "Add",
        "RevealedText",
        "Provisions",
    } <= names
    assert len(names) == len(STRUCTS) > 80


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda one: one.__qualname__)
def test_a_struct_of_the_log_is_frozen_refuses_unknown_fields_and_has_ascii_keys(struct: type[msgspec.Struct]) -> None:
    config = struct.__struct_config__
    assert config.frozen
    assert config.forbid_unknown_fields
    assert not config.array_like
    assert all(
        name.isascii() and name.isidentifier() and name == name.lower() for name in struct.__struct_encode_fields__
    )


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda one: one.__qualname__)
def test_a_struct_of_the_log_holds_text_whole_numbers_exact_fractions_and_nothing_that_could_be_a_float(
    struct: type[msgspec.Struct],
) -> None:
    for kind in [inner for field in get_type_hints(struct, include_extras=True).values() for inner in reached(field)]:
        origin = get_origin(kind)
        if isinstance(kind, NewType) or origin in (Annotated, Union, types.UnionType, tuple):
            continue
        if origin is Literal:
            assert all(isinstance(word, str) and word.isascii() for word in get_args(kind))
        elif origin in (dict, Mapping):
            assert issubclass(get_args(kind)[0], str)
        else:
            assert kind in LEAVES or issubclass(kind, msgspec.Struct), f"{struct.__name__} holds a {kind}"


def test_each_fact_has_one_name_and_each_name_is_spelled_as_names_are() -> None:
    assert len(NAMES) == len(FACTS)
    for name, version in FACTS:
        group, dot, what = name.partition(".")
        assert (group + what).replace("_", "").isalpha()
        assert dot
        assert (name.lower(), version) == (name, 1)


def test_no_two_effects_results_or_operations_are_written_under_one_tag() -> None:
    tags: dict[str, list[str]] = {}
    for struct in STRUCTS:
        config = struct.__struct_config__
        if config.tag_field is not None:
            tags.setdefault(config.tag_field, []).append(str(config.tag))
    assert set(tags) == {"effect", "op", "change", "result"}
    assert all(len(set(each)) == len(each) for each in tags.values())
