"""Cosignatures: a witness says at which time it saw a checkpoint as the log's largest consistent one.

Source: c2sp.org/tlog-cosignature, version 1. The payload of the signature line is the time as 64 bits, big-endian, and
the Ed25519 signature over two lines of text and the checkpoint's whole body. Times are seconds since 1970 in UTC.
"""

from governance.log import ed25519
from governance.log.errors import CosignatureInvalid
from governance.log.keys import KeyType, SigningKey, VerifierKey, check_type
from governance.log.signature import Signature
from governance.log.spelling import NUMBER_LIMIT

_TIME_LENGTH = 8
_PAYLOAD_LENGTH = _TIME_LENGTH + ed25519.SIGNATURE_LENGTH


def cosign(key: SigningKey, body: bytes, time: int) -> Signature:
    """The witness's signature on a checkpoint's `body` (a note's text, with its last newline) at `time`.

    Raises:
        KeyTypeWrong: the key is not a witness's.
        CosignatureInvalid: the time is below 0, or 2**63 or more.
    """
    public = check_type(key.verifier_key, KeyType.WITNESS)
    payload = _check_time(time).to_bytes(_TIME_LENGTH, "big") + key.sign(_message(body, time))
    return Signature(name=public.name, key_id=public.key_id, payload=payload)


def verify_cosignature(key: VerifierKey, body: bytes, signature: Signature) -> int:
    """The time at which the witness signed the `body`.

    The caller has found `key` by the signature's name and key id.

    Raises:
        KeyTypeWrong: the key is not a witness's.
        CosignatureInvalid: the payload has another length, or a time of 2**63 or more.
        SignatureNotCanonical, SignatureFalse: as in `ed25519.verify`.
    """
    check_type(key, KeyType.WITNESS)
    if len(signature.payload) != _PAYLOAD_LENGTH:
        raise CosignatureInvalid(
            f"The cosignature by {signature.name} has {len(signature.payload)} bytes instead of {_PAYLOAD_LENGTH}:"
            " eight for the time and 64 for the signature. Ask the witness for a version 1 cosignature."
        )
    time = _check_time(int.from_bytes(signature.payload[:_TIME_LENGTH], "big"))
    ed25519.verify(key.public_key, _message(body, time), signature.payload[_TIME_LENGTH:])
    return time


def _message(body: bytes, time: int) -> bytes:
    return b"cosignature/v1\ntime %d\n" % time + body


def _check_time(time: int) -> int:
    if 0 <= time < NUMBER_LIMIT:
        return time
    raise CosignatureInvalid(f"{time} is not a time in seconds since 1970 that a cosignature can have.")
