"""Drafts of proposals: rows that the people of one coop see and change, until one of them brings the proposal."""

from typing import Annotated, Final

import msgspec
from msgspec import Meta
from piccolo.querystring import QueryString

from app.security.people import Person
from app.services.accounts.holding import acting
from app.services.proposed_effects import ProposedEffect
from app.services.serving import Service
from app.services.texts import LONGEST_TEXT
from governance.canonical import from_text, to_text
from governance.errors import Refusal
from governance.ids import CoopId
from governance.instants import Instant
from governance.value import Value

_MOST: Final = 100


class DraftUnknown(Refusal):
    """There is no such draft of your coop."""

    code = "draft_unknown"


class DraftChanged(Refusal):
    """Somebody has changed this draft meanwhile."""

    code = "draft_changed"


class TooManyDrafts(Refusal):
    """Your coop has as many drafts as it can keep."""

    code = "too_many_drafts"


class Content(Value):
    """What a draft says so far. Anything can be missing still."""

    title: Annotated[str, Meta(max_length=200)] = ""
    text: Annotated[str, Meta(max_length=LONGEST_TEXT)] = ""
    language: Annotated[str, Meta(max_length=20)] = "en"
    effect: ProposedEffect | None = None


class Draft(Value):
    """A draft. `revision` is to be named by whoever changes it, so that nobody overwrites what they have not seen."""

    id: str
    coop: CoopId
    created: Instant
    changed: Instant
    revision: str
    content: Content


async def begin(service: Service, person: Person, coop: CoopId, content: Content) -> Draft:
    """Begin a draft for a coop that one is a delegate or steward of.

    Raises:
        NotActing: one is neither.
        TooManyDrafts: the coop has a hundred.
    """
    await _member(service, person, coop)
    now = service.clock()
    draft = Draft(
        id=f"d-{service.randomness(16).hex()}",
        coop=coop,
        created=now,
        changed=now,
        revision=service.randomness(8).hex(),
        content=content,
    )
    rows = await service.engine.run_querystring(
        QueryString(
            'INSERT INTO "draft" ("id", "coop", "account", "created", "changed", "revision", "content") '
            'SELECT {}, {}, {}, {}, {}, {}, {} WHERE (SELECT COUNT(*) FROM "draft" WHERE "coop" = {}) < {} RETURNING "id"',
            draft.id,
            coop,
            person.account,
            now,
            now,
            draft.revision,
            _encoded(content),
            coop,
            _MOST,
        )
    )
    if not rows:
        raise TooManyDrafts(f"A coop keeps at most {_MOST} drafts. Throw some away.")
    return draft


async def list_drafts(service: Service, person: Person, coop: CoopId) -> tuple[Draft, ...]:
    """The drafts of one's coop, the one changed last first.

    Raises:
        NotActing: one is neither delegate nor steward of it.
    """
    await _member(service, person, coop)
    rows = await service.engine.run_querystring(
        QueryString('SELECT * FROM "draft" WHERE "coop" = {} ORDER BY "changed" DESC, "id"', coop)
    )
    return tuple(_draft(row) for row in rows)


async def read_draft(service: Service, person: Person, draft: str) -> Draft:
    """A draft of one's coop.

    Raises:
        DraftUnknown: there is none such, or it is another coop's.
    """
    rows = await service.engine.run_querystring(QueryString('SELECT * FROM "draft" WHERE "id" = {}', draft))
    if rows:
        found = _draft(rows[0])
        if await _is_member(service, person, found.coop):
            return found
    raise DraftUnknown(
        "There is no such draft of your coop. Somebody may have brought it as a proposal, or thrown it away."
    )


async def change(service: Service, person: Person, draft: str, revision: str, content: Content) -> Draft:
    """Change a draft that one has seen at a revision.

    Raises:
        DraftUnknown: as `read_draft`.
        DraftChanged: somebody was faster.
    """
    await read_draft(service, person, draft)
    rows = await service.engine.run_querystring(
        QueryString(
            'UPDATE "draft" SET "content" = {}, "changed" = {}, "revision" = {} WHERE "id" = {} AND "revision" = {} RETURNING *',
            _encoded(content),
            service.clock(),
            service.randomness(8).hex(),
            draft,
            revision,
        )
    )
    if not rows:
        raise DraftChanged("Look at the draft as it is now, and change that.")
    return _draft(rows[0])


async def throw_away(service: Service, person: Person, draft: str) -> None:
    """Throw a draft away; refuses as `read_draft`."""
    await read_draft(service, person, draft)
    await service.engine.run_querystring(QueryString('DELETE FROM "draft" WHERE "id" = {}', draft))


async def brought(service: Service, draft: str, coop: CoopId) -> None:
    """Throw away a draft that its coop brought as a proposal."""
    await service.engine.run_querystring(
        QueryString('DELETE FROM "draft" WHERE "id" = {} AND "coop" = {}', draft, coop)
    )


async def _member(service: Service, person: Person, coop: CoopId) -> None:
    await acting(service.accounts, person.account, roles=("delegate", "steward"), coop=coop)


async def _is_member(service: Service, person: Person, coop: CoopId) -> bool:
    try:
        await _member(service, person, coop)
    except Refusal:
        return False
    return True


def _encoded(content: Content) -> str:
    return msgspec.json.encode(content, enc_hook=to_text).decode()


def _draft(row: dict[str, str]) -> Draft:
    return Draft(
        id=row["id"],
        coop=CoopId(row["coop"]),
        created=Instant(row["created"]),
        changed=Instant(row["changed"]),
        revision=row["revision"],
        content=_CONTENT.decode(row["content"].encode()),
    )


_CONTENT: Final = msgspec.json.Decoder(Content, dec_hook=from_text)
