import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import RochdaleError
from governance.log.cosignature import cosign, verify_cosignature
from governance.log.errors import CosignatureInvalid, KeyTypeWrong
from governance.log.note import parse_note
from governance.log.signature import Signature
from tests.governance.log.invented import ENTRIES, LOG, WITNESS, note_over
from tests.governance.log.vector_files import load

BODY = parse_note(note_over(ENTRIES)).text


def test_the_cosignature_of_the_frozen_receipt_is_made_again() -> None:
    text = load("receipt")["vectors"][0]["text"]
    frozen = parse_note(text.split("\n\n", 1)[1].encode()).signatures[1]
    assert cosign(WITNESS, BODY, 1_700_000_000) == frozen
    assert verify_cosignature(WITNESS.verifier_key, BODY, frozen) == 1_700_000_000


def test_what_is_signed_has_its_own_first_line_and_the_time() -> None:
    signature = cosign(WITNESS, BODY, 7)
    assert signature.payload == bytes(7) + b"\x07" + WITNESS.sign(b"cosignature/v1\ntime 7\n" + BODY)


@given(st.integers(0, 2**63 - 1), st.binary())
def test_a_cosignature_gives_its_time_back(time: int, body: bytes) -> None:
    assert verify_cosignature(WITNESS.verifier_key, body, cosign(WITNESS, body, time)) == time


@given(st.integers(0, 72 * 8 - 1))
def test_a_cosignature_with_one_bit_altered_is_refused(bit: int) -> None:
    signature = cosign(WITNESS, BODY, 1_700_000_000)
    payload = bytearray(signature.payload)
    payload[bit // 8] ^= 1 << bit % 8
    altered = Signature(name=signature.name, key_id=signature.key_id, payload=bytes(payload))
    with pytest.raises(RochdaleError):
        verify_cosignature(WITNESS.verifier_key, BODY, altered)


@pytest.mark.parametrize("length", [1, 64, 71, 73, 2_428])
def test_a_cosignature_of_another_length_is_refused(length: int) -> None:
    signature = cosign(WITNESS, BODY, 7)
    payload = (signature.payload + bytes(length))[:length]
    with pytest.raises(CosignatureInvalid):
        verify_cosignature(WITNESS.verifier_key, BODY, Signature(name="x", key_id=b"abcd", payload=payload))


@pytest.mark.parametrize("time", [-1, 2**63])
def test_a_time_that_no_cosignature_can_have_is_refused(time: int) -> None:
    with pytest.raises(CosignatureInvalid):
        cosign(WITNESS, BODY, time)


def test_only_a_witness_key_cosigns() -> None:
    with pytest.raises(KeyTypeWrong):
        cosign(LOG, BODY, 0)
    with pytest.raises(KeyTypeWrong):
        verify_cosignature(LOG.verifier_key, BODY, cosign(WITNESS, BODY, 0))
