"""The values charter: numbered articles in versions. Ids are for ever; numbers are presentation."""

import hashlib
import re
from collections.abc import Mapping
from typing import Final

from governance.canonical import encode
from governance.errors import Refusal
from governance.ids import SLUG_PATTERN, ArticleId, Digest, HashText, TextHash
from governance.lines import problem_of_line, problem_of_text
from governance.value import Value

_DOMAIN: Final = b"rochdale/article/v1\n"
_LONGEST_ID: Final = 80
_LONGEST_HEADING: Final = 200
_LONGEST_TEXT: Final = 20_000


class ArticleInvalid(Refusal):
    """This cannot be an article of the charter."""

    code = "article_invalid"


class AmendmentInvalid(Refusal):
    """These changes to the charter contradict each other or name what is not there."""

    code = "amendment_invalid"


class AmendmentOutdated(Refusal):
    """The charter has changed in the same place since this was written."""

    code = "amendment_outdated"


class ArticleContent(Value):
    """What an article says. `section` groups articles under a heading of the whole document; `text` is Markdown."""

    heading: str
    text: str
    section: str | None = None


class Article(Value):
    """An article in force. `base` names its content, `anchor` the article it was placed after, in version `placed`."""

    id: ArticleId
    content: ArticleContent
    base: Digest
    placed: int
    anchor: ArticleId | None = None


class Charter(Value):
    """A version of the charter. `struck` are ids that were once in use and never will be again."""

    version: int = 0
    articles: tuple[Article, ...] = ()
    struck: tuple[ArticleId, ...] = ()


class Add(Value, tag_field="op", tag="add"):
    """Put a new article after another, or first."""

    article: ArticleId
    text: HashText
    after: ArticleId | None = None


class Replace(Value, tag_field="op", tag="replace"):
    """Give an article a new content. `base` is the digest of the content that the author saw."""

    article: ArticleId
    base: HashText
    text: HashText


class Move(Value, tag_field="op", tag="move"):
    """Put an article after another, or first."""

    article: ArticleId
    after: ArticleId | None = None


class Strike(Value, tag_field="op", tag="strike"):
    """Take an article out. `base` is the digest of the content that the author saw."""

    article: ArticleId
    base: HashText


Operation = Add | Replace | Move | Strike


class Conflict(Value):
    """Where a change carried in between is in the way: the article, and whether it was changed or struck."""

    article: ArticleId
    reason: str


def content_digest(content: ArticleContent) -> Digest:
    """The digest that names an article's content: SHA-256 over a domain line and the content's canonical JSON."""
    return Digest(hashlib.sha256(_DOMAIN + encode(content)).hexdigest())


def check_content(content: ArticleContent) -> None:
    """Refuse content that could not be printed or logged.

    Raises:
        ArticleInvalid: no heading or text, one that is too long (200 characters, 20,000 bytes), or control characters.
    """
    headings = (content.heading,) if content.section is None else (content.heading, content.section)
    for heading in headings:
        if problem := problem_of_line(heading, _LONGEST_HEADING):
            raise ArticleInvalid(f"The heading {heading[:80]!r} {problem}. Write it on one line.")
    if problem := problem_of_text(content.text):
        raise ArticleInvalid(f"The text of the article {content.heading!r} {problem}. Correct it.")
    if len(content.text.encode()) > _LONGEST_TEXT:
        raise ArticleInvalid(f"The text of the article {content.heading!r} has over 20,000 bytes. Divide it.")


def check_article_id(article: ArticleId) -> None:
    """Refuse an id that is no slug of at most 80 characters.

    Raises:
        ArticleInvalid: any other spelling.
    """
    if len(article) > _LONGEST_ID or not re.fullmatch(SLUG_PATTERN, article):
        raise ArticleInvalid(f"{article[:80]!r} cannot name an article. Use lower-case letters, digits and hyphens.")


def found_article(charter: Charter, article: ArticleId, content: ArticleContent) -> Charter:
    """The founding charter with one more article at its end; it becomes version 1."""
    anchor = charter.articles[-1].id if charter.articles else None
    added = Article(id=article, content=content, base=content_digest(content), placed=1, anchor=anchor)
    return Charter(version=1, articles=(*charter.articles, added))


def conflicts(charter: Charter, operations: tuple[Operation, ...]) -> tuple[Conflict, ...]:
    """Where the charter in force is not what the operations were written on: a changed base, a struck article or anchor."""
    found = []
    present = {article.id: article.base for article in charter.articles}
    added = {operation.article for operation in operations if isinstance(operation, Add)}
    for operation in operations:
        if isinstance(operation, Add | Move):
            after = operation.after
            if after is not None and after not in present and after not in added:
                found.append(Conflict(article=after, reason="anchor_struck"))
        if isinstance(operation, Replace | Strike | Move) and operation.article not in present:
            found.append(Conflict(article=operation.article, reason="struck"))
        elif isinstance(operation, Replace | Strike) and present[operation.article] != operation.base:
            found.append(Conflict(article=operation.article, reason="changed"))
        elif isinstance(operation, Add) and (operation.article in present or operation.article in charter.struck):
            found.append(Conflict(article=operation.article, reason="id_taken"))
    return tuple(found)


