"""Lists of proposals: what is being decided, what was, and what is due."""

from typing import Any, Final, Literal

import msgspec

from app.services.reading.paging import Conditions, Paging, Sorting, read_page
from app.services.reading.texts import titles_of
from app.services.reading.when import asked_instant
from app.services.serving import Service
from app.store.log_reading import Run
from app.store.moment import at_one_moment
from governance.effect import Kind
from governance.ids import CoopId, HashText, Matter, OfficeId, PollId, ProposalId
from governance.instants import Instant
from governance.proposal import OPEN_STAGES, Stage
from governance.state import StepKind
from governance.value import Value

Order = Literal["-number", "number", "-changed", "due"]
COLUMNS: Final = ", ".join(
    [
        *(
            f'"p"."{name}" AS "{name}"'
            for name in (
                "id",
                "number",
                "kind",
                "matters",
                "stage",
                "effect",
                "text",
                "language",
                "concerned",
                "lead",
                "office",
                "sponsors",
                "seconders",
                "amendments",
                "submitted",
                "notice_from",
                "poll",
                "purpose",
                "call",
                "enact_at",
                "provisional_until",
                "lapse_reason",
                "resolution",
                "seq",
            )
        ),
        '"c"."step" AS "step"',
        '"c"."due" AS "due"',
    ]
)
SOURCE: Final = '"proposal" AS "p" JOIN "proposal_course" AS "c" ON "c"."proposal" = "p"."id"'
_NUMBER: Final = '"p"."number"'
_SORTINGS: Final[dict[Order, Sorting]] = {
    "number": Sorting(name="proposals/number", keys=(_NUMBER,), numbers=(True,)),
    "-number": Sorting(name="proposals/-number", keys=(_NUMBER,), numbers=(True,), descending=True),
    "-changed": Sorting(name="proposals/-changed", keys=('"p"."seq"', _NUMBER), numbers=(True, True), descending=True),
    "due": Sorting(name="proposals/due", keys=('"c"."due"', _NUMBER), numbers=(False, True)),
}
_OPEN: Final = ", ".join(f"'{stage}'" for stage in sorted(OPEN_STAGES))
_read_matters: Final = msgspec.json.Decoder(tuple[Matter, ...]).decode


class Sought(Value):
    """Which proposals are sought: each given condition must hold. `open` is true for those on their way, false for the others.

    A `matter` finds what is narrower too. `due_before` leaves out what nothing is due for.
    """

    kind: Kind | None = None
    stage: Stage | None = None
    open: bool | None = None
    matter: str | None = None
    lead: str | None = None
    concerned: str | None = None
    due_before: str | None = None


class ProposalLine(Value):
    """A proposal in short. `step` falls due next, by itself, at `due`; `seq` is the entry that changed the proposal last.

    `title` is null where the text has none or was erased. `lead` is the coop that brought it, or `office` did.
    """

    id: ProposalId
    number: int
    kind: Kind
    matters: tuple[Matter, ...]
    stage: Stage
    title: str | None
    text: HashText
    language: str
    lead: CoopId | None
    office: OfficeId | None
    concerned: CoopId | None
    submitted: Instant
    poll: PollId | None
    step: StepKind | None
    due: Instant | None
    resolution: int | None
    seq: int


class ProposalsPage(Value):
    """A page of proposals. `next` is the cursor of the page after it, or null on the last one."""

    items: tuple[ProposalLine, ...]
    next: str | None


async def list_proposals(service: Service, sought: Sought, order: Order, paging: Paging) -> ProposalsPage:
    """The proposals that fit. In the order of what is due, those are left out for which nothing is.

    Raises:
        CursorInvalid: as `read_page`.
        NotAnInstant: `due_before` is no instant or day.
    """
    where = _conditions(sought)
    if order == "due":
        where.add('"c"."due" IS NOT NULL')
    async with at_one_moment(service.engine) as run:
        page = await read_page(
            run, columns=COLUMNS, source=SOURCE, where=where, sorting=_SORTINGS[order], paging=paging
        )
        return ProposalsPage(items=await proposal_lines(run, page.items), next=page.next)


async def proposal_lines(run: Run, rows: tuple[dict[str, Any], ...]) -> tuple[ProposalLine, ...]:
    """Proposals in short, with their titles."""
    titles = await titles_of(run, [row["text"] for row in rows])
    return tuple(
        ProposalLine(
            id=row["id"],
            number=row["number"],
            kind=row["kind"],
            matters=_read_matters(row["matters"]),
            stage=row["stage"],
            title=titles.get(row["text"]),
            text=row["text"],
            language=row["language"],
            lead=row["lead"],
            office=row["office"],
            concerned=row["concerned"],
            submitted=row["submitted"],
            poll=row["poll"],
            step=row["step"],
            due=row["due"],
            resolution=row["resolution"],
            seq=row["seq"],
        )
        for row in rows
    )


def _conditions(sought: Sought) -> Conditions:
    where = Conditions()
    for column in ("kind", "stage", "lead", "concerned"):
        if (wanted := getattr(sought, column)) is not None:
            where.add(f'"p"."{column}" = {{}}', wanted)
    if sought.open is not None:
        where.add(f'"p"."stage" {"IN" if sought.open else "NOT IN"} ({_OPEN})')
    if sought.matter is not None:
        where.add('"p"."id" IN (SELECT "proposal" FROM "proposal_matter" WHERE "matter" = {})', sought.matter)
    if sought.due_before is not None:
        where.add('"c"."due" <= {}', asked_instant(sought.due_before))
    return where
