"""Texts that stand beside the log, and what became of those that were erased."""

from collections.abc import Iterable
from typing import Final

from piccolo.querystring import QueryString

from app.services.log_reading.errors import BlobUnknown, TextGone
from app.services.reading.some import in_parts
from app.services.serving import Service
from app.store.log_reading import Run
from app.store.moment import at_one_moment
from governance.ids import HashText
from governance.instants import Instant
from governance.log.blob import open_text
from governance.value import Value

_HEADING: Final = "# "
_FIRST: Final = 1_200
"""Bytes of a blob within which its title lies: the blob's first line, its salt, and 200 characters."""
_WORDS: Final = {
    "unlawful": "it was unlawful",
    "personal_data": "it had personal data",
    "request_of_author": "its author asked for it",
    "rights_of_others": "it violated the rights of others",
}


class Redacted(Value):
    """That an office had a text erased: when, why, and by which entry of the log."""

    office: str
    reason: str
    at: Instant
    seq: int


class TextView(Value):
    """A text: its hash in the log, and what it says. `text` is None where it was `redacted`."""

    hash: HashText
    text: str | None
    redacted: Redacted | None = None


class DocumentView(Value):
    """A text with a title: its first line `# Title`, and the rest in Markdown. Both are None where it was `redacted`."""

    hash: HashText
    title: str | None
    body: str | None
    redacted: Redacted | None = None


async def texts_of(run: Run, hashes: Iterable[str | None]) -> dict[str, TextView]:
    """The texts of some hashes, those that are gone among them."""
    wanted = list(dict.fromkeys(one for one in hashes if one is not None))
    said: dict[str, str] = {}
    for places, some in in_parts(wanted):
        rows = await run(
            QueryString(
                f'SELECT "address", "bytes" FROM "blob" WHERE "kind" = \'text\' AND "address" IN ({places})',  # noqa: S608 - only places
                *some,
            )
        )
        said |= {row["address"]: open_text(row["bytes"])[1].decode(errors="replace") for row in rows}
    gone = await _redactions(run, [one for one in wanted if one not in said])
    return {one: TextView(hash=one, text=said.get(one), redacted=gone.get(one)) for one in wanted}


async def documents_of(run: Run, hashes: Iterable[str | None]) -> dict[str, DocumentView]:
    """The texts of some hashes, each with its title."""
    return {hashed: as_document(text) for hashed, text in (await texts_of(run, hashes)).items()}


def as_document(text: TextView) -> DocumentView:
    """A text with its first line as title. One that does not begin with a heading has none."""
    if text.text is None:
        return DocumentView(hash=text.hash, title=None, body=None, redacted=text.redacted)
    first, _, rest = text.text.partition("\n")
    if not first.startswith(_HEADING):
        return DocumentView(hash=text.hash, title=None, body=text.text)
    return DocumentView(hash=text.hash, title=first.removeprefix(_HEADING).strip(), body=rest.strip("\n"))


async def titles_of(run: Run, hashes: Iterable[str]) -> dict[str, str | None]:
    """The titles alone of some texts, for lists."""
    found: dict[str, str | None] = {}
    for places, some in in_parts(list(dict.fromkeys(hashes))):
        rows = await run(
            QueryString(
                f'SELECT "address", SUBSTR("bytes", 1, {_FIRST}) AS "first" FROM "blob" '  # noqa: S608 - only places
                f'WHERE "kind" = \'text\' AND "address" IN ({places})',
                *some,
            )
        )
        for row in rows:
            # The title may be cut within a letter where the text has none.
            text = open_text(bytes(row["first"]))[1].decode(errors="ignore")
            found[row["address"]] = as_document(TextView(hash=row["address"], text=text)).title
    return found


async def find_text(service: Service, hashed: str) -> TextView:
    """A text.

    Raises:
        BlobUnknown: nothing in the log names it as a text.
        TextGone: it was erased.
    """
    async with at_one_moment(service.engine) as run:
        found = (await texts_of(run, [hashed]))[hashed]
    if found.redacted is not None:
        gone = found.redacted
        raise TextGone(
            f"The office {gone.office} had this text erased at {gone.at}, because {_WORDS.get(gone.reason, gone.reason)}. "
            f"Entry {gone.seq} of the log says so."
        )
    if found.text is None:
        raise BlobUnknown("There is no text with this hash. Hashes of texts stand in proposals, comments and ballots.")
    return found


async def _redactions(run: Run, hashes: list[str]) -> dict[str, Redacted]:
    found: dict[str, Redacted] = {}
    for places, some in in_parts(hashes):
        rows = await run(
            QueryString(
                f'SELECT "text", "office", "reason", "at", "seq" FROM "redaction" WHERE "text" IN ({places})',  # noqa: S608 - only places
                *some,
            )
        )
        for row in rows:
            found[row["text"]] = Redacted(office=row["office"], reason=row["reason"], at=row["at"], seq=row["seq"])
    return found
