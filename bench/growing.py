"""What a ballot costs in a log of a thousand entries and in one of a million, and how long starting takes there.

The log is made through the ledger itself, in groups of many ballots: vote after vote, as long as each is open, in every one of
which all coops vote, change their ballots, and vote anew in the next. It began some weeks ago, so that it ends before now.
"""

import asyncio
import itertools
import resource
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

import uvloop
from piccolo.querystring import QueryString

from app.clock import now
from app.ledger.asking import Asked, Idempotency
from app.ledger.ledger import Ledger
from app.security.signer import create_signer, load_signer
from app.services.opening import engine_at
from app.settings import SQLiteDatabase
from app.store.engines import AnyEngine
from app.store.migrating import migrate
from bench.casting.federation import COOPS, delegate, founding, open_poll
from bench.casting.processes import folder
from governance.ballot import BallotStatement
from governance.commands.polls import Cast
from governance.ids import OPERATOR, CoopId, PollId, TextHash
from governance.instants import Instant, later
from governance.log.keys import format_verifier_key
from tests.app.ledger.small_federation import ORIGIN

SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)
GROUP: Final = 1_024
"""Ballots of a group: each coop votes eight times."""
TOGETHER: Final = 64
"""Clients whose ballots are decided together where the cost is measured."""
BATCHES: Final = 40
_VOTING: Final = timedelta(minutes=1)
_STEP: Final = timedelta(seconds=10)


class _Clock:
    """A clock that goes on by what it is told."""

    def __init__(self) -> None:
        self.time = later(now(), -timedelta(days=60))

    def __call__(self) -> Instant:
        return self.time


class _Voting:
    """A ledger in which votes follow each other, and the ballots in force in the present one."""

    def __init__(self, ledger: Ledger, engine: AnyEngine, clock: _Clock) -> None:
        self.ledger = ledger
        self.engine = engine
        self.clock = clock
        self._in_force: dict[CoopId, int] = {}
        self._statement: BallotStatement

    async def next_poll(self) -> None:
        """Let the present vote end and open the next."""
        self.clock.time = later(self.clock.time, 2 * _VOTING)
        await self.ledger.tick()
        poll = await open_poll(self.ledger, self.engine)
        (paper,) = await self.engine.run_querystring(
            QueryString('SELECT "text", "rule" FROM "poll" WHERE "id" = {}', poll)
        )
        self._in_force = {}
        self._statement = BallotStatement(
            origin=ORIGIN,
            poll=PollId(poll),
            text=TextHash(paper["text"]),
            rule=paper["rule"],
            coop=CoopId("c1"),
            choice="yes",
            replaces=None,
        )

    def ballot(self, number: int, seq: int) -> Cast:
        """The next ballot of a coop, which will stand at `seq`."""
        coop = CoopId(f"c{number}")
        said = self._statement
        statement = BallotStatement(
            origin=said.origin,
            poll=said.poll,
            text=said.text,
            rule=said.rule,
            coop=coop,
            choice="yes",
            replaces=self._in_force.get(coop),
        )
        self._in_force[coop] = seq
        return Cast(statement=statement)

    async def vote(self, ballots: int) -> None:
        """Cast this many ballots in one group, each coop in turn."""
        size, numbers = self.ledger.size, itertools.cycle(range(1, COOPS + 1))
        chosen = list(itertools.islice(numbers, ballots))
        asked = tuple(
            Asked(command=self.ballot(number, size + place), actor=delegate(number))
            for place, number in enumerate(chosen)
        )
        await self.ledger._ask(asked)  # noqa: SLF001 - a group of several people, which nobody asks for

    async def vote_together(self) -> None:
        """Cast ballots as requests that come at the same time, as in the service."""
        size = self.ledger.size
        waiting = []
        for place in range(TOGETHER):
            actor = delegate(place + 1)
            key = Idempotency(principal=actor, operation="castBallot", key=secrets.token_hex(16), fingerprint="f" * 64)
            ballot = self.ballot(place + 1, size + place)
            waiting.append(self.ledger.submit(ballot, actor=actor, idempotency=key))
        await asyncio.gather(*waiting)


async def grow(place: Path, sizes: Sequence[int], batches: int) -> list[tuple[int, float, float]]:
    """Make a log as large as each of the sizes, and give what a ballot costs there: microseconds, and of processor time."""
    clock = _Clock()
    signer = create_signer(place / "keys", place / "keys", name=ORIGIN, seed=secrets.token_bytes(32))
    costs = []
    async with engine_at(SQLiteDatabase(path=place / "federation.sqlite")) as engine:
        await migrate(engine)
        ledger = await Ledger.open(engine, signer, clock=clock)
        try:
            await ledger.submit_all(founding(format_verifier_key(signer.verifier_key), COOPS, _VOTING), actor=OPERATOR)
            voting = _Voting(ledger, engine, clock)
            for size in sizes:
                while (missing := size - ledger.size) > 0:
                    await voting.next_poll()
                    await voting.vote(min(GROUP, missing))
                await voting.next_poll()
                costs.append((size, *await _cost(voting, batches)))
        finally:
            await ledger.close()
    return costs


async def _cost(voting: _Voting, batches: int) -> tuple[float, float]:
    taken, worked = [], []
    for _ in range(batches):
        began, working = time.perf_counter(), time.process_time()
        await voting.vote_together()
        taken.append(time.perf_counter() - began)
        worked.append(time.process_time() - working)
    return statistics.median(taken) / TOGETHER * 1e6, statistics.median(worked) / TOGETHER * 1e6


async def open_once(place: Path, *, snapshot: bool) -> tuple[int, float]:
    """Open the log as a process that starts does: how long it is, and in how many seconds."""
    signer = load_signer(place / "keys", place / "keys")
    async with engine_at(SQLiteDatabase(path=place / "federation.sqlite")) as engine:
        if not snapshot:
            await engine.run_querystring(QueryString('DELETE FROM "snapshot"'))
        began = time.perf_counter()
        ledger = await Ledger.open(engine, signer)
        taken = time.perf_counter() - began
        size = ledger.size
        await ledger.close()
    return size, taken


def run(sizes: Sequence[int] = SIZES, batches: int = BATCHES) -> None:
    """Measure and print."""
    with folder() as place:
        costs = uvloop.run(grow(place, sizes, batches))
        for size, taken, worked in costs:
            print(f"ballot in a log of {size:9,} entries: {taken:6.0f} µs, {worked:6.0f} µs of processor time")
        print(
            f"  the last to the first: {costs[-1][2] / costs[0][2]:.2f} by processor time, wanted about 1", flush=True
        )
        for snapshot, how in ((True, "from the newest snapshot"), (False, "from the first entry")):
            asked = [sys.executable, "-m", "bench.growing", str(place), str(int(snapshot))]
            length, seconds, peak = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.split()  # noqa: S603 - this module
            print(f"opening a log of {int(length):,} entries {how}: {float(seconds):.2f} s, {peak} MiB", flush=True)


if __name__ == "__main__":
    opened_size, opened_in = uvloop.run(open_once(Path(sys.argv[1]), snapshot=sys.argv[2] == "1"))
    print(opened_size, opened_in, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
