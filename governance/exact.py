"""Exact numbers as text: `3`, `-3`, `1/2`. One spelling for each number; no floats anywhere."""

import re
from fractions import Fraction
from typing import Final

from governance.errors import FormatError

_LONGEST = 400
_SHOWN = 64
_SPELLING = re.compile(r"-?(0|[1-9][0-9]*)(/[1-9][0-9]*)?", re.ASCII)
SMALL: Final = tuple(Fraction(number) for number in range(1_024))
"""The whole numbers from 0: most numbers of a log are small, and making a fraction takes long, as does comparing two objects."""
_SMALL: Final = {str(number): fraction for number, fraction in enumerate(SMALL)}


class NotExact(FormatError):
    """This is not an exact number in its one spelling."""

    code = "number_not_exact"


def exact_text(number: Fraction | int) -> str:
    """The one spelling of a number: an integer, or a fraction in lowest terms as `a/b`."""
    numerator, denominator = number.as_integer_ratio()
    return str(numerator) if denominator == 1 else f"{numerator}/{denominator}"


def parse_exact(text: str) -> Fraction:
    """Read what `exact_text` writes.

    Raises:
        NotExact: any other spelling, such as `0.5`, `2/4`, `+1` or `01`, or a text of over 400 characters.
    """
    if (known := _SMALL.get(text)) is not None:
        return known
    if len(text) <= _LONGEST and _SPELLING.fullmatch(text):
        value = Fraction(text)
        if exact_text(value) == text:
            return value
    raise NotExact(f"{text[:_SHOWN]!r} is not an exact number. Write an integer such as 12, or a fraction such as 2/3.")
