"""Markdown split at its headings (CommonMark's ATX headings, outside fenced code), and nothing else of Markdown."""

import re

from governance.errors import FormatError
from governance.value import Value

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")


class Block(Value, frozen=True):
    """A heading and the text below it. Lines count from 1; `explicit` is what `{#…}` at the heading's end says."""

    level: int
    line: int
    heading: str
    explicit: str | None
    text: str
    text_line: int


class FenceOpen(FormatError):
    """Fenced code is not closed."""

    code = "fence_open"

    def __init__(self, line: int) -> None:
        """Take the line, from 1, on which the code begins."""
        super().__init__(f"Fenced code begins on line {line} and never ends. Close it.")
        self.line = line


def blocks_of(lines: list[str], deepest: int) -> tuple[int | None, list[Block]]:
    """The line of any text before the first heading, and a block for each heading of at most `deepest` marks.

    Raises:
        FenceOpen: fenced code runs to the end of the file, and would hide the headings in it.
    """
    starts = [(at, match) for at, match in _headings(lines) if len(match[1]) <= deepest]
    bounds = [at for at, _ in starts] + [len(lines)]
    preface = next((at + 1 for at in range(bounds[0]) if lines[at].strip()), None)
    return preface, [_block(lines, at, end, match) for (at, match), end in zip(starts, bounds[1:], strict=True)]


def _block(lines: list[str], at: int, end: int, match: re.Match[str]) -> Block:
    """The block of a heading, whose text goes up to the line before `end`."""
    heading, explicit = _id_apart(_unclosed((match[2] or "").strip()))
    below = range(at + 1, end)
    return Block(
        level=len(match[1]),
        line=at + 1,
        heading=heading,
        explicit=explicit,
        text="\n".join(lines[at + 1 : end]).strip(),
        text_line=next((line + 1 for line in below if lines[line].strip()), at + 1),
    )


def _unclosed(heading: str) -> str:
    """A heading without the marks that may close it, which a space sets apart."""
    bare = heading.rstrip("#")
    return bare.rstrip() if not bare or bare[-1] in " \t" else heading


def _id_apart(heading: str) -> tuple[str, str | None]:
    """A heading and the id in braces at its end, if there is one."""
    before, opening, name = heading.removesuffix("}").rpartition("{#")
    if not opening or not heading.endswith("}") or "{" in name or "}" in name:
        return heading, None
    return before.rstrip(), name


def _headings(lines: list[str]) -> list[tuple[int, re.Match[str]]]:
    """Every heading outside fenced code, with its place from 0."""
    found = []
    fence, opened = "", 0
    for at, line in enumerate(lines):
        mark = _FENCE.fullmatch(line)
        if fence:
            if mark and mark[1].startswith(fence) and not mark[2].strip():
                fence = ""
        elif mark and not (mark[1][0] == "`" and "`" in mark[2]):
            fence, opened = mark[1], at + 1
        elif heading := _HEADING.fullmatch(line):
            found.append((at, heading))
    if fence:
        raise FenceOpen(opened)
    return found
