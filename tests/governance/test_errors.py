import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import governance
from governance.errors import FormatError, Refusal, RochdaleError


def refusals() -> list[type[RochdaleError]]:
    """Every refusal that a module of the core defines."""
    for module in pkgutil.walk_packages(governance.__path__, "governance."):
        importlib.import_module(module.name)
    return sorted(set(_below(RochdaleError)), key=lambda one: one.__qualname__)


def _below(kind: type[RochdaleError]) -> Iterator[type[RochdaleError]]:
    yield kind
    for inner in kind.__subclasses__():
        if inner.__module__.partition(".")[0] == "governance":
            yield from _below(inner)


ALL = refusals()


def test_the_roots_and_the_leaves_are_found() -> None:
    assert {RochdaleError, Refusal, FormatError} < set(ALL)
    assert len(ALL) > 90


def test_every_refusal_has_a_code_of_its_own_and_no_two_have_the_same() -> None:
    codes = [vars(one).get("code") for one in ALL]
    assert None not in codes
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("refusal", ALL, ids=lambda one: one.__name__)
def test_a_code_is_spelled_as_codes_are_and_a_title_is_one_sentence_or_two(refusal: type[RochdaleError]) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z]+)*", refusal.code)
    title = refusal("Something.").title
    assert title == (refusal.__doc__ or "").strip().splitlines()[0]
    assert re.fullmatch(r"[A-Z].{8,150}\.", title)


def test_a_refusal_says_what_it_was_told() -> None:
    refused = Refusal("This is refused, because. Do that.")
    assert (refused.detail, str(refused)) == ("This is refused, because. Do that.",) * 2
    assert refused.title == "The rules of the federation refuse this."
