import hashlib
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.log.blob import MAX_BLOB, address, check_blob, electorate_blob, open_electorate, open_text, text_blob
from governance.log.errors import BlobDomainUnknown, BlobInvalid
from tests.governance.log.vector_files import Vector, data_of, refusal_of, vectors

SALT = bytes(range(32))


@vectors("blob")
def test_blobs_are_judged_as_the_vectors_say(vector: Vector) -> None:
    blob = data_of(vector)
    assert refusal_of(partial(check_blob, blob)) == vector["error"]
    if vector["error"] is None:
        assert address(blob) == vector["address"] == hashlib.sha256(blob).hexdigest()


@given(st.binary(min_size=32, max_size=32), st.binary())
def test_a_text_is_opened_as_it_was_made(salt: bytes, content: bytes) -> None:
    blob = text_blob(salt, content)
    assert blob.startswith(b"rochdale/text/v1\n")
    assert open_text(blob) == (salt, content)


@given(st.binary())
def test_an_electorate_is_opened_as_it_was_made(content: bytes) -> None:
    blob = electorate_blob(content)
    assert blob.startswith(b"rochdale/electorate/v1\n")
    assert open_electorate(blob) == content


@given(st.binary())
def test_no_bytes_are_both_or_do_more_than_be_refused(blob: bytes) -> None:
    assert refusal_of(partial(open_text, blob)) or refusal_of(partial(open_electorate, blob))


def test_a_blob_is_not_opened_as_what_it_is_not() -> None:
    with pytest.raises(BlobDomainUnknown):
        open_text(electorate_blob(b"x" * 100))
    with pytest.raises(BlobDomainUnknown):
        open_electorate(text_blob(SALT, b""))


def test_two_salts_give_two_addresses() -> None:
    assert address(text_blob(SALT, b"yes")) != address(text_blob(SALT[::-1], b"yes"))


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_salt_has_32_bytes(length: int) -> None:
    with pytest.raises(BlobInvalid):
        text_blob(bytes(length), b"")


def test_a_blob_of_16_mib_is_made_and_one_byte_more_is_not() -> None:
    room = MAX_BLOB - len(electorate_blob(b""))
    assert len(electorate_blob(bytes(room))) == MAX_BLOB == 16 * 1024 * 1024
    with pytest.raises(BlobInvalid):
        electorate_blob(bytes(room + 1))
    with pytest.raises(BlobInvalid):
        text_blob(SALT, bytes(MAX_BLOB))
