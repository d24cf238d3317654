"""A federation that votes a lot, and its bundle, made in memory."""

from itertools import cycle
from pathlib import Path

from governance.counting.tally import Choice
from tests.governance.world import Founded


def make_bundle(path: Path, *, coops: int, polls: int) -> int:
    """Write the bundle of a federation in which each of `coops` casts a ballot in each of `polls`; how many entries it has."""
    world = Founded(coops)
    for _ in range(polls):
        proposal = world.submit()
        world.until_open(proposal)
        poll = world.poll_of(proposal)
        choices: cycle[Choice] = cycle(("yes", "yes", "no", "abstain"))
        for number, choice in zip(range(1, coops + 1), choices, strict=False):
            world.cast(poll, number, choice)
        world.until_closed(proposal)
    path.write_bytes(world.bundle())
    return len(world.entries)
