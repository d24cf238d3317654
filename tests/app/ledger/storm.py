"""A process that casts ballots until it is killed, and says which ones were acknowledged. Run by `test_crashes`."""

import asyncio
import sys
from base64 import b64encode
from pathlib import Path

from app.settings import Database, parse_database
from governance.ids import CoopId, PollId
from governance.instants import Instant
from tests.app.ledger.small_federation import COOPS, MovedClock, Running


async def storm(place: Path, database: Database, at: Instant, poll: PollId, round_: str) -> None:
    async with Running(place, MovedClock(at), database=database, seed=round_) as running:
        await asyncio.gather(*(one_coop(running, poll, coop) for coop in COOPS))


async def one_coop(running: Running, poll: PollId, coop: CoopId) -> None:
    rows = await running.rows("SELECT seq FROM ballot WHERE coop = ? AND replaced_by IS NULL", coop)
    replaces = int(str(rows[0]["seq"])) if rows else None
    while True:
        answer = await running.cast(poll, coop, "no" if replaces else "yes", replaces)
        replaces = answer.seq
        line = b" ".join([str(answer.seq).encode(), b64encode(answer.record), b64encode(answer.receipt)])
        sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    place, database, at, poll, round_ = sys.argv[1:]
    asyncio.run(storm(Path(place), parse_database(database), Instant(at), PollId(poll), round_))
