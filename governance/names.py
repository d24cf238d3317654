"""The identity of a coop's name: which names are legal, and which are one name to a reader's eye.

The result decides whether a record is legal, so it is frozen: normalisation and categories are those of Unicode 3.2,
which Python keeps for ever, and everything newer stands in `name_tables`. Case folding and combining classes of the
letters accepted here may not change, by Unicode's stability policies. After Unicode's UTS 39 (skeletons, mixed scripts:
its "highly restrictive" level, word by word) and RFC 5892 (joiners).
"""

from functools import lru_cache
from itertools import groupby
from typing import NewType
from unicodedata import ucd_3_2_0 as unicode

from governance import name_tables as tables
from governance.errors import Refusal
from governance.letters import INVISIBLE, JOINER, NON_JOINER, OPTIONAL_MARKS, SPACES, in_word, plain, script_of, words

Name = NewType("Name", str)
"""A name as `check_name` returns it."""

LONGEST = 120
"""Characters (code points) that a name has at most."""

_TOGETHER = (
    frozenset(("Latn", "Hani", "Hira", "Kana", "Bopo")),
    frozenset(("Latn", "Hani", "Hang")),
)
"""Scripts that one word may mix, as Japanese, Chinese and Korean do."""
_STROKES = str.maketrans({"i": "l", "1": "l", "|": "l", "0": "o"})
_VIRAMA = 9


class NameRefused(Refusal):
    """This is not a name that a coop can have."""

    code = "name_refused"


class NameEmpty(NameRefused):
    """The name is empty."""

    code = "name_empty"


class NameTooLong(NameRefused):
    """The name is too long."""

    code = "name_too_long"


class NameInvisibleCharacter(NameRefused):
    """The name has a character that nobody can see."""

    code = "name_invisible_character"


class NameUnknownCharacter(NameRefused):
    """The name has a character that names cannot have."""

    code = "name_unknown_character"


class NameMixedScripts(NameRefused):
    """A word of the name mixes scripts."""

    code = "name_mixed_scripts"


def _looks(text: str, *, pairs: bool = False) -> dict[str, str]:
    """A table of look-alikes, read from its text."""
    entries = (entry.partition("=") for entry in text.split())
    return {chr(int(source, 16)): chr(int(look, 16)) if pairs else look for source, _, look in entries}


_LATIN = str.maketrans(_looks(tables.LATIN_LOOKS) | _looks(tables.SCRIPT_LOOKS, pairs=True))
_CAPITAL = _looks(tables.SMALL_LOOKS) | _looks(tables.CAPITAL_LOOKS)
_SMALL = _looks(tables.CAPITAL_LOOKS) | _looks(tables.SMALL_LOOKS)


@lru_cache(maxsize=1_024)
def check_name(text: str) -> Name:
    """The name in its one spelling: composed (NFC), no space at either end, single plain spaces between words.

    A record carries this spelling and no other; tidying is for people who type and for spreadsheets.

    Raises:
        NameEmpty: nothing to see is left of it: no letter and no digit.
        NameTooLong: it has more than `LONGEST` characters.
        NameInvisibleCharacter: it has a control, invisible or direction-changing character, or a line break.
        NameUnknownCharacter: it has a character of no living script, or one too new for these tables (emoji are).
        NameMixedScripts: one of its words mixes, say, Latin and Cyrillic letters.
    """
    tidy = " ".join(part for part in text.translate(SPACES).split(" ") if part)
    _check_signs(tidy)
    name = unicode.normalize("NFC", tidy)
    if len(name) > LONGEST:
        raise NameTooLong(
            f"The name has {len(name)} characters, and at most {LONGEST} are allowed. Use a shorter form."
        )
    bare = plain(name)
    _check_scripts(bare)
    if not any(unicode.category(sign)[0] in "LNC" and sign not in OPTIONAL_MARKS for sign in bare):
        raise NameEmpty("The name is empty: it has no letter and no digit. Write the name that the coop is known by.")
    return Name(name)


