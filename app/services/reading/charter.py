"""The charter, in any of its versions, and the history of each article."""

from typing import Any, Final

from piccolo.querystring import QueryString

from app.services.reading.when import asked_instant
from app.services.serving import Service
from app.store.log_reading import Run
from app.store.moment import at_one_moment
from governance.errors import Refusal
from governance.ids import ArticleId, Digest, ProposalId
from governance.instants import Instant
from governance.value import Value

_VERSIONS: Final = (
    'SELECT "version", "since", "seq", "proposal", LEAD("since") OVER (ORDER BY "version") AS "until" '
    'FROM "charter_version"'
)
_ARTICLES: Final = '"version", "position", "article", "heading", "section", "text", "base"'


class VersionUnknown(Refusal):
    """There is no such version."""

    code = "version_unknown"


class ArticleUnknown(Refusal):
    """The charter has never had such an article."""

    code = "article_unknown"


class CharterVersionView(Value):
    """A version of the charter, in force from `since` until `until`, or still. `proposal` made it by the entry `seq`."""

    version: int
    since: Instant
    until: Instant | None
    proposal: ProposalId | None
    seq: int


class CharterVersionsView(Value):
    """Every version of the charter, newest first."""

    items: tuple[CharterVersionView, ...]


class ArticleView(Value):
    """An article. `number` is its present place, from 1; `base` names its content, for a proposal to change it."""

    id: ArticleId
    number: int
    heading: str
    section: str | None
    text: str
    base: Digest


class CharterView(Value):
    """The charter in one version."""

    version: CharterVersionView
    articles: tuple[ArticleView, ...]


class ArticleVersion(Value):
    """What an article said from a version of the charter on."""

    version: CharterVersionView
    article: ArticleView


class ArticleHistory(Value):
    """An article as it was, newest first: a version for each change of its content. `struck` took it out."""

    id: ArticleId
    struck: CharterVersionView | None
    items: tuple[ArticleVersion, ...]


async def read_charter(service: Service, *, version: int | None = None, at: str | None = None) -> CharterView:
    """The charter at present, in a version, or at an instant.

    Raises:
        VersionUnknown: there is no such version, or there was no charter yet.
        NotAnInstant: `at` is no instant or day.
    """
    when = None if at is None else asked_instant(at)
    async with at_one_moment(service.engine) as run:
        found = None
        for one in await _versions(run):
            if (version is None or one.version == version) and (when is None or one.since <= when):
                found = one
        if found is None:
            raise VersionUnknown("The charter has no such version. `/api/v1/charter/versions` lists them.")
        rows = await run(
            QueryString(
                f'SELECT {_ARTICLES} FROM "charter_article" WHERE "version" = {{}} ORDER BY "position"',  # noqa: S608 - only our words
                found.version,
            )
        )
    return CharterView(version=found, articles=tuple(map(_article, rows)))


async def list_versions(service: Service) -> CharterVersionsView:
    """Every version of the charter."""
    async with at_one_moment(service.engine) as run:
        return CharterVersionsView(items=tuple(reversed(await _versions(run))))


async def read_article(service: Service, article: str) -> ArticleHistory:
    """An article as it is and was.

    Raises:
        ArticleUnknown: the charter never had it.
    """
    async with at_one_moment(service.engine) as run:
        versions = {one.version: one for one in await _versions(run)}
        rows = await run(
            QueryString(
                f'SELECT {_ARTICLES} FROM "charter_article" WHERE "article" = {{}} ORDER BY "version"',  # noqa: S608 - as above
                article,
            )
        )
    if not rows:
        raise ArticleUnknown(f"The charter never had an article {article[:80]!r}.")
    history: list[ArticleVersion] = []
    for row in rows:
        said = _article(row)
        if not history or history[-1].article.base != said.base:
            history.append(ArticleVersion(version=versions[row["version"]], article=said))
    return ArticleHistory(
        id=ArticleId(article), struck=versions.get(rows[-1]["version"] + 1), items=tuple(reversed(history))
    )


async def _versions(run: Run) -> list[CharterVersionView]:
    """Every version, oldest first."""
    rows = await run(QueryString(f'{_VERSIONS} ORDER BY "version"'))
    return [
        CharterVersionView(
            version=row["version"],
            since=row["since"],
            until=row["until"],
            proposal=row["proposal"],
            seq=row["seq"],
        )
        for row in rows
    ]


def _article(row: dict[str, Any]) -> ArticleView:
    return ArticleView(
        id=row["article"],
        number=row["position"] + 1,
        heading=row["heading"],
        section=row["section"],
        text=row["text"],
        base=row["base"],
    )
