"""Lists of votes."""

from typing import Any, Final, Literal

from piccolo.querystring import QueryString

from app.services.reading.paging import Conditions, Paging, Sorting, read_page
from app.services.reading.texts import titles_of
from app.services.reading.when import asked_instant
from app.services.serving import Service
from app.store.log_reading import Run
from app.store.moment import at_one_moment
from governance.ids import AmendmentId, HashText, PollId, ProposalId
from governance.instants import Instant
from governance.outcome import Status
from governance.poll import Purpose
from governance.value import Value

PollStatus = Status | Literal["open", "dropped"]
"""An outcome, or open, or dropped: it ended with its proposal."""
Order = Literal["-opened", "closes"]
COLUMNS: Final = ", ".join(
    f'"{name}"'
    for name in (
        "id",
        "proposal",
        "purpose",
        "amendment",
        "call",
        "text",
        "rule",
        "rolls",
        "heads",
        "opened",
        "closes",
        "extended",
        "status",
        "counts",
        "changed",
        "closed",
    )
)
_SORTINGS: Final[dict[Order, Sorting]] = {
    "-opened": Sorting(name="polls/-opened", keys=('"opened"', '"id"'), numbers=(False, False), descending=True),
    "closes": Sorting(name="polls/closes", keys=('"closes"', '"id"'), numbers=(False, False)),
}


class Sought(Value):
    """Which votes are sought: each given condition must hold."""

    status: PollStatus | None = None
    proposal: str | None = None
    closes_before: str | None = None


class PollLine(Value):
    """A vote in short. It is open until `closes`, exclusively, or was until `closed`; `heads` coops are on its largest roll.

    `call` says the how manieth attempt it is to reach a quorum, `extended` that a late ballot moved its end.
    """

    id: PollId
    proposal: ProposalId
    purpose: Purpose
    amendment: AmendmentId | None
    call: int
    status: PollStatus
    title: str | None
    text: HashText
    heads: int
    opened: Instant
    closes: Instant
    closed: Instant | None
    extended: bool


class PollsPage(Value):
    """A page of votes. `next` is the cursor of the page after it, or null on the last one."""

    items: tuple[PollLine, ...]
    next: str | None


async def list_polls(service: Service, sought: Sought, order: Order, paging: Paging) -> PollsPage:
    """The votes that fit.

    Raises:
        CursorInvalid: as `read_page`.
        NotAnInstant: `closes_before` is no instant or day.
    """
    where = Conditions()
    where.add_equal(status=sought.status, proposal=sought.proposal)
    if sought.closes_before is not None:
        where.add('"closes" <= {}', asked_instant(sought.closes_before))
    async with at_one_moment(service.engine) as run:
        page = await read_page(
            run, columns=COLUMNS, source='"poll"', where=where, sorting=_SORTINGS[order], paging=paging
        )
        return PollsPage(items=await poll_lines(run, page.items), next=page.next)


async def polls_of(run: Run, proposal: str) -> tuple[PollLine, ...]:
    """The votes in the course of a proposal, in order."""
    rows = await run(QueryString(f'SELECT {COLUMNS} FROM "poll" WHERE "proposal" = {{}}', proposal))  # noqa: S608 - only our words
    return await poll_lines(run, tuple(sorted(rows, key=lambda row: int(row["id"].rpartition(".v")[2]))))


async def poll_lines(run: Run, rows: tuple[dict[str, Any], ...]) -> tuple[PollLine, ...]:
    """Votes in short, with the titles of what is voted on."""
    titles = await titles_of(run, [row["text"] for row in rows])
    return tuple(
        PollLine(
            id=row["id"],
            proposal=row["proposal"],
            purpose=row["purpose"],
            amendment=row["amendment"],
            call=row["call"],
            status=row["status"],
            title=titles.get(row["text"]),
            text=row["text"],
            heads=row["heads"],
            opened=row["opened"],
            closes=row["closes"],
            closed=row["closed"],
            extended=bool(row["extended"]),
        )
        for row in rows
    )
