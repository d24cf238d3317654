"""Tables of a TOML file into values, field by field, as the types of the core have them. Every problem is noted.

A rule in a file has exactly the fields of `governance.rule.Rule`, and so on down to a requirement, so the files can say what
the model can say and no more. People's spelling: durations as `"14 days"`, exact numbers as `"2/3"` or `12`.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from difflib import get_close_matches
from fractions import Fraction
from typing import Final, TypeVar, cast

import msgspec
from msgspec import inspect

from app.founding.problems import Problem
from app.founding.sheet import LARGEST
from governance.exact import NotExact, parse_exact

T = TypeVar("T", bound=msgspec.Struct)
Table = Mapping[str, object]

_SHOWN: Final = 60
_LARGEST_INTEGER: Final = 10**9
_DURATION = re.compile(r"([0-9]{1,6}) ?(minute|hour|day|week)s?", re.ASCII)
_UNITS: Final = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
_LINE = re.compile(r" \(at line ([0-9]+), column [0-9]+\)")


class _Wrong:
    """Stands for a value that has a problem, which is noted."""


_WRONG: Final = _Wrong()


class Reading:
    """The pass over one file, which collects its problems. A place is written as `rule on charter, calls 2, after`."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def refuse(self, place: str | None, code: str, detail: str, row: int | None = None) -> None:
        """Note a problem and go on."""
        self.problems.append(Problem(file=self.file, row=row, column=place, code=code, detail=detail))

    def parse(self, data: bytes) -> Table:
        """The whole file as tables; empty, with a problem noted, if it is not TOML."""
        if len(data) > LARGEST:
            self.refuse(None, "file_too_large", f"The file has {len(data):,} bytes; at most {LARGEST:,} are read.")
            return {}
        try:
            return tomllib.loads(data.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            row = data.count(b"\n", 0, error.start) + 1
            self.refuse(None, "not_utf8", "This line is not UTF-8. Save the file again as UTF-8.", row)
        except tomllib.TOMLDecodeError as error:
            line = _LINE.search(str(error))
            said = _LINE.sub("", str(error))
            self.refuse(None, "toml_broken", f"This is not TOML: {said}. Correct it.", int(line[1]) if line else None)
        except (ValueError, RecursionError):
            # An integer of thousands of digits, or brackets nested thousands deep: Python's own limits.
            self.refuse(None, "toml_broken", "The file has a number or a nesting beyond all use. Take it out.")
        return {}

    def known_keys(self, place: str | None, table: Table, known: tuple[str, ...]) -> None:
        """Refuse keys that have no meaning here, with the nearest one that has."""
        for key in table:
            if key not in known:
                near = get_close_matches(key, known, 1)
                hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
                self.refuse(
                    within(place, key),
                    "key_unknown",
                    f"{key[:_SHOWN]!r} has no meaning here. {hint} Nothing is ignored.",
                )

    def struct(self, place: str, value: object, of: type[T], base: T | None = None) -> T | None:
        """A table as a struct, over the fields of `base` where it is given; None if it has a problem."""
        made = self._struct(place, value, cast("inspect.StructType", inspect.type_info(of)), base)
        return None if isinstance(made, _Wrong) else cast("T", made)

    def text(self, table: Table, key: str, default: str | None = None) -> str | None:
        """A text at the top of the file; None if it is missing, with a problem noted, or has one."""
        if key not in table:
            if default is None:
                self.refuse(key, "key_missing", f"The file says no {key}. Write it, before the first line in brackets.")
            return default
        value = self._value(key, table[key], inspect.StrType())
        return value if isinstance(value, str) else None

    def _struct(
        self, place: str, value: object, kind: inspect.StructType, base: msgspec.Struct | None = None
    ) -> object:
        if not isinstance(value, dict):
            return self._type(place, value, "a table")
        known = tuple(field.name for field in kind.fields)
        before = len(self.problems)
        self.known_keys(place, value, known)
        fields = {}
        for field in kind.fields:
            if field.name in value:
                fields[field.name] = self._value(within(place, field.name), value[field.name], field.type)
            elif field.required and base is None:
                self.refuse(within(place, field.name), "key_missing", f"{field.name} is missing. Say it.")
        if len(self.problems) > before:
            return _WRONG
        return kind.cls(**fields) if base is None else msgspec.structs.replace(base, **fields)

    def _value(self, place: str, value: object, kind: inspect.Type) -> object:  # noqa: C901, PLR0911 - one case for each type
        if isinstance(kind, inspect.UnionType):
            # TOML has no null, so of a type or nothing only the type can be written.
            kind = next(each for each in kind.types if not isinstance(each, inspect.NoneType))
        match kind:
            case inspect.StructType():
                return self._struct(place, value, kind)
            case inspect.VarTupleType(item_type=item):
                return self._list(place, value, item)
            case inspect.CustomType():
                return self._number(place, value)
            case inspect.TimeDeltaType():
                return self._duration(place, value)
            case inspect.LiteralType(values=words):
                if isinstance(value, str) and value in words:
                    return value
                if isinstance(value, str):
                    self.refuse(
                        place, "word_unknown", f"{value[:_SHOWN]!r} is none of the words for this: {_listed(words)}."
                    )
                    return _WRONG
                return self._type(place, value, f"one of {_listed(words)}, in quotes")
            case inspect.BoolType():
                return value if isinstance(value, bool) else self._type(place, value, "true or false, without quotes")
            case inspect.IntType():
                return self._integer(place, value)
            case _:
                return value if isinstance(value, str) else self._type(place, value, "a text in quotes")

    def _list(self, place: str, value: object, item: inspect.Type) -> object:
        if not isinstance(value, list):
            return self._type(place, value, "a list in square brackets")
        made = [self._value(f"{place} {number}", each, item) for number, each in enumerate(value, 1)]
        return _WRONG if _WRONG in made else tuple(made)

    def _integer(self, place: str, value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, int):
            return self._type(place, value, "a whole number, without quotes")
        if abs(value) > _LARGEST_INTEGER:
            self.refuse(place, "number_too_large", "The number is beyond all use: over 1,000,000,000. Correct it.")
            return _WRONG
        return value

    def _number(self, place: str, value: object) -> object:
        if isinstance(value, int) and not isinstance(value, bool):
            whole = self._integer(place, value)
            return Fraction(whole) if isinstance(whole, int) else whole
        if not isinstance(value, str):
            return self._type(place, value, 'an exact number in quotes, such as "2/3" or "12"')
        try:
            return parse_exact(value)
        except NotExact as refusal:
            self.refuse(place, refusal.code, refusal.detail)
            return _WRONG

    def _duration(self, place: str, value: object) -> object:
        if not isinstance(value, str):
            return self._type(place, value, 'a duration in quotes, such as "14 days"')
        if found := _DURATION.fullmatch(value):
            return int(found[1]) * _UNITS[found[2]]
        self.refuse(
            place,
            "duration_bad",
            f"{value[:_SHOWN]!r} is no duration. Write a whole number of minutes, hours, days or weeks, such as "
            '"14 days". Months and years differ in length: say the days.',
        )
        return _WRONG

    def _type(self, place: str, value: object, wanted: str) -> _Wrong:
        if isinstance(value, float):
            self.refuse(
                place,
                "float_refused",
                f"{value!r} is a number with a decimal point, which computers round. Write {wanted}.",
            )
        else:
            self.refuse(place, "value_type_wrong", f"This is {_said(value)}. Write {wanted}.")
        return _WRONG


def within(place: str | None, key: str) -> str:
    """The place of a key in a table."""
    return f"{place}, {shown(key)}" if place else shown(key)


def shown(text: str) -> str:
    """A text from a file as a message can show it: shortened, and with signs that do not print spelled out."""
    return text[:_SHOWN] if text.isprintable() else ascii(text[:_SHOWN])


def _listed(words: Iterable[object]) -> str:
    return ", ".join(str(word) for word in words)


def _said(value: object) -> str:
    match value:
        case bool():
            return "true or false"
        case str():
            return "a text"
        case int():
            return "a whole number"
        case dict():
            return "a table"
        case list():
            return "a list"
        case _:
            return "a day or time"
