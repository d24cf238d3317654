"""A process that posts comments until it has posted all or is killed. It says when it is ready, waits to be let go, and then says
which comments were acknowledged. Run by `test_several_processes`."""

import asyncio
import sys
from base64 import b64encode
from pathlib import Path

from app.ledger.asking import Answer, Idempotency
from app.settings import Database, parse_database
from governance.commands.proposals import Comment
from governance.ids import ProposalId
from governance.instants import Instant
from tests.app.ledger.small_federation import COOPS, MovedClock, Running, delegate, text

AT_ONCE = 3


def words(who: str, number: int) -> tuple[str, bytes]:
    return text(f"{who} has to say this: {number}.")


async def post(running: Running, who: str, number: int) -> Answer:
    hashed, blob = words(who, number)
    return await running.ledger.submit(
        Comment(proposal=ProposalId("p1"), text=hashed),
        actor=delegate(COOPS[number % 3]),
        blobs=(blob,),
        idempotency=Idempotency(principal=who, operation="comment", key=str(number), fingerprint="same"),
    )


async def main(place: Path, database: Database, at: Instant, who: str, count: int) -> None:
    async with Running(place, MovedClock(at), database=database, seed=who) as running:
        print("ready", flush=True)  # noqa: T201 - this is how it speaks
        await asyncio.to_thread(sys.stdin.readline)
        await asyncio.gather(*(some(running, who, range(first, count, AT_ONCE)) for first in range(AT_ONCE)))


async def some(running: Running, who: str, numbers: range) -> None:
    for number in numbers:
        answer = await post(running, who, number)
        line = b" ".join([str(answer.seq).encode(), b64encode(answer.record), b64encode(answer.receipt)])
        sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    place, database, at, who, count = sys.argv[1:]
    asyncio.run(main(Path(place), parse_database(database), Instant(at), who, int(count)))
