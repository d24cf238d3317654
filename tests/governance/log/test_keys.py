import copy
import pickle
import string

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import FormatError
from governance.log.errors import KeyNameInvalid, KeyTypeWrong, PublicKeyInvalid, SeedInvalid
from governance.log.keys import (
    KeyType,
    SigningKey,
    VerifierKey,
    check_name,
    check_type,
    format_verifier_key,
    parse_verifier_key,
)
from tests.governance.log.invented import LOG, WITNESS
from tests.governance.log.vector_files import Vector, load, refusal_of, vectors

NAMES = st.text(st.characters(exclude_categories=["Zs", "Zl", "Zp", "Cc", "Cs"], exclude_characters="+"), min_size=1)


@vectors("verifier_key")
def test_verifier_keys_are_read_as_the_vectors_say(vector: Vector) -> None:
    text = vector["key"]
    assert refusal_of(lambda: parse_verifier_key(text)) == vector["error"]
    if vector["error"] is None:
        key = parse_verifier_key(text)
        assert key.kind.name == vector["kind"]
        assert format_verifier_key(key) == text


def test_the_invented_keys_are_those_of_the_vectors() -> None:
    first, second = load("verifier_key")["vectors"][:2]
    assert format_verifier_key(LOG.verifier_key) == first["key"]
    assert format_verifier_key(WITNESS.verifier_key) == second["key"]


@given(NAMES, st.sampled_from(KeyType), st.binary(min_size=32, max_size=32))
def test_a_key_is_read_as_it_was_written(name: str, kind: KeyType, seed: bytes) -> None:
    key = SigningKey(name=name, seed=seed, kind=kind).verifier_key
    assert parse_verifier_key(format_verifier_key(key)) == key


@given(st.text() | st.text(string.hexdigits + "+/=", max_size=70).map(lambda tail: f"coop.example/log+{tail}"))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    try:
        key = parse_verifier_key(text)
    except FormatError:
        return
    assert format_verifier_key(key) == text


@given(st.integers(0, 72), st.characters())
def test_a_key_with_another_character_anywhere_is_refused(place: int, character: str) -> None:
    text = format_verifier_key(LOG.verifier_key)
    altered = text[:place] + character + text[place + 1 :]
    if altered != text:
        with pytest.raises(FormatError):
            parse_verifier_key(altered)


def test_every_kind_of_space_is_refused_in_a_name() -> None:
    for space in " \t\n\x0b\x0c\r\x85\u00a0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000\x00\x1f+":
        with pytest.raises(KeyNameInvalid):
            check_name(f"coop{space}example")


def test_a_key_cannot_be_made_from_wrong_parts() -> None:
    with pytest.raises(KeyNameInvalid):
        VerifierKey(name="", kind=KeyType.LOG, public_key=LOG.verifier_key.public_key)
    with pytest.raises(PublicKeyInvalid):
        VerifierKey(name="x", kind=KeyType.LOG, public_key=bytes(32))
    with pytest.raises(SeedInvalid):
        SigningKey(name="x", seed=b"")


def test_the_type_is_part_of_the_key_id() -> None:
    public_key = LOG.verifier_key.public_key
    ids = {VerifierKey(name="x", kind=kind, public_key=public_key).key_id for kind in KeyType}
    assert len(ids) == len(KeyType)


def test_a_key_of_the_other_type_is_refused() -> None:
    assert check_type(LOG.verifier_key, KeyType.LOG) is LOG.verifier_key
    with pytest.raises(KeyTypeWrong):
        check_type(LOG.verifier_key, KeyType.WITNESS)


def test_a_signing_key_never_shows_its_seed() -> None:
    seed = b"do not show this to anybody, ok?"
    key = SigningKey(name="coop.example/log", seed=seed)
    for shown in (repr(key), str(key), f"{key}", ascii(key)):
        assert "do not show" not in shown
        assert seed.hex() not in shown
        assert "coop.example/log" in shown
    with pytest.raises(TypeError):
        msgspec.json.encode(key)
    for leave in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="not pickled"):
            leave(key)
    assert not hasattr(key, "__dict__")