def skeleton(name: Name) -> str:
    """What is left of a name when everything that readers overlook is taken away.

    Two names that differ in case, accents, spaces, hyphens, quotes, full stops or commas, in the width of letters, or
    in letters that look alike (`0` and `o`; `1`, `l` and `I`, and so `i`; a word spelled in another script) have the
    same one. It is not a name and not for people to read. To find look-alikes compare `skeletons`.
    """
    return _seen(name, _CAPITAL, _CAPITAL)


@lru_cache(maxsize=1_024)
def skeletons(name: Name) -> frozenset[str]:
    """`skeleton`, and what the name looks like set in small letters or with first capitals, where that differs.

    Greek nu looks like a Latin n as a capital and like a v when small. Two names are too like each other exactly if
    these sets have a member in common.
    """
    return frozenset((skeleton(name), _seen(name, _CAPITAL, _SMALL), _seen(name, _SMALL, _SMALL)))


def _check_signs(text: str) -> None:
    """Refuse what nobody can see and what the tables do not know."""
    for place, sign in enumerate(text):
        category = unicode.category(sign)
        if (category[0] in "CZ" and sign != " " and script_of(sign) is None) or sign in INVISIBLE:
            if sign in (NON_JOINER, JOINER) and _joins(text, place):
                continue
            code = f"U+{ord(sign):04X}"
            if category in ("Cn", "Co") and sign not in INVISIBLE:
                raise NameUnknownCharacter(
                    f"The name has the character {code}, which names cannot have (emoji and private signs are such). "
                    "Leave it out."
                )
            raise NameInvisibleCharacter(
                f"The name has the character {code}, which is invisible or a line break, so that two different names "
                "could look the same. Type the name anew without it."
            )


def _joins(text: str, place: int) -> bool:
    """Whether a joiner stands where a script needs one: after a virama, or apart between letters of Arabic script."""
    before = text[place - 1] if place else " "
    after = text[place + 1 : place + 2] or " "
    if unicode.combining(before) == _VIRAMA:
        return True
    return text[place] == NON_JOINER and script_of(before) == script_of(after) == "Arab"


def _check_scripts(bare: str) -> None:
    """Refuse letters of no living script, and words that mix scripts."""
    for word in words(bare):
        scripts = set()
        for sign in word:
            script = script_of(sign)
            if script is None and unicode.category(sign)[0] == "L":
                raise NameUnknownCharacter(
                    f"The name has the letter U+{ord(sign):04X}, which is of no script that is in use today. "
                    "Write the name in a living script."
                )
            scripts.add(script)
        scripts -= {None, "Zyyy", "Zinh"}
        if len(scripts) > 1 and not any(scripts <= family for family in _TOGETHER):
            raise NameMixedScripts(
                f"The word {word!r} mixes letters of different scripts, as forgeries of other names do. "
                "Write each word in one script."
            )


def _seen(name: Name, first: dict[str, str], others: dict[str, str]) -> str:
    """The skeleton of a name whose words begin with a letter seen as in `first` and go on as in `others`."""
    folded = unicode.normalize("NFKD", plain(name).casefold())
    bare = "".join(_digit(sign) for sign in folded if sign not in OPTIONAL_MARKS)
    composed = unicode.normalize("NFC", bare).translate(_LATIN)
    runs = groupby(composed, in_word)
    seen = "".join(_latin_look("".join(run), first, others) if word else "".join(run) for word, run in runs)
    return " ".join(seen.translate(_STROKES).split())


def _latin_look(word: str, first: dict[str, str], others: dict[str, str]) -> str:
    """The Latin word that a word in another script looks like, if each of its letters has a look-alike."""
    if not all(sign in first or unicode.category(sign)[0] == "N" for sign in word):
        return word
    return first.get(word[0], word[0]) + "".join(others.get(sign, sign) for sign in word[1:])


def _digit(sign: str) -> str:
    """A decimal digit of any script as the plain digit; anything else as it is."""
    value = unicode.decimal(sign, None)
    return sign if value is None else str(value)
