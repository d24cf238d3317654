"""The founding charter from Markdown: one title, then an article under each heading.

The convention: the first line that is not empty is `# Title`. Each `##` heading is an article; where `###` headings
follow under it, it is a section instead, whose articles they are. No text stands outside an article. Deeper headings
are part of an article's text. Headings count outside fenced code, and only in the form with `#`. An article's heading
ends with its permanent id, as in `## Heading {#some-id}`; without one the id is made from the heading, or, where the
heading has no plain letters, from the article's number.
"""

import unicodedata
from typing import Final

from app.founding.headings import Block, FenceOpen, blocks_of
from app.founding.problems import FoundingFileRefused, Problem
from app.founding.sheet import LARGEST
from governance.charter import ArticleContent, ArticleInvalid, check_article_id, check_content
from governance.ids import ArticleId
from governance.value import Value

LONGEST_TEXT: Final = 20_000
"""Bytes of UTF-8 that an article's text has at most, as in `governance.charter`."""
_SLUG_LENGTH: Final = 60
_TITLE, _SECTION, _ARTICLE = 1, 2, 3
_UNSEEN: Final = frozenset(("Cc", "Zl", "Zp"))
_DIRECTIONS: Final = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))


class FoundingArticle(Value, frozen=True):
    """An article of the founding charter. `text` is Markdown; `section` is the heading it stands under, if any."""

    id: ArticleId
    section: str | None
    heading: str
    text: str


class FoundingCharter(Value, frozen=True):
    """The founding charter: its title and its articles in order."""

    title: str
    articles: tuple[FoundingArticle, ...]


def read_charter(data: bytes, file: str = "charter.md") -> FoundingCharter:
    """The founding charter that a Markdown file holds.

    Raises:
        FoundingFileRefused: with every problem that the file has.
    """
    reading = _Reading(file)
    charter = reading.read(data)
    if reading.problems or charter is None:
        raise FoundingFileRefused(file, sorted(reading.problems, key=lambda problem: problem.row or 0))
    return charter


def slug(heading: str, number: int) -> str:
    """An id made from a heading: its plain letters and digits, with hyphens between words; else `article-<number>`."""
    folded = unicodedata.normalize("NFKD", heading.casefold())
    bare = "".join(sign for sign in folded if not unicodedata.combining(sign))
    words = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in bare).split()
    text = "-".join(words)[:_SLUG_LENGTH].strip("-").lstrip("0123456789-")
    return text or f"article-{number}"


class _Reading:
    """The pass over one file, which collects its problems."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.ids: dict[str, int] = {}
        self.signs_refused: set[int] = set()

    def refuse(self, line: int | None, code: str, detail: str) -> None:
        """Note a problem and go on."""
        self.problems.append(Problem(file=self.file, row=line, column=None, code=code, detail=detail))

    def read(self, data: bytes) -> FoundingCharter | None:
        """The charter, which counts only if there are no problems; None if the bytes cannot be read at all."""
        if len(data) > LARGEST:
            self.refuse(None, "file_too_large", f"The file has {len(data):,} bytes; at most {LARGEST:,} are read.")
            return None
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            self.refuse(line, "not_utf8", "This line is not UTF-8. Save the file again as UTF-8.")
            return None
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.check_signs(lines)
        try:
            preface, blocks = blocks_of(lines, _ARTICLE)
        except FenceOpen as open_fence:
            self.refuse(open_fence.line, "fence_open", "Fenced code begins here and never ends. Close it.")
            return None
        if preface is not None:
            self.refuse(
                preface, "text_before_heading", "Text stands before the first heading. Move it into an article."
            )
        title = self.title(blocks)
        articles = self.articles([block for block in blocks if block.level > _TITLE])
        if not articles:
            self.refuse(
                None, "no_articles", "The charter has no articles. Write each under a heading that begins with ##."
            )
        return FoundingCharter(title=title, articles=tuple(articles))

    def check_signs(self, lines: list[str]) -> None:
        """Refuse control characters, and those that change the direction of writing unseen."""
        for number, line in enumerate(lines, 1):
            if any((unicodedata.category(sign) in _UNSEEN and sign != "\t") or sign in _DIRECTIONS for sign in line):
                self.signs_refused.add(number)
                self.refuse(
                    number, "control_character", "The line has a control character, which nobody sees. Delete it."
                )

    def title(self, blocks: list[Block]) -> str:
        """The charter's title, which is the first heading and the only one with a single #."""
        titles = [block for block in blocks if block.level == _TITLE]
        if not blocks or blocks[0].level != _TITLE or not blocks[0].heading:
            line = blocks[0].line if blocks else None
            self.refuse(line, "title_missing", "The charter's first heading is its title. Write it as: # Title")
        for block in titles[1:]:
            self.refuse(block.line, "title_twice", "A charter has one title. Begin this heading with ##.")
        for block in titles:
            self.outside(block, "the title and the first article")
        return titles[0].heading if titles else ""

    def outside(self, block: Block, where: str) -> None:
        """Refuse text under a heading that is no article's."""
        if block.text:
            self.refuse(
                block.text_line, "text_outside_article", f"Text stands between {where}. Give it a heading of its own."
            )

    def articles(self, blocks: list[Block]) -> list[FoundingArticle]:
        """The articles in order, each under its section if it has one."""
        found: list[FoundingArticle] = []
        section: str | None = None
        for at, block in enumerate(blocks):
            if block.level == _SECTION:
                section = None
                if at + 1 < len(blocks) and blocks[at + 1].level == _ARTICLE:
                    section = block.heading
                    if not section:
                        self.refuse(block.line, "heading_empty", "The section has no heading. Write one after the ##.")
                    self.outside(block, "the section's heading and its first article")
                    if block.explicit is not None:
                        self.refuse(
                            block.line, "section_has_id", "A section has no id. Put it on an article's heading."
                        )
                    continue
            elif section is None:
                self.refuse(block.line, "section_missing", "This heading stands under no section. Begin it with ##.")
            found.append(self.article(block, section, len(found) + 1))
        return found

    def article(self, block: Block, section: str | None, number: int) -> FoundingArticle:
        """One article. What is wrong with it is noted."""
        made = slug(block.heading, number) if block.explicit is None else block.explicit
        article = FoundingArticle(id=ArticleId(made), section=section, heading=block.heading, text=block.text)
        size = len(block.text.encode())
        if not block.text:
            self.refuse(block.line, "article_empty", "The article has no text. Write it, or remove the heading.")
        elif size > LONGEST_TEXT:
            self.refuse(
                block.line, "article_too_long", f"The article has {size:,} bytes; at most 20,000 are allowed. Split it."
            )
        elif self.signs_refused.isdisjoint(range(block.line, block.text_line + block.text.count("\n") + 1)):
            try:
                check_content(ArticleContent(heading=block.heading, text=block.text, section=section or None))
            except ArticleInvalid as refusal:
                self.refuse(block.line, refusal.code, refusal.detail)
        try:
            check_article_id(article.id)
        except ArticleInvalid as refusal:
            self.refuse(block.line, "article_id_bad", refusal.detail)
        if (other := self.ids.setdefault(made, block.line)) != block.line:
            self.refuse(
                block.line,
                "article_id_twice",
                f"Line {other} has an article with the id {made[:80]!r} already. Write another one: {{#other-id}}",
            )
        return article
