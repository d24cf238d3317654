"""A vote with everything that a voter or somebody who checks it wants to know."""

from typing import Any, Final

import msgspec
from piccolo.querystring import QueryString

from app.services.reading.judging import (
    CountView,
    JudgedView,
    RollView,
    read_counts,
    read_judged,
    read_rolls,
)
from app.services.reading.poll_lists import COLUMNS, PollLine, polls_of
from app.services.reading.texts import DocumentView, TextView, documents_of
from app.services.reading.timeline import timeline_of
from app.services.reading.went import WentView, how_it_went
from app.services.serving import Service
from app.store.log_reading import Run
from app.store.moment import at_one_moment
from governance.counting.tally import Choice
from governance.ids import CoopId, OfficeId, PollId, TextHash
from governance.instants import Instant
from governance.poll import NotOnRoll, PollClosed, PollUnknown
from governance.value import Value

_PLAIN: Final[tuple[Choice, ...]] = ("yes", "no", "abstain")
_read_coops: Final = msgspec.json.Decoder(tuple[CoopId, ...]).decode


class StatementView(Value):
    """What every ballot in this vote names: `origin` of the log, the vote, the hash of its text, and its rules by version."""

    origin: str
    poll: PollId
    text: TextHash
    rule: str


class VoidedView(Value):
    """That an office voided the vote, when and why; or, without an office, that the log went on after a loss."""

    office: OfficeId | None
    at: Instant
    reason: TextView | None


class OutcomeView(Value):
    """What came of a vote: carried only if it is carried under each of its rules.

    `changed` are the coops on the roll that were no members any more when it closed. There are no `counts` where the vote was
    voided, or dropped because its proposal ended.
    """

    status: str
    at: Instant
    counts: tuple[CountView, ...]
    changed: tuple[CoopId, ...]
    voided: VoidedView | None


class PollView(Value):
    """A vote: the question, the rules pinned when it opened, turnout so far, and the outcome once it is closed.

    A ballot is filled in on `statement`, with one of `choices`; `final` says that it cannot be changed once it is cast.
    `ballots` is how many are in force.
    """

    poll: PollLine
    question: DocumentView
    statement: StatementView
    choices: tuple[Choice, ...]
    final: bool
    judged: tuple[JudgedView, ...]
    ballots: int
    outcome: OutcomeView | None
    went: WentView
    others: tuple[PollLine, ...]


class RollsView(Value):
    """The voter rolls of a vote, one for each of its rules."""

    poll: PollId
    rolls: tuple[RollView, ...]


class PaperView(Value):
    """A ballot paper for one coop: what its statement must say to be cast.

    `replaces` is the log position of the coop's ballot in force, which is in `cast`, or null for its first. A reason is needed
    with the choices in `reason_needed`; its text is sent with the ballot, and the statement names it by hash.
    """

    statement: StatementView
    coop: CoopId
    replaces: int | None
    cast: Choice | None
    choices: tuple[Choice, ...]
    reason_needed: tuple[Choice, ...]
    castable: bool
    closes: Instant


async def read_poll(service: Service, poll: str) -> PollView:
    """A vote.

    Raises:
        PollUnknown: there is none.
    """
    async with at_one_moment(service.engine) as run:
        row = await poll_row(run, poll)
        ballots = await _in_force(run, poll)
        judged = await read_judged(run, row, ballots)
        question = (await documents_of(run, [row["text"]]))[row["text"]]
        lines = await polls_of(run, row["proposal"])
        happened = await timeline_of(run, row["proposal"])
        origin = await _origin(run)
    line = next(one for one in lines if one.id == poll)
    voided = next((one for one in happened if one.poll == poll and one.type == "poll.voided"), None)
    outcome, ended = None, None
    if voided is not None:
        ended = VoidedView(office=voided.office, at=voided.at, reason=voided.reason)
    elif line.status == "voided" and line.closed is not None:
        ended = VoidedView(office=None, at=line.closed, reason=None)
    if line.closed is not None:
        outcome = OutcomeView(
            status=line.status,
            at=line.closed,
            counts=read_counts(row, judged),
            changed=() if row["changed"] is None else _read_coops(row["changed"]),
            voided=ended,
        )
    return PollView(
        poll=line,
        question=question,
        statement=_statement(origin, row),
        choices=_choices(judged),
        final=_final(judged),
        judged=judged,
        ballots=len(ballots),
        outcome=outcome,
        went=how_it_went(line, lines, happened),
        others=tuple(one for one in lines if one.id != poll),
    )


async def read_poll_rolls(service: Service, poll: str) -> RollsView:
    """The voter rolls of a vote.

    Raises:
        PollUnknown: there is no such vote.
    """
    async with at_one_moment(service.engine) as run:
        row = await poll_row(run, poll)
        return RollsView(poll=row["id"], rolls=await read_rolls(run, row))


async def read_paper(service: Service, poll: str, coop: str) -> PaperView:
    """The ballot paper of a coop in an open vote.

    Raises:
        PollUnknown: there is no such vote.
        PollClosed: it is over.
        NotOnRoll: the coop has no vote in it.
    """
    async with at_one_moment(service.engine) as run:
        row = await poll_row(run, poll)
        if row["status"] != "open" or service.clock() >= row["closes"]:
            raise PollClosed(f"{row['id']} closed at {row['closed'] or row['closes']}.")
        rolls = await read_rolls(run, row)
        if not any(entry.coop == coop for roll in rolls for entry in roll.entries):
            raise NotOnRoll(f"{coop[:40]!r} was not entitled when {row['id']} opened, so it has no ballot in it.")
        judged = await read_judged(run, row, {})
        cast = await run(
            QueryString(
                'SELECT "seq", "choice" FROM "ballot" WHERE "poll" = {} AND "coop" = {} AND "replaced_by" IS NULL',
                poll,
                coop,
            )
        )
        origin = await _origin(run)
    choices = _choices(judged)
    return PaperView(
        statement=_statement(origin, row),
        coop=CoopId(coop),
        replaces=cast[0]["seq"] if cast else None,
        cast=cast[0]["choice"] if cast else None,
        choices=choices,
        reason_needed=tuple(choice for choice in choices if choice == "block"),
        castable=not (cast and _final(judged)),
        closes=row["closes"],
    )


async def poll_row(run: Run, poll: str) -> dict[str, Any]:
    """The row of a vote.

    Raises:
        PollUnknown: there is none.
    """
    rows = await run(QueryString(f'SELECT {COLUMNS} FROM "poll" WHERE "id" = {{}}', poll))  # noqa: S608 - only our words
    if not rows:
        raise PollUnknown(f"There is no vote {poll[:40]!r}.")
    return dict(rows[0])


async def _in_force(run: Run, poll: str) -> dict[str, Choice]:
    rows = await run(
        QueryString('SELECT "coop", "choice" FROM "ballot" WHERE "poll" = {} AND "replaced_by" IS NULL', poll)
    )
    return {row["coop"]: row["choice"] for row in rows}


async def _origin(run: Run) -> str:
    (row,) = await run(QueryString('SELECT "origin" FROM "federation" WHERE "id" = 1'))
    return str(row["origin"])


def _statement(origin: str, row: dict[str, Any]) -> StatementView:
    return StatementView(origin=origin, poll=row["id"], text=row["text"], rule=row["rule"])


def _choices(judged: tuple[JudgedView, ...]) -> tuple[Choice, ...]:
    return (*_PLAIN, "block") if any(each.rule.rule.blocks for each in judged) else _PLAIN


def _final(judged: tuple[JudgedView, ...]) -> bool:
    return any(each.rule.rule.revoting == "final" for each in judged)
