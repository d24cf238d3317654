import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import RochdaleError
from governance.log.errors import (
    DecimalInvalid,
    HashLengthWrong,
    SignatureTwice,
    WitnessAnswerInvalid,
    WitnessRequestInvalid,
)
from governance.log.note import MAX_NOTE, Signature, parse_note, sign_note
from governance.log.witness import (
    MAX_REQUEST,
    AddCheckpoint,
    format_cosignatures,
    format_request,
    format_size,
    parse_cosignatures,
    parse_request,
    parse_size,
)
from tests.governance.log.invented import ENTRIES, LOG, note_over
from tests.governance.log.test_note import SIGNATURES
from tests.governance.log.vector_files import Vector, data_of, refusal_of, vectors

NOTE = note_over(ENTRIES)
HASHES = st.binary(min_size=32, max_size=32)


@vectors("witness_request")
def test_requests_are_read_as_the_vectors_say(vector: Vector) -> None:
    body = data_of(vector)
    assert refusal_of(lambda: parse_request(body)) == vector["error"]
    if vector["error"] is None:
        assert format_request(parse_request(body)) == body


@vectors("witness_cosignatures")
def test_cosignatures_are_read_as_the_vectors_say(vector: Vector) -> None:
    body = data_of(vector)
    assert refusal_of(lambda: parse_cosignatures(body)) == vector["error"]
    if vector["error"] is None:
        assert format_cosignatures(parse_cosignatures(body)) == body


@vectors("witness_size")
def test_sizes_are_read_as_the_vectors_say(vector: Vector) -> None:
    body = data_of(vector)
    assert refusal_of(lambda: parse_size(body)) == vector["error"]
    if vector["error"] is None:
        assert format_size(parse_size(body)) == body


@given(st.integers(1, 3), st.lists(HASHES, max_size=63).map(tuple))
def test_a_request_is_read_as_it_was_written(old: int, proof: tuple[bytes, ...]) -> None:
    request = AddCheckpoint(old=old, proof=proof, note=NOTE)
    assert parse_request(format_request(request)) == request
    assert request.checkpoint.size == 3


@given(st.binary() | st.binary().map(lambda data: b"old 0\n" + data + NOTE) | st.binary().map(b"old 3".__add__))
def test_no_request_does_more_than_be_refused(body: bytes) -> None:
    try:
        request = parse_request(body)
    except RochdaleError:
        return
    assert format_request(request) == body


@given(st.binary() | st.text("0123456789\n -").map(str.encode))
def test_no_size_does_more_than_be_refused(body: bytes) -> None:
    try:
        size = parse_size(body)
    except RochdaleError:
        return
    assert format_size(size) == body


@given(st.lists(SIGNATURES, min_size=1, unique_by=lambda one: (one.name, one.key_id)).map(tuple))
def test_cosignatures_are_read_as_they_were_written(signatures: tuple[Signature, ...]) -> None:
    assert parse_cosignatures(format_cosignatures(signatures)) == signatures


@given(st.integers(0, 2**63 - 1))
def test_a_size_is_read_as_it_was_written(size: int) -> None:
    assert parse_size(format_size(size)) == size


def test_a_request_that_nobody_may_send_cannot_be_made() -> None:
    one = (bytes(32),)
    for old, proof in ((-1, ()), (4, ()), (0, one), (1, one * 64)):
        with pytest.raises(WitnessRequestInvalid):
            AddCheckpoint(old=old, proof=proof, note=NOTE)
    with pytest.raises(HashLengthWrong):
        AddCheckpoint(old=1, proof=(b"",), note=NOTE)


def test_a_request_or_answer_that_is_too_large_is_refused_unread() -> None:
    with pytest.raises(WitnessRequestInvalid, match="at most"):
        parse_request(b"x" * (MAX_REQUEST + 1))
    with pytest.raises(WitnessRequestInvalid, match="at most 63"):
        parse_request(b"old 1\n" + b"x\n" * 64 + b"\n" + NOTE)
    with pytest.raises(WitnessAnswerInvalid, match="at most"):
        parse_cosignatures(b"x" * (MAX_NOTE + 1))


def largest_note() -> bytes:
    body = parse_note(NOTE).text
    room = MAX_NOTE - len(sign_note(body + b"x\n", LOG))
    return sign_note(body + b"x" * (room + 1) + b"\n", LOG)


def test_the_largest_request_and_answer_are_read() -> None:
    request = AddCheckpoint(old=3, proof=(bytes(32),) * 63, note=largest_note())
    assert len(request.note) == MAX_NOTE
    assert parse_request(format_request(request)) == request
    # Base64 makes four bytes of three, so that the name brings the line to its full length.
    answer = (Signature(name="length", key_id=b"abcd", payload=bytes(49_139)),)
    assert len(format_cosignatures(answer)) == MAX_NOTE
    assert parse_cosignatures(format_cosignatures(answer)) == answer


def test_an_answer_without_a_cosignature_or_with_two_by_one_key_cannot_be_made() -> None:
    signature = Signature(name="x", key_id=b"abcd", payload=b"1")
    with pytest.raises(WitnessAnswerInvalid):
        format_cosignatures([])
    with pytest.raises(SignatureTwice):
        format_cosignatures([signature, signature])


def test_an_answer_with_a_size_that_no_log_has_cannot_be_made() -> None:
    for size in (-1, 2**63):
        with pytest.raises(DecimalInvalid):
            format_size(size)
