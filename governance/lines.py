"""Lines and texts that people write, apart from names: which characters they may have.

The answer decides whether a record is legal, so it must not depend on the version of Unicode that a Python knows, as
`str.isprintable` and `str.strip` do. What is refused are characters of these ranges, for ever, and nothing else.
"""

import re
from typing import Final

_CONTROL: Final = "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff"
"""Control characters but tab and line feed, and halves of surrogate pairs. A database may refuse to store them."""
_HIDDEN: Final = "\u200b\u2028-\u202e\u2060-\u2069\ufeff"
"""What nobody sees but what breaks lines or turns their direction. Joiners and direction marks stay: scripts need them."""
_BLANK: Final = "\t\n \xa0\xad\u034f\u1680\u180e\u2000-\u200f\u202f\u205f\u2800\u3000\u3164"

_NOT_IN_TEXT: Final = re.compile(f"[{_CONTROL}]")
_NOT_IN_LINE: Final = re.compile(f"[\t\n{_CONTROL}{_HIDDEN}]")
_EMPTY: Final = re.compile(f"[{_BLANK}]*")


def problem_of_line(line: str, longest: int) -> str | None:
    """What is wrong with a line of at most `longest` characters, as the end of a sentence; None if nothing is."""
    if len(line) > longest:
        return f"has {len(line)} characters, and at most {longest} are allowed"
    return _problem(line, _NOT_IN_LINE)


def problem_of_text(text: str) -> str | None:
    """What is wrong with a text of any length and number of lines, as the end of a sentence; None if nothing is."""
    return _problem(text, _NOT_IN_TEXT)


def _problem(text: str, refused: re.Pattern[str]) -> str | None:
    if _EMPTY.fullmatch(text):
        return "is empty"
    if found := refused.search(text):
        return f"has the character U+{ord(found[0]):04X}, which is invisible or a line break"
    return None
