"""Numbers, base64 and hashes as the log's text formats write them: one spelling for each value.

Source: c2sp.org/signed-note and its siblings; base64 is RFC 4648 section 4, with padding.
"""

import base64
import re

from governance.log.errors import Base64Invalid, DecimalInvalid, HashLengthWrong

HASH_LENGTH = 32
# Go, Java and SQL hold sizes in signed 64-bit integers; a larger number would be read differently somewhere.
NUMBER_LIMIT = 1 << 63
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_SHOWN = 80


def check_number(number: int) -> int:
    """The number itself, if it is one that the log can count with.

    Raises:
        DecimalInvalid: it is below 0, or 2**63 or more.
    """
    if 0 <= number < NUMBER_LIMIT:
        return number
    raise DecimalInvalid(f"{number} is not a number that a log can have. Use a whole number from 0 to 2**63 - 1.")


def parse_decimal(text: str) -> int:
    """Read a whole number without sign, leading zeros or spaces.

    Raises:
        DecimalInvalid: any other spelling, or a number of 2**63 or more.
    """
    if _DECIMAL.fullmatch(text):
        return check_number(int(text))
    raise DecimalInvalid(f"{text[:_SHOWN]!r} is not a whole number without leading zeros. Write it like 0 or 128.")


def parse_base64(text: str) -> bytes:
    """Read base64 that stands for at least one byte.

    Raises:
        Base64Invalid: nothing, wrong padding, other characters, or leftover bits that are not zero.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Base64Invalid(f"{text[:_SHOWN]!r} is not base64: {error}.") from error
    if data and format_base64(data) == text:
        return data
    raise Base64Invalid(f"{text[:_SHOWN]!r} is not base64 as every encoder writes it. Encode the bytes again.")


def format_base64(data: bytes) -> str:
    """Write what `parse_base64` reads."""
    return base64.b64encode(data).decode("ascii")


def check_hash(data: bytes) -> bytes:
    """The hash itself, if it has 32 bytes.

    Raises:
        HashLengthWrong: it has not.
    """
    if len(data) == HASH_LENGTH:
        return data
    raise HashLengthWrong(f"A SHA-256 hash has {HASH_LENGTH} bytes, and this has {len(data)}. Was it cut off?")


def parse_hash(text: str) -> bytes:
    """Read a SHA-256 hash in base64.

    Raises:
        Base64Invalid: as in `parse_base64`.
        HashLengthWrong: it is not 32 bytes.
    """
    return check_hash(parse_base64(text))
