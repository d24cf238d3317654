from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import FormatError, RochdaleError
from governance.log.cosignature import cosign
from governance.log.errors import (
    KeyNameInvalid,
    KeysCollide,
    KeyTypeWrong,
    NoteInvalid,
    NoteTooLarge,
    SignatureLineInvalid,
    SignatureTwice,
)
from governance.log.note import (
    MAX_NOTE,
    Note,
    Signature,
    VerifierKey,
    add_signatures,
    format_note,
    open_note,
    parse_note,
    parse_verifier_key,
    sign_note,
)
from tests.governance.log.invented import ENTRIES, LOG, WITNESS, note_over
from tests.governance.log.test_keys import NAMES
from tests.governance.log.vector_files import Vector, data_of, refusal_of, vectors

LETTERS = st.characters(exclude_categories=["Cs"], min_codepoint=32) | st.just("\n")
TEXTS = st.text(LETTERS).map(lambda text: f"{text}\n".encode())
SIGNATURES = st.builds(
    Signature, name=NAMES, key_id=st.binary(min_size=4, max_size=4), payload=st.binary(min_size=1, max_size=80)
)
NOTES = st.builds(
    Note,
    text=TEXTS,
    signatures=st.lists(SIGNATURES, min_size=1, max_size=20, unique_by=lambda one: (one.name, one.key_id)).map(tuple),
)
NOTE = note_over(ENTRIES)


@vectors("note")
def test_notes_are_read_as_the_vectors_say(vector: Vector) -> None:
    data = data_of(vector)
    assert refusal_of(lambda: parse_note(data)) == vector["error"]
    if vector["error"] is None:
        assert format_note(parse_note(data)) == data


@vectors("note_opening")
def test_notes_are_opened_as_the_vectors_say(vector: Vector) -> None:
    data, keys = data_of(vector), [parse_verifier_key(key) for key in vector["keys"]]
    assert refusal_of(lambda: open_note(data, keys)) == vector["error"]
    if vector["error"] is None:
        opened = open_note(data, keys)
        assert [[one.key.name, one.time] for one in opened.signed] == vector["signed"]
        assert opened.text == parse_note(data).text


@given(NOTES)
def test_a_note_is_read_as_it_was_written(note: Note) -> None:
    assert parse_note(format_note(note)) == note


@given(st.binary() | st.binary().map(lambda data: NOTE[:-3] + data) | st.text(LETTERS | st.just("—")).map(str.encode))
def test_no_bytes_do_more_than_be_refused(data: bytes) -> None:
    try:
        note = parse_note(data)
    except FormatError:
        return
    assert format_note(note) == data


@given(st.integers(0, len(NOTE) * 8 - 1))
def test_a_note_with_one_bit_altered_is_refused_or_not_the_logs(bit: int) -> None:
    altered = bytearray(NOTE)
    altered[bit // 8] ^= 1 << bit % 8
    with pytest.raises(RochdaleError):
        open_note(bytes(altered), [LOG.verifier_key])


@given(TEXTS)
def test_a_text_is_signed_and_opened(text: bytes) -> None:
    opened = open_note(sign_note(text, LOG), [LOG.verifier_key, WITNESS.verifier_key])
    assert opened.text == text
    assert [one.key for one in opened.signed] == [LOG.verifier_key]


@pytest.mark.parametrize("text", [b"", b"no newline", b"\xff\n", b"a\tb\n", b"a\rb\n", b"\x00\n"])
def test_what_cannot_be_a_notes_text_is_not_signed(text: bytes) -> None:
    with pytest.raises(NoteInvalid):
        sign_note(text, LOG)


def test_a_witness_key_makes_no_plain_signature() -> None:
    with pytest.raises(KeyTypeWrong):
        sign_note(b"a\n", WITNESS)


def test_a_note_needs_a_signature_and_no_key_signs_twice() -> None:
    signature = parse_note(NOTE).signatures[0]
    with pytest.raises(NoteInvalid):
        Note(text=b"a\n", signatures=())
    with pytest.raises(SignatureTwice):
        Note(text=b"a\n", signatures=(signature, signature))


@pytest.mark.parametrize("wrong", [{"key_id": b"abc"}, {"key_id": b"abcde"}, {"payload": b""}])
def test_a_signature_has_a_key_id_and_a_payload(wrong: dict[str, Any]) -> None:
    with pytest.raises(SignatureLineInvalid):
        Signature(**{"name": "x", "key_id": b"abcd", "payload": b"1", **wrong})


def test_a_signature_has_a_name_that_a_key_can_have() -> None:
    with pytest.raises(KeyNameInvalid):
        Signature(name="two words", key_id=b"abcd", payload=b"1")


def test_a_note_of_64_kib_is_read_and_one_byte_more_is_not() -> None:
    room = MAX_NOTE - len(sign_note(b"\n", LOG))
    largest = sign_note(b"x" * room + b"\n", LOG)
    assert len(largest) == MAX_NOTE
    assert parse_note(largest).text == b"x" * room + b"\n"
    with pytest.raises(NoteTooLarge):
        sign_note(b"x" * (room + 1) + b"\n", LOG)
    with pytest.raises(NoteTooLarge):
        parse_note(b"x" + largest)


def test_cosignatures_are_added_and_newer_ones_take_the_place_of_older() -> None:
    body = parse_note(NOTE).text
    keys = [LOG.verifier_key, WITNESS.verifier_key]
    first = add_signatures(NOTE, [cosign(WITNESS, body, 1)])
    second = add_signatures(first, [cosign(WITNESS, body, 2), Signature(name="z", key_id=b"abcd", payload=b"1")])
    assert [one.time for one in open_note(first, keys).signed] == [None, 1]
    assert [one.time for one in open_note(second, keys).signed] == [None, 2]
    assert [one.name for one in parse_note(second).signatures] == ["coop.example/log", "witness.example/w1", "z"]
    assert add_signatures(NOTE, []) == NOTE


def test_two_new_signatures_by_one_key_are_not_added() -> None:
    body = parse_note(NOTE).text
    with pytest.raises(SignatureTwice):
        add_signatures(NOTE, [cosign(WITNESS, body, 1), cosign(WITNESS, body, 2)])


def test_a_known_key_may_be_given_twice_but_not_two_keys_under_one_id(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(open_note(NOTE, [LOG.verifier_key] * 2).signed) == 1
    other = VerifierKey(
        name=LOG.verifier_key.name, kind=LOG.verifier_key.kind, public_key=WITNESS.verifier_key.public_key
    )
    # Two keys whose ids really collide take 2**32 tries; a constant id takes none.
    monkeypatch.setattr(VerifierKey, "key_id", LOG.verifier_key.key_id)
    with pytest.raises(KeysCollide):
        open_note(NOTE, [LOG.verifier_key, other])


def test_a_bad_signature_is_told_with_the_name_of_its_key() -> None:
    with pytest.raises(RochdaleError, match=r"coop\.example/log"):
        open_note(NOTE.replace(b"log\n3\n", b"log\n2\n"), [LOG.verifier_key])
