"""Ballots: casting them."""

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from app.http.person import BEARER
from app.http.recorded import Recorded, recorded
from app.http.strict_body import StrictBody
from app.services.asking import Asking
from app.services.casting import BallotPaper, cast
from governance.ids import PollId


@post(
    "/api/v1/polls/{poll:str}/ballots",
    tags=["polls"],
    operation_id="castBallot",
    security=BEARER,
    dto=StrictBody,
    return_dto=None,
)
async def cast_ballot(poll: FromPath[str], data: JSONBody[BallotPaper], asking: NamedDependency[Asking]) -> Recorded:
    """Cast your coop's ballot.

    Fill in what the vote says is to be filled in. A ballot replaces the coop's earlier one where the rule allows it: then name
    that one's position in `replaces`.
    """
    return recorded(await cast(asking, PollId(poll), data))
