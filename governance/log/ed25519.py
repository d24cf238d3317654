"""Ed25519 so strict that all honest verifiers agree.

RFC 8032 leaves room: libraries differ on points outside the group of prime order and on spellings that are not
canonical. Keys and the R of every signature must therefore be canonical points of prime order, and S below the order.
libsodium tests the points, in PyNaCl 1.6.2 or later: before, it let a point plus the point of order 2 pass
(CVE-2025-69277).
"""

from nacl.bindings import (
    crypto_core_ed25519_is_valid_point,
    crypto_sign,
    crypto_sign_open,
    crypto_sign_seed_keypair,
)
from nacl.exceptions import BadSignatureError

from governance.log.errors import PublicKeyInvalid, SeedInvalid, SignatureFalse, SignatureNotCanonical

SEED_LENGTH = 32
PUBLIC_KEY_LENGTH = 32
SIGNATURE_LENGTH = 64
_POINT_LENGTH = 32
_ORDER = (1 << 252) + 27742317777372353535851937790883648493


def check_public_key(public_key: bytes) -> bytes:
    """The public key itself, if it is a canonical point of prime order.

    Raises:
        PublicKeyInvalid: it is not, or it has not 32 bytes.
    """
    if len(public_key) == PUBLIC_KEY_LENGTH and crypto_core_ed25519_is_valid_point(public_key):
        return public_key
    raise PublicKeyInvalid(
        f"{public_key[:PUBLIC_KEY_LENGTH].hex()} is not an Ed25519 public key of prime order in its canonical"
        " spelling, so verifiers could disagree about its signatures. Make a new key pair."
    )


def check_signature(signature: bytes) -> bytes:
    """The signature itself, if its R is a canonical point of prime order and its S is below the order.

    Raises:
        SignatureNotCanonical: it is not, or it has not 64 bytes.
    """
    if len(signature) != SIGNATURE_LENGTH:
        raise SignatureNotCanonical(f"An Ed25519 signature has 64 bytes, and this has {len(signature)}.")
    if not crypto_core_ed25519_is_valid_point(signature[:_POINT_LENGTH]):
        raise SignatureNotCanonical(
            "The first half of the signature (R) is not a canonical point of prime order, so verifiers could disagree"
            " about it. Sign again with a library that follows RFC 8032."
        )
    if int.from_bytes(signature[_POINT_LENGTH:], "little") >= _ORDER:
        raise SignatureNotCanonical(
            "The second half of the signature (S) is not below the order of the group: somebody rewrote a signature."
        )
    return signature


def verify(public_key: bytes, message: bytes, signature: bytes) -> None:
    """Return if the key's owner signed the message; otherwise raise.

    Raises:
        PublicKeyInvalid: as in `check_public_key`.
        SignatureNotCanonical: as in `check_signature`.
        SignatureFalse: the signature is another key's or another message's.
    """
    check_public_key(public_key)
    check_signature(signature)
    try:
        crypto_sign_open(signature + message, public_key)
    except BadSignatureError as error:
        raise SignatureFalse(
            f"The signature was not made by the key {public_key.hex()} over these {len(message)} bytes."
            " Either the bytes were altered or somebody else signed them."
        ) from error


def public_key_of(seed: bytes) -> bytes:
    """The public key that belongs to a 32-byte seed.

    Raises:
        SeedInvalid: the seed has not 32 bytes.
    """
    return _key_pair(seed)[0]


def sign(seed: bytes, message: bytes) -> bytes:
    """The 64-byte signature of RFC 8032: always the same for the same seed and message.

    Raises:
        SeedInvalid: the seed has not 32 bytes.
    """
    return crypto_sign(message, _key_pair(seed)[1])[:SIGNATURE_LENGTH]


def _key_pair(seed: bytes) -> tuple[bytes, bytes]:
    if len(seed) != SEED_LENGTH:
        # The seed is a secret: the message tells its length and nothing else.
        raise SeedInvalid(f"An Ed25519 seed has {SEED_LENGTH} bytes, and this has {len(seed)}.")
    return crypto_sign_seed_keypair(seed)
