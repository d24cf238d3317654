import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import RochdaleError
from governance.log import ed25519
from governance.log.errors import SeedInvalid
from tests.governance.log.vector_files import Vector, load, refusal_of, vectors

SEEDS = st.binary(min_size=32, max_size=32)


@vectors("ed25519_keys")
def test_only_canonical_points_of_prime_order_are_public_keys(vector: Vector) -> None:
    key = bytes.fromhex(vector["key"])
    assert refusal_of(lambda: ed25519.check_public_key(key)) == vector["error"]


@vectors("ed25519_signatures")
def test_signatures_are_judged_as_the_vectors_say(vector: Vector) -> None:
    key, message, signature = (bytes.fromhex(vector[part]) for part in ("key", "message", "signature"))
    assert refusal_of(lambda: ed25519.verify(key, message, signature)) == vector["error"]


def test_seeds_give_the_keys_and_signatures_of_rfc_8032() -> None:
    seeded = [vector for vector in load("ed25519_signatures")["vectors"] if "seed" in vector]
    assert len(seeded) == 2
    for vector in seeded:
        seed = bytes.fromhex(vector["seed"])
        assert ed25519.public_key_of(seed).hex() == vector["key"]
        assert ed25519.sign(seed, bytes.fromhex(vector["message"])).hex() == vector["signature"]


@given(SEEDS, st.binary())
def test_another_library_agrees_about_what_is_signed(seed: bytes, message: bytes) -> None:
    oracle = Ed25519PrivateKey.from_private_bytes(seed)
    assert ed25519.public_key_of(seed) == oracle.public_key().public_bytes_raw()
    assert ed25519.sign(seed, message) == oracle.sign(message)
    ed25519.verify(ed25519.public_key_of(seed), message, oracle.sign(message))


@given(SEEDS, st.binary(max_size=40), st.integers(0, 511))
def test_no_signature_is_good_with_one_bit_altered(seed: bytes, message: bytes, bit: int) -> None:
    key, signature = ed25519.public_key_of(seed), bytearray(ed25519.sign(seed, message))
    signature[bit // 8] ^= 1 << bit % 8
    with pytest.raises(RochdaleError):
        ed25519.verify(key, message, bytes(signature))


@vectors("ed25519_signatures")
def test_whatever_is_accepted_here_another_library_accepts(vector: Vector) -> None:
    key, message, signature = (bytes.fromhex(vector[part]) for part in ("key", "message", "signature"))
    if vector["error"] is None:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    elif vector["error"] == "signature_false":
        with pytest.raises(InvalidSignature):
            Ed25519PublicKey.from_public_bytes(key).verify(signature, message)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_seed_has_32_bytes_and_is_not_shown_when_it_has_not(length: int) -> None:
    seed = b"\xab" * length
    with pytest.raises(SeedInvalid) as refused:
        ed25519.sign(seed, b"")
    assert "abab" not in refused.value.detail
    with pytest.raises(SeedInvalid) as refused:
        ed25519.public_key_of(seed)
    assert "abab" not in refused.value.detail
