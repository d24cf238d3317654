"""What is wrong with a founding file: every problem at once, each with its place and a permanent code."""

from collections.abc import Iterable
from typing import Final

from governance.errors import FormatError
from governance.value import Value

_SHOWN: Final = 5


class Problem(Value, frozen=True):
    """One thing wrong with a file.

    `row` is the row that a spreadsheet shows, counted from 1 (the headings are row 1), or a text file's line;
    `column` is the column's heading in English. Either is None where the whole file is meant. `detail` says what to
    do and never quotes personal data.
    """

    file: str
    row: int | None
    column: str | None
    code: str
    detail: str

    def __str__(self) -> str:
        """The problem on one line, as compilers write theirs: file, row, column, what to do, code."""
        place = ":".join([self.file, *([str(self.row)] if self.row is not None else [])])
        column = f"{self.column}: " if self.column is not None else ""
        return f"{place}: {column}{self.detail} [{self.code}]"


class FoundingFileRefused(FormatError):
    """A founding file has problems, and nothing of it was taken over."""

    code = "founding_file_refused"

    def __init__(self, file: str, problems: Iterable[Problem]) -> None:
        """Take every problem of one file, in the order of its rows."""
        self.problems = tuple(problems)
        shown = "\n".join(f"  {problem}" for problem in self.problems[:_SHOWN])
        more = len(self.problems) - _SHOWN
        rest = f"\n  and {more} more" if more > 0 else ""
        super().__init__(
            f"{file} has problems ({len(self.problems)}), and nothing of it was taken over. Put right:\n{shown}{rest}"
        )


class CellRefused(FormatError):
    """A cell of a founding file does not hold what its column asks for."""

    def __init__(self, code: str, detail: str) -> None:
        """Take the problem's code and what to do about it."""
        super().__init__(detail)
        self.problem = code
