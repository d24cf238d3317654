"""Characters of names as Unicode 3.2 and the frozen tables know them: scripts, words, signs that readers overlook."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import groupby
from unicodedata import ucd_3_2_0 as unicode

from governance import name_tables as tables

SPACES = dict.fromkeys((0x20, 0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
"""Everything that looks like a space, for `str.translate`."""

NON_JOINER, JOINER = "\u200c", "\u200d"

INVISIBLE = frozenset(
    map(
        chr,
        (
            *(0xAD, 0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, 0xFFFC, 0xFFFD),
            *(0x61C, *range(0x180B, 0x180F), *range(0x2064, 0x206A), *range(0xFE00, 0xFE10)),
        ),
    )
)
"""Fillers, blanks, variation selectors and others that Unicode 3.2 does not count among control characters."""

# Accents, vowel points, the stretching of Arabic, joiners: what people leave out. Vowel signs of Indic scripts stay.
OPTIONAL_MARKS = frozenset(
    map(
        chr,
        (
            *(
                *range(0x300, 0x370),
                *range(0x483, 0x488),
                *range(0x591, 0x5BE),
                0x5BF,
                0x5C1,
                0x5C2,
                0x5C4,
                0x5C5,
                0x5C7,
            ),
            *(*range(0x610, 0x61B), 0x640, *range(0x64B, 0x660), 0x670, *range(0x6D6, 0x6DD), 0x200C, 0x200D),
        ),
    )
)

_DASHES = dict.fromkeys((0x2D, 0x2F, 0x5F, 0x5BE, *range(0x2010, 0x2016), 0x2043, 0x2212, 0x30FB), " ")
_QUOTES = dict.fromkeys(
    (
        *(0x22, 0x27, 0x2C, 0x2E, 0x60, 0xAB, 0xB4, 0xB7, 0xBB, 0x2B9, 0x2BB, 0x2BC, 0x2BD, 0x2C8, 0x2CA, 0x2CB),
        *(0x5F3, 0x5F4, *range(0x2018, 0x2020), *range(0x2032, 0x2038), 0x2039, 0x203A),
    ),
    "",
)
_OVERLOOKED = {**_DASHES, **_QUOTES}


def _ranges() -> list[tuple[int, int, str]]:
    """`SCRIPT_RANGES` as sorted triples of first and last code point and script."""
    spans = ((span.partition("-"), script) for script, text in tables.SCRIPT_RANGES.items() for span in text.split())
    return sorted((int(first, 16), int(last or first, 16), script) for (first, _, last), script in spans)


_RANGES = _ranges()
_STARTS = [first for first, _, _ in _RANGES]


def script_of(sign: str) -> str | None:
    """The ISO 15924 code of a letter's or mark's script, `None` for what the tables do not list."""
    at = bisect_right(_STARTS, ord(sign)) - 1
    if at < 0:
        return None
    _, last, script = _RANGES[at]
    return script if ord(sign) <= last else None


def in_word(sign: str) -> bool:
    """Whether a character is part of a word: a letter, a mark, a digit or a joiner."""
    return unicode.category(sign)[0] in "LMN" or sign in (JOINER, NON_JOINER) or script_of(sign) is not None


def words(text: str) -> Iterator[str]:
    """The runs of letters, marks and digits."""
    return ("".join(run) for word, run in groupby(text, in_word) if word)


def plain(name: str) -> str:
    """A name in compatibility form (NFKC), without quotes and stops, its hyphens and slashes as spaces.

    Signs are looked for before and after: the form turns an acute accent standing for an apostrophe into a space, and
    it turns full-width signs into plain ones.
    """
    return unicode.normalize("NFKC", name.translate(_OVERLOOKED)).translate(_OVERLOOKED)
