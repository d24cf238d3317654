"""The digest that the coops ratify: it changes with everything that a founding says, and with nothing else."""

import hashlib
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from governance.applying.founding import add_to_digest
from governance.canonical import decoder_for, encode
from governance.commands import founding as ask
from governance.errors import FormatError
from governance.facts import founding as fact
from governance.facts.registry import NAMES
from governance.state import State
from governance.value import Value
from tests.governance.deciding.foundings import Founding, coop, founding
from tests.governance.rich import rich_world
from tests.governance.world import DAY, Founded


def facts_of(world: Founded | Founding) -> list[Value]:
    closed = next((at for at, record in enumerate(world.records) if isinstance(record.body, fact.FoundingClosed)), None)
    return [record.body for record in world.records[:closed]]


def digest_of(facts: list[Value]) -> str:
    state = State()
    for body in facts:
        add_to_digest(state, body)
    return state.founding


FACTS = facts_of(rich_world())


def test_the_digest_is_that_of_the_facts_before_the_closing_in_their_order() -> None:
    assert digest_of(FACTS) == rich_world().state.founding
    assert digest_of(FACTS[:-1]) != digest_of(FACTS)
    assert digest_of([*FACTS[:-2], FACTS[-1], FACTS[-2]]) != digest_of(FACTS)
    assert digest_of([*FACTS, FACTS[-1]]) != digest_of(FACTS)


def test_the_digest_does_not_depend_on_when_and_in_which_log_entries_it_was_written() -> None:
    early, late = Founding(), Founding()
    late.wait(DAY)
    early.draw()
    for world in (early, late):
        world.write(coop("Delta"))
    assert early.state.founding == late.state.founding
    assert early.entries != late.entries


def test_the_digest_is_a_chain_over_type_version_and_body() -> None:
    state, digest = State(), ""
    for body in FACTS[:3]:
        add_to_digest(state, body)
        name, version = NAMES[type(body)]
        said = msgspec.json.encode({"body": body, "type": name, "v": version}, order="sorted")
        digest = hashlib.sha256(f"rochdale/founding/v1\n{digest}\n".encode() + said).hexdigest()
    assert state.founding == digest


def test_the_digest_of_a_small_founding_is_frozen() -> None:
    assert Founding().state.founding == "ae9210a3becfda3a3db263ddfa1dd12f6b8fa1d9587dad48efed239282d91b93"


def other(value: Any) -> Any:
    """Another value of the same type."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return value + "x"
        case list():
            return [*value, "x"]
        case dict():
            return {**value, "x": "1"}
        case _:
            return "x"


def changed(said: Any) -> Iterator[Any]:
    """What is said, with one thing in it changed, in every possible place."""
    yield other(said)
    if isinstance(said, dict):
        for key in said:
            for inner in changed(said[key]):
                yield {**said, key: inner}
            yield {name: value for name, value in said.items() if name != key}
    if isinstance(said, list):
        for at, value in enumerate(said):
            for inner in changed(value):
                yield [*said[:at], inner, *said[at + 1 :]]


@pytest.mark.parametrize("at", range(len(FACTS)), ids=lambda at: f"{at}-{type(FACTS[at]).__name__}")
def test_the_digest_changes_with_any_change_of_any_founding_fact(at: int) -> None:
    original = digest_of(FACTS[: at + 1])
    read = decoder_for(type(FACTS[at]))
    accepted = 0
    for variant in changed(msgspec.json.decode(encode(FACTS[at]))):
        try:
            body = read(encode(variant))
        except FormatError:
            continue
        accepted += 1
        assert digest_of([*FACTS[:at], body]) != original
    assert accepted


def test_a_founding_that_differs_in_one_word_has_another_digest() -> None:
    steps = founding()
    name = steps["name"]
    assert isinstance(name, ask.NameFederation)
    steps["name"] = msgspec.structs.replace(name, name="Four coops")
    assert Founding(steps).state.founding != Founding().state.founding
