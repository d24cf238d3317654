"""What happened to a proposal, entry by entry."""

from typing import Final

from piccolo.querystring import QueryString

from app.services.reading.texts import TextView, texts_of
from app.store.log_reading import Run
from governance.ids import AmendmentId, CoopId, HashText, MandateId, OfficeId, PollId
from governance.instants import Instant
from governance.value import Value

_WITH_REASON: Final = ("decision.challenged", "poll.voided")


class HappenedView(Value):
    """Something that happened, by the entry `seq` of this `type`, at `at`.

    `detail` says more in a word: the role of a supporter, the status of a vote, why a proposal lapsed, what came of it. `due`
    is when it was to happen by itself, `closes` when a vote was to close, `reason` why somebody did it.
    """

    seq: int
    type: str
    at: Instant
    actor: MandateId
    coop: CoopId | None
    office: OfficeId | None
    poll: PollId | None
    amendment: AmendmentId | None
    text: HashText | None
    reason: TextView | None
    detail: str | None
    closes: Instant | None
    due: Instant | None


async def timeline_of(run: Run, proposal: str) -> tuple[HappenedView, ...]:
    """What happened to a proposal, in order. Comments and ballots are apart."""
    rows = await run(
        QueryString(
            'SELECT "seq", "type", "at", "actor", "coop", "office", "poll", "amendment", "text", "detail", "closes", "due" '
            'FROM "proposal_event" WHERE "proposal" = {} ORDER BY "seq"',
            proposal,
        )
    )
    reasons = await texts_of(run, [row["text"] for row in rows if row["type"] in _WITH_REASON])
    return tuple(
        HappenedView(
            seq=row["seq"],
            type=row["type"],
            at=row["at"],
            actor=row["actor"],
            coop=row["coop"],
            office=row["office"],
            poll=row["poll"],
            amendment=row["amendment"],
            text=row["text"],
            reason=reasons.get(row["text"]) if row["type"] in _WITH_REASON else None,
            detail=row["detail"],
            closes=row["closes"],
            due=row["due"],
        )
        for row in rows
    )