def check_operations(charter: Charter, base: int, operations: tuple[Operation, ...]) -> None:
    """Refuse operations that cannot be carried out on the charter in force, whatever happens meanwhile.

    Raises:
        AmendmentInvalid: none at all, one article changed twice, an article or anchor that never was, an anchor that the same
            proposal strikes or has not yet added, an article placed after itself, a version that does not exist, or nothing
            left of the charter.
        ArticleInvalid: a new article whose id is no slug.
        AmendmentOutdated: an article it touches has changed, or is gone, since the version it was written on.
    """
    if not operations or len(operations) > 100:  # noqa: PLR2004 - said in the message
        raise AmendmentInvalid("A change of the charter has between 1 and 100 operations.")
    if not 1 <= base <= charter.version:
        raise AmendmentInvalid(f"There is no version {base} of the charter. The latest is {charter.version}.")
    added = {operation.article for operation in operations if isinstance(operation, Add)}
    _check_names(operations, {*(article.id for article in charter.articles), *charter.struck, *added})
    gone = _check_order(operations, added)
    if len(charter.articles) + len(added) <= len(gone):
        raise AmendmentInvalid("Nothing would be left of the charter. Keep at least one article.")
    if found := conflicts(charter, operations):
        places = ", ".join(f"{conflict.article} ({conflict.reason})" for conflict in found)
        raise AmendmentOutdated(
            f"The charter has changed since version {base} in: {places}. Write the change on version {charter.version}."
        )


def _check_names(operations: tuple[Operation, ...], known: set[ArticleId]) -> None:
    for operation in operations:
        if isinstance(operation, Add):
            check_article_id(operation.article)
        after = operation.after if isinstance(operation, Add | Move) else None
        for named in (operation.article, after):
            if named is not None and named not in known:
                raise AmendmentInvalid(f"There is and was no article {named[:80]!r}. Name one of the charter's.")


def _check_order(operations: tuple[Operation, ...], added: set[ArticleId]) -> set[ArticleId]:
    """Refuse operations that get into each other's way; give the articles that are struck."""
    touched: set[tuple[ArticleId, bool]] = set()
    gone: set[ArticleId] = set()
    to_come = set(added)
    for operation in operations:
        article = operation.article
        # An article is worded once and moved once; a new one is placed and worded by its addition alone.
        key = (article, isinstance(operation, Move) and article not in added)
        if key in touched or article in gone:
            raise AmendmentInvalid(f"The article {article!r} is changed twice. Say it in one operation.")
        touched.add(key)
        if isinstance(operation, Strike):
            gone.add(article)
        elif isinstance(operation, Add | Move):
            to_come.discard(article)
            if operation.after in (article, *gone, *to_come):
                raise AmendmentInvalid(f"{article!r} cannot be placed after {operation.after!r} in this change.")
    return gone


def amended(
    charter: Charter, base: int, operations: tuple[Operation, ...], contents: Mapping[TextHash, ArticleContent]
) -> Charter:
    """The next version of the charter. The operations must have no conflicts, and `contents` every text they name.

    New articles at one anchor stand in the order in which they were enacted: one goes behind those that were placed at the
    same anchor since the version `base` that it was written on, and behind what was placed after those in turn.
    """
    version = charter.version + 1
    articles = list(charter.articles)
    struck = list(charter.struck)
    for operation in operations:
        at = next((i for i, article in enumerate(articles) if article.id == operation.article), None)
        if isinstance(operation, Replace):
            content = contents[TextHash(operation.text)]
            articles[_found(at)] = _with_content(articles[_found(at)], content)
        elif isinstance(operation, Strike):
            del articles[_found(at)]
            struck.append(operation.article)
        else:
            content = (
                articles.pop(_found(at)).content if isinstance(operation, Move) else contents[TextHash(operation.text)]
            )
            placed = Article(
                id=operation.article,
                content=content,
                base=content_digest(content),
                placed=version,
                anchor=operation.after,
            )
            articles.insert(_place(articles, operation.after, base), placed)
    return Charter(version=version, articles=tuple(articles), struck=tuple(struck))


def _found(at: int | None) -> int:
    if at is None:
        raise AmendmentInvalid("An article that this changes is not in the charter.")
    return at


def _with_content(article: Article, content: ArticleContent) -> Article:
    return Article(
        id=article.id, content=content, base=content_digest(content), placed=article.placed, anchor=article.anchor
    )


def _place(articles: list[Article], after: ArticleId | None, base: int) -> int:
    at = 0
    if after is not None:
        at = _found(next((i for i, article in enumerate(articles) if article.id == after), None)) + 1
    anchors = {after}
    while at < len(articles) and articles[at].anchor in anchors and articles[at].placed > base:
        anchors.add(articles[at].id)
        at += 1
    return at
