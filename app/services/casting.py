"""Casting a coop's ballot."""

from typing import Annotated

from msgspec import Meta

from app.ledger.asking import Answer
from app.services.asking import Asking
from app.services.texts import write_text
from governance.ballot import BallotStatement
from governance.commands.polls import Cast
from governance.counting.tally import Choice
from governance.ids import CoopId, HashText, PollId, TextHash
from governance.value import Value


class BallotPaper(Value):
    """What a delegate fills in: the answer, and what the paper showed.

    `text` is the hash of the text voted on and `rule` the rules of the vote, both as the vote says them, so that no stale paper
    counts for something else than it showed. `replaces` is the log position of the coop's ballot in force, or null for its
    first one. A reason is kept beside the log; a block needs one.
    """

    coop: CoopId
    choice: Choice
    text: HashText
    rule: str
    replaces: Annotated[int, Meta(ge=0, lt=2**53)] | None = None
    reason: str | None = None


async def cast(asking: Asking, poll: PollId, paper: BallotPaper) -> Answer:
    """Cast a ballot as a delegate of its coop.

    Raises:
        TextTooLong: the reason is empty or over-long.
        RochdaleError: what the rules refuse, and as `Asking.record`.
    """
    service = asking.service
    reason = None if paper.reason is None else write_text(paper.reason, service.randomness)
    statement = BallotStatement(
        choice=paper.choice,
        coop=paper.coop,
        origin=service.signer.verifier_key.name,
        poll=poll,
        reason=None if reason is None else reason.hash,
        replaces=paper.replaces,
        rule=paper.rule,
        text=TextHash(paper.text),
    )
    return await asking.record(
        Cast(statement=statement),
        roles=("delegate",),
        coop=paper.coop,
        told=True,
        texts=() if reason is None else (reason,),
    )
