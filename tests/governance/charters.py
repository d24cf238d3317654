"""Small charters for tests, and operations on them: an article `x` says "x", and a new content is named by its text's hash."""

import hashlib
from string import ascii_letters

from governance.charter import (
    Add,
    ArticleContent,
    Charter,
    Move,
    Operation,
    Replace,
    Strike,
    amended,
    check_operations,
    content_digest,
    found_article,
)
from governance.ids import ArticleId, HashText, TextHash


def content(text: str) -> ArticleContent:
    return ArticleContent(heading=f"Heading {text}", text=text)


def digest(text: str) -> HashText:
    return content_digest(content(text))


def hashed(text: str) -> HashText:
    """Stands for the salted hash of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def charter(*articles: str) -> Charter:
    """A founding charter."""
    founded = Charter()
    for article in articles:
        founded = found_article(founded, ArticleId(article), content(article))
    return founded


def add(article: str, after: str | None = None) -> Add:
    return Add(article=ArticleId(article), text=hashed(article), after=None if after is None else ArticleId(after))


def replace(article: str, text: str, base: str | None = None) -> Replace:
    """Replace what says `base`, or an article that still says its own name."""
    return Replace(article=ArticleId(article), base=digest(base or article), text=hashed(text))


def move(article: str, after: str | None = None) -> Move:
    return Move(article=ArticleId(article), after=None if after is None else ArticleId(after))


def strike(article: str, base: str | None = None) -> Strike:
    return Strike(article=ArticleId(article), base=digest(base or article))


LETTERS = {TextHash(hashed(text)): content(text) for text in ascii_letters}
"""The contents of all texts that these charters have."""


def amend(before: Charter, *operations: Operation, base: int | None = None) -> Charter:
    """The charter after a change that is checked first, written on `base` or on the version in force."""
    written_on = before.version if base is None else base
    check_operations(before, written_on, operations)
    return amended(before, written_on, operations, LETTERS)


def order(of: Charter) -> str:
    """The articles' ids in their order."""
    return "".join(article.id for article in of.articles)


def said(of: Charter) -> dict[str, str]:
    """What each article says."""
    return {article.id: article.content.text for article in of.articles}
