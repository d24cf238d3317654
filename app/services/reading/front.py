"""What the front page shows: the federation in a few facts, and what is being voted on now."""

from typing import Final

from piccolo.querystring import QueryString

from app.services.reading.federation import read_federation
from app.services.reading.paging import Paging
from app.services.reading.poll_lists import PollLine, Sought, list_polls
from app.services.reading.rule import present_rule
from app.services.serving import Service
from governance.report import fingerprint_of
from governance.value import Value

_MOST: Final = 20


class OpenVote(Value):
    """A vote that is open, and from how many coops there is a ballot."""

    poll: PollLine
    ballots: int


class FrontView(Value):
    """The facts of the front page. `coops` and `votes` are None where only members may read them."""

    name: str
    origin: str
    demo: bool
    ratified: bool
    fingerprint: str
    size: int
    coops: int | None
    votes: tuple[OpenVote, ...] | None


async def read_front(service: Service) -> FrontView:
    """The front page, as far as everyone may read it.

    Raises:
        FederationMissing: none was founded.
    """
    federation = await read_federation(service)
    run = service.engine.run_querystring
    shown = await present_rule(service) == "everyone"
    sizes = await run(QueryString('SELECT "size" FROM "log_head" WHERE "id" = 1'))
    return FrontView(
        name=federation.name,
        origin=federation.origin,
        demo=service.settings.demo,
        ratified=federation.ratified_by is not None,
        fingerprint=fingerprint_of(federation.key),
        size=int(sizes[0]["size"]) if sizes else 0,
        coops=await _members(service) if shown else None,
        votes=await _open_votes(service) if shown else None,
    )


async def _members(service: Service) -> int:
    sql = 'SELECT count(*) AS "coops" FROM "coop" WHERE "status" = \'member\''
    return int((await service.engine.run_querystring(QueryString(sql)))[0]["coops"])


async def _open_votes(service: Service) -> tuple[OpenVote, ...]:
    page = await list_polls(service, Sought(status="open"), "closes", Paging(limit=_MOST))
    counted = await service.engine.run_querystring(
        QueryString(
            'SELECT "poll", count(*) AS "ballots" FROM "ballot" WHERE "replaced_by" IS NULL AND "poll" IN '
            '(SELECT "id" FROM "poll" WHERE "status" = \'open\') GROUP BY "poll"'
        )
    )
    ballots = {row["poll"]: int(row["ballots"]) for row in counted}
    return tuple(OpenVote(poll=poll, ballots=ballots.get(poll.id, 0)) for poll in page.items)
