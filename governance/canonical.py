"""The one spelling of a value in JSON, equal to RFC 8785 for everything that we write.

Values go in and out as typed structs. Exact numbers travel as text (`governance.exact`), integers stay below 2**53,
floats do not exist, and keys are ASCII (RFC 8785 orders keys by UTF-16 units, which for ASCII is plain order). Who
reads gets the value only if writing it again gives the same bytes: duplicate keys, spaces and other escapes need no
rule of their own.
"""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import TypeVar

import msgspec

from governance.errors import FormatError
from governance.exact import exact_text, parse_exact

T = TypeVar("T")

_LARGEST = 2**53 - 1
_SHOWN = 80

# Outside strings, a number in canonical JSON stands at the start or after `":`, `,` or `[`. The first pattern finds
# quickly whether there may be a float or an integer of sixteen digits; only then the second cuts the bytes into strings
# and numbers. It begins with one set of characters, which lets `re` skip whatever is none of them: the start is read as if
# after a comma.
_SUSPECT = re.compile(rb'[:,\[](?=[-0-9])(?<![^"]:)-?[0-9]+(?:[.eE]|(?<=[0-9]{16}))')
_TOKEN = re.compile(rb'(?P<string>"(?:[^"\\]|\\.)*")(?P<colon>:?)|(?P<number>-?[0-9][0-9.eE+-]*)')


class Malformed(FormatError):
    """This is not well-formed JSON."""

    code = "json_malformed"


class WrongShape(FormatError):
    """This JSON does not have the fields and types that belong here."""

    code = "json_wrong_shape"


class NotCanonical(FormatError):
    """This JSON is not in its one canonical spelling."""

    code = "json_not_canonical"


class NumberNotAllowed(FormatError):
    """Only whole numbers below 2**53 may stand in JSON; exact fractions are written as text."""

    code = "json_number_not_allowed"


def encode(value: object) -> bytes:
    """The canonical bytes of a value made of structs, strings, integers, booleans, `Fraction`s, sequences and mappings.

    Raises:
        NumberNotAllowed: a float, or an integer of 2**53 or more.
        NotCanonical: what JSON cannot spell in one way: half a surrogate pair, a key outside ASCII, endless nesting.
        TypeError: a type that has no spelling at all, which is an error in the program.
    """
    try:
        data = _ENCODER.encode(value)
    except UnicodeEncodeError:
        raise NotCanonical(
            "A text contains half of a surrogate pair, which cannot be written as UTF-8. Remove it."
        ) from None
    except RecursionError:
        raise NotCanonical("The value is nested too deeply to be written.") from None
    _check(data)
    return data


def decoder_for(shape: type[T]) -> Callable[[bytes], T]:
    """A function that reads exactly what `encode` writes for values of this type, and refuses everything else.

    The function raises:
        Malformed: no JSON, JSON followed by something else, or not UTF-8.
        WrongShape: a missing or unknown field, or a value of another type.
        NotExact: a fraction in another than its one spelling.
        NumberNotAllowed: a float, or an integer of 2**53 or more.
        NotCanonical: the right value in another spelling, duplicate keys among them.
    """
    decoder: msgspec.json.Decoder[T] = msgspec.json.Decoder(shape, dec_hook=from_text)

    def decode(data: bytes) -> T:
        try:
            value = decoder.decode(data)
        except msgspec.ValidationError as error:
            raise WrongShape(f"The JSON is readable but does not fit: {error}.") from None
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Malformed(f"This cannot be read as JSON: {error}.") from None
        except RecursionError:
            raise Malformed("This cannot be read as JSON: it is nested too deeply.") from None
        if encode(value) != data:
            shown = data[:_SHOWN].decode(errors="replace")
            raise NotCanonical(
                f"The JSON that begins {shown!r} is not in its canonical spelling: a key stands twice, keys are out of "
                "order, a default is spelled out, or there are spaces or escapes that are not needed. Write it again."
            )
        return value

    return decode


def to_text(value: object) -> str:
    """The encoder's hook: exact numbers become text, and no other type is known."""
    if isinstance(value, Fraction):
        return exact_text(value)
    raise TypeError(f"{type(value).__name__} has no canonical spelling")


def from_text(shape: type, value: object) -> object:
    """The decoder's hook: an exact number is read from its text, and no other type is known."""
    if shape is not Fraction:
        raise TypeError(f"{shape.__name__} has no canonical spelling")
    if not isinstance(value, str):
        raise ValueError("an exact number is written as text, such as `3` or `1/2`")  # noqa: TRY004 - msgspec expects it
    return parse_exact(value)


_ENCODER = msgspec.json.Encoder(order="sorted", enc_hook=to_text)


def _check(data: bytes) -> None:
    if data.isascii() and not _SUSPECT.search(b"," + data):
        return
    for token in _TOKEN.finditer(data):
        number = token["number"]
        if number is None:
            if token["colon"] and not token["string"].isascii():
                raise NotCanonical(f"The key {token['string'].decode()} is not written in ASCII letters.")
        elif not number.lstrip(b"-").isdigit():
            raise NumberNotAllowed(f"{number.decode()} is a float. Write whole numbers, or exact fractions as text.")
        elif abs(int(number[:_SHOWN])) > _LARGEST:
            raise NumberNotAllowed(f"{number[:_SHOWN].decode()} is too large: whole numbers in JSON stay below 2**53.")
