"""The founding coops from a CSV file: all of them, or every problem of the file at once."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Final, TypeVar

from app.founding import cells
from app.founding.cells import DEFAULT_CATEGORY
from app.founding.columns import Column, column_of, fact_name_holds, known
from app.founding.problems import CellRefused, FoundingFileRefused, Problem
from app.founding.sheet import Sheet, read_sheet
from governance.names import Name, skeletons
from governance.value import Value

MOST_ROWS: Final = 20_000
REQUIRED: Final = ("name", "country", "cooperators")
T = TypeVar("T")


class FoundingCoop(Value, frozen=True):
    """A coop as the founding file has it. `contact` is personal data: it never enters the log nor any message."""

    name: Name
    country: str
    cooperators: int
    category: str = DEFAULT_CATEGORY
    services: tuple[str, ...] = ()
    since: date | None = None
    facts: Mapping[str, Fraction] = {}
    contact: str | None = None

    def __repr__(self) -> str:
        """Without the contact, so that no traceback or log line shows it."""
        return f"FoundingCoop(name={self.name!r}, country={self.country!r}, cooperators={self.cooperators!r})"


class CoopsTable(Value, frozen=True):
    """The coops of a file, in its order, the headings that were not read, and how its bytes were understood."""

    coops: tuple[FoundingCoop, ...]
    unused_columns: tuple[str, ...]
    encoding: str
    separator: str


def read_coops(data: bytes, file: str = "coops.csv") -> CoopsTable:
    """The coops that a CSV file lists.

    Raises:
        FoundingFileRefused: with every problem that the file has.
    """
    try:
        sheet = read_sheet(data, known)
    except CellRefused as refusal:
        problem = Problem(file=file, row=None, column=None, code=refusal.problem, detail=refusal.detail)
        raise FoundingFileRefused(file, [problem]) from refusal
    reading = _Reading(file)
    table = reading.read(sheet)
    if reading.problems:
        raise FoundingFileRefused(file, reading.problems)
    return table


class _Reading:
    """The pass over one file, which collects its problems."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.seen: dict[str, tuple[int, Name]] = {}

    def refuse(self, row: int | None, column: str | None, code: str, detail: str) -> None:
        """Note a problem and go on."""
        self.problems.append(Problem(file=self.file, row=row, column=column, code=code, detail=detail))

    def read(self, sheet: Sheet) -> CoopsTable:
        """Every row of the sheet. The result counts only if there are no problems."""
        filled = [(number, row) for number, row in enumerate(sheet.rows, 1) if any(row)]
        head, headings = filled[0] if filled else (1, ())
        columns = self.columns(head, headings)
        coops = []
        if not {column.holds for column in columns}.isdisjoint(REQUIRED):
            if len(filled) - 1 > MOST_ROWS:
                self.refuse(
                    None, None, "too_many_rows", f"There are over {MOST_ROWS:,} coops. Check that it is the right file."
                )
            else:
                coops = [self.coop(number, row, columns, headings) for number, row in filled[1:]]
        if sheet.broken is not None:
            self.refuse(
                len(sheet.rows) + 1,
                None,
                "csv_broken",
                f"From here on this is not CSV ({sheet.broken}). Look for a quotation mark without its partner.",
            )
        elif len(filled) < 2:  # noqa: PLR2004 - the headings and one coop
            self.refuse(None, None, "no_coops", "The file lists no coops. Write one coop a row below the headings.")
        read = {column.at for column in columns}
        unused = tuple(cell for at, cell in enumerate(headings) if cell and at not in read)
        return CoopsTable(
            coops=tuple(coop for coop in coops if coop is not None),
            unused_columns=unused,
            encoding=sheet.encoding,
            separator=sheet.separator,
        )

    def columns(self, head: int, headings: tuple[str, ...]) -> tuple[Column, ...]:
        """The columns that are read, in their order."""
        found = [column for at, cell in enumerate(headings) if (column := column_of(at, cell)) is not None]
        times = Counter(column.title for column in found)
        for title in (title for title, number in times.items() if number > 1):
            self.refuse(head, title, "column_twice", "Two columns have this meaning. Keep one of them.")
        for column in found:
            if column.holds == "fact" and not fact_name_holds(column.fact):
                self.refuse(
                    head,
                    column.title[:80],
                    "fact_name_bad",
                    "Name the number with letters and hyphens, as in fact:dues.",
                )
        for title in REQUIRED:
            if title not in times:
                self.refuse(
                    head,
                    title,
                    "column_missing",
                    f"There is no column {title!r}. The first row names the columns: {', '.join(REQUIRED)}, …",
                )
        return tuple(found)

    def coop(
        self, number: int, row: tuple[str, ...], columns: tuple[Column, ...], headings: tuple[str, ...]
    ) -> FoundingCoop | None:
        """The coop of one row, None if the row has a problem."""
        before = len(self.problems)
        if any(cell and (at >= len(headings) or not headings[at]) for at, cell in enumerate(row)):
            self.refuse(
                number,
                None,
                "row_too_long",
                "A cell has no heading above it. Quote cells that contain the separator, or name the column.",
            )
        texts = {column.title: row[column.at] if column.at < len(row) else "" for column in columns}
        name = self.cell(number, texts, "name", cells.name)
        country = self.cell(number, texts, "country", cells.country)
        cooperators = self.cell(number, texts, "cooperators", cells.cooperators)
        category = self.cell(number, texts, "category", cells.category)
        services = self.cell(number, texts, "services", cells.services)
        since = self.cell(number, texts, "since", cells.since)
        contact = self.cell(number, texts, "contact", cells.contact)
        numbers = {
            column.fact: self.cell(number, texts, column.title, partial(cells.fact, column.fact))
            for column in columns
            if column.holds == "fact"
        }
        if name is not None:
            self.distinct(number, name)
        if len(self.problems) > before or name is None or country is None or cooperators is None:
            return None
        return FoundingCoop(
            name=name,
            country=country,
            cooperators=cooperators,
            category=category or DEFAULT_CATEGORY,
            services=services or (),
            since=since,
            facts={fact: value for fact, value in numbers.items() if value is not None},
            contact=contact,
        )

    def cell(self, number: int, texts: Mapping[str, str], title: str, parse: Callable[[str], T]) -> T | None:
        """The value of one cell, None if its column is not there or it has a problem."""
        if title not in texts:
            return None
        try:
            return parse(texts[title])
        except CellRefused as refusal:
            self.refuse(number, title, refusal.problem, refusal.detail)
            return None

    def distinct(self, number: int, name: Name) -> None:
        """Note a name that an earlier row has, or one that looks like it."""
        looks = skeletons(name)
        other = next((self.seen[look] for look in sorted(looks) if look in self.seen), None)
        for look in looks:
            self.seen.setdefault(look, (number, name))
        if other is None:
            return
        row, known_as = other
        if known_as.casefold() == name.casefold():
            self.refuse(number, "name", "coop_duplicate", f"Row {row} has this coop already. Keep one of the two rows.")
        else:
            self.refuse(
                number,
                "name",
                "coop_look_alike",
                f"{name!r} looks like {known_as!r} in row {row}. Remove one, or write the names so that they differ.",
            )
