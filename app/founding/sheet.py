"""Bytes of a CSV file into rows of text, whatever encoding, separator and line ends the spreadsheet wrote."""

import csv
import io
import re
from collections.abc import Callable
from typing import Final

from app.founding.problems import CellRefused
from governance.value import Value

LARGEST: Final = 5 * 1024 * 1024
"""Bytes that a founding file has at most."""
SEPARATORS: Final = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?(\r\n|\n|\r|$)', re.IGNORECASE)
# The two bytes of an accented letter in UTF-8; in real Windows-1252 text they would be "Ã" and a sign such as "±".
_UTF8_LETTER = re.compile(rb"[\xc2\xc3][\xa0-\xbf]")
_CONTROLS = frozenset(map(chr, (*range(0x20), 0x7F))) - frozenset("\t\n\r")


class Sheet(Value, frozen=True):
    """The rows of a file: the first is row 1 of the spreadsheet. `broken` is the problem that ended reading early."""

    rows: tuple[tuple[str, ...], ...]
    encoding: str
    separator: str
    broken: str | None = None


def read_sheet(data: bytes, fitness: Callable[[tuple[str, ...]], int]) -> Sheet:
    """The rows of a CSV file.

    The separator is what a first line `sep=;` says, and otherwise the first of `SEPARATORS` under which the first row
    that is not empty has the highest `fitness`.

    Raises:
        CellRefused: `file_too_large`, `not_text`, `encoding_mixed` or `separator_unknown`.
    """
    text, encoding = decode(data)
    if named := _SEPARATOR_LINE.match(text):
        separator = named[1]
        if separator not in SEPARATORS:
            raise CellRefused(
                "separator_unknown",
                f"The first line says that cells are separated by {separator!r}. Use a comma, semicolon, tab or |.",
            )
        text = text[named.end() :]
    else:
        separator = max(SEPARATORS, key=lambda candidate: _fit(text, candidate, fitness))
    rows, broken = _rows(text, separator)
    return Sheet(rows=rows, encoding=encoding, separator=separator, broken=broken)


def decode(data: bytes) -> tuple[str, str]:
    """The text of a file and its encoding: UTF-8, UTF-16 if it starts with a byte order mark, else Windows-1252.

    Raises:
        CellRefused: `file_too_large` (over `LARGEST`), `not_text` (a binary file, or control characters), or
            `encoding_mixed` (not UTF-8, and not Windows-1252 either, by the letters it has).
    """
    if len(data) > LARGEST:
        raise CellRefused(
            "file_too_large", f"The file has {len(data):,} bytes; at most {LARGEST:,} are read. Split it."
        )
    text, encoding = _decoded(data)
    if _CONTROLS & set(text):
        raise _not_text(data)
    return text, encoding


def _decoded(data: bytes) -> tuple[str, str]:
    """Decode by byte order mark, then as UTF-8, then as Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), "utf-16"
        except UnicodeDecodeError as error:
            raise _not_text(data) from error
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as error:
        if _UTF8_LETTER.search(data):
            raise CellRefused(
                "encoding_mixed",
                f"The file is UTF-8 in part only: byte {error.start + 1} breaks it. Save it again, as CSV in UTF-8.",
            ) from error
        try:
            return data.decode("cp1252"), "windows-1252"
        except UnicodeDecodeError as other:
            raise _not_text(data) from other


def _not_text(data: bytes) -> CellRefused:
    """The refusal of a binary file."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return CellRefused("not_text", "This is a spreadsheet or an archive, not text. Save it as CSV in UTF-8.")
    return CellRefused("not_text", "This is not a text file, or it has control characters. Save it as text in UTF-8.")


def _rows(text: str, separator: str) -> tuple[tuple[tuple[str, ...], ...], str | None]:
    """Every row, stripped of space around its cells, and what broke the reading, if anything did."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=True)
    rows = []
    try:
        for row in reader:
            rows.append(tuple(cell.strip() for cell in row))  # noqa: PERF401 - keeps the rows read before an error
    except csv.Error as error:
        return tuple(rows), str(error)
    return tuple(rows), None


def _fit(text: str, separator: str, fitness: Callable[[tuple[str, ...]], int]) -> int:
    """How well a separator explains the first row that is not empty."""
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=True)
    try:
        first = next((tuple(cell.strip() for cell in row) for row in reader if any(map(str.strip, row))), ())
    except csv.Error:
        return 0
    return fitness(first)
