"""How long the slowest answer takes when four processes of the service share one SQLite file, and clients ask all of them."""

import statistics
from typing import Final

import uvloop

from bench.casting.load import Client, run
from bench.casting.processes import folder, ours

WORKERS: Final = 4
CLIENTS: Final = (4, 64)
SECONDS: Final = 10.0


async def measure(*, workers: int = WORKERS, seconds: float = SECONDS, coops: int = 128) -> None:
    """Measure and print."""
    with folder() as place:
        async with ours("sqlite", place, people=max(CLIENTS), workers=workers, coops=coops) as own:
            clients = [Client(voter, "/api/v1/polls") for voter in await own.voters()]
            for number in CLIENTS:
                rate, load = await run(own.port, clients[:number], seconds)
                waits = sorted(load.waits)
                print(
                    f"{workers} processes on one SQLite file, {number} clients: {rate:,.0f} ballots a second, waits: "
                    f"median {statistics.median(waits) * 1e3:.0f} ms, "
                    f"99 in 100 below {waits[len(waits) * 99 // 100] * 1e3:.0f} ms, worst {waits[-1] * 1e3:.0f} ms",
                    flush=True,
                )


def measure_all() -> None:
    """Measure."""
    uvloop.run(measure())


if __name__ == "__main__":
    measure_all()
