"""Ballots a second over HTTP, as ratios to a POST that does nothing on the same server, and to the Django service.

A ballot is durable, its token, session, mandate and eligibility are checked, and its receipt with the proof of inclusion is
returned and checked here. The rounds of all servers are interleaved, each ratio is taken within a round, and the median counts.
"""

import statistics
from collections.abc import Sequence
from typing import Final, NamedTuple

import uvloop

from app.security.signer import load_signer
from bench.casting.load import Client, run
from bench.casting.processes import Ours, Server, Theirs, folder, ours, theirs
from bench.casting.proving import Proved

CLIENTS: Final = (64, 1)
ROUNDS: Final = 5
SECONDS: Final = 2.0
_BALLOTS: Final = "/api/v1/polls"
_NOTHING: Final = "/api/v1/nothing"


class Round(NamedTuple):
    """Requests a second, and the processor time of each in microseconds: of ballots, nothing, and the Django service."""

    ballots: float
    nothing: float
    django: float
    ballots_cost: float
    nothing_cost: float
    django_cost: float


async def measure(
    kind: str, *, clients: Sequence[int] = CLIENTS, rounds: int = ROUNDS, seconds: float = SECONDS, coops: int = 128
) -> None:
    """Measure on one kind of database, and print.

    Raises:
        LoadFailed: something was answered with another status than 201.
        SystemExit: something was acknowledged that is not in the log.
    """
    most = max(clients)
    with folder() as place:
        async with ours(kind, place, people=most, coops=coops) as own, theirs(kind, place, coops=coops) as other:
            proved = Proved(load_signer(own.settings.keys_dir, own.settings.signed_dir).verifier_key)
            casting = [Client(voter, _BALLOTS) for voter in await own.voters()]
            peers = [Client(voter, _BALLOTS) for voter in other.people[:most]]
            found: dict[int, list[Round]] = {number: [] for number in clients}
            for _ in range(rounds):
                for number in clients:
                    found[number].append(await _round(own, other, casting, peers, proved, number, seconds))
            own.stop()
            entries = await proved.check_log(own.settings)
    for number in clients:
        _print(kind, number, found[number])
    print(f"  all {len(proved.leaves):,} receipts prove entries of the log of {entries:,}, whose bundle verifies")


async def _round(
    own: Ours,
    other: Theirs,
    casting: list[Client],
    peers: list[Client],
    proved: Proved,
    number: int,
    seconds: float,
) -> Round:
    # Tokens last for minutes: they are new in each round.
    people = (await own.voters())[:number]
    for client, voter in zip(casting, people, strict=False):
        client.signed_in(voter)
    nothing, nothing_cost, _ = await _send(own, [Client(voter, _NOTHING) for voter in people], seconds)
    ballots, ballots_cost, bodies = await _send(own, casting[:number], seconds)
    proved.add(bodies)
    django, django_cost, _ = await _send(other, peers[:number], seconds)
    return Round(ballots, nothing, django, ballots_cost, nothing_cost, django_cost)


async def _send(server: Server, clients: Sequence[Client], seconds: float) -> tuple[float, float, list[bytes]]:
    before = server.processor_seconds()
    rate, load = await run(server.port, clients, seconds)
    cost = (server.processor_seconds() - before) / len(load.bodies) * 1e6
    return rate, cost, load.bodies


def _print(kind: str, clients: int, rounds: list[Round]) -> None:
    middle = Round(*(statistics.median(column) for column in zip(*rounds, strict=True)))
    to_nothing = statistics.median(one.ballots / one.nothing for one in rounds)
    to_django = statistics.median(one.ballots / one.django for one in rounds)
    print(f"{kind}, {clients} client{'s' if clients > 1 else ''}, medians of {len(rounds)} rounds:")
    print(f"  ballots        {middle.ballots:8,.0f} a second {middle.ballots_cost:8,.0f} µs of processor time each")
    print(f"  doing nothing  {middle.nothing:8,.0f} a second {middle.nothing_cost:8,.0f} µs")
    print(f"  Django service {middle.django:8,.0f} a second {middle.django_cost:8,.0f} µs")
    wanted = (", wanted at least 0.35", ", wanted at least 8") if clients > 1 else ("", "")
    print(f"  to doing nothing {to_nothing:6.2f} ({middle.nothing_cost / middle.ballots_cost:.2f} by time){wanted[0]}")
    print(f"  to the Django service {to_django:6.1f}{wanted[1]}", flush=True)


def measure_all() -> None:
    """Measure on both kinds of database."""
    for kind in ("sqlite", "postgres"):
        uvloop.run(measure(kind))


if __name__ == "__main__":
    measure_all()
