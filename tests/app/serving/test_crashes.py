"""Nothing that was acknowledged over HTTP is lost, and nothing is there twice, whatever is killed."""

import asyncio
import os
import random
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from app.settings import PostgresDatabase
from tests.app.serving.ballot_storm import Storm
from tests.app.serving.nodes import Node, until
from tests.app.serving.served_votes import Votes
from tests.app.store.databases import KINDS, empty, url_of
from tests.app.store.postgres_server import OwnServer

ROUNDS = int(os.environ.get("ROCHDALE_TEST_KILL_ROUNDS", "1"))
"""How often each thing is killed; `make check-deep` does it often."""
ENGINES = KINDS if ROUNDS > 1 else KINDS[:1]
Begin = Callable[..., Node]


@pytest.fixture
def begin() -> Iterator[Begin]:
    """Begins nodes, which are gone when the test ends."""
    begun: list[Node] = []

    def one(votes: Votes, name: str = "", *, workers: int = 1) -> Node:
        home = votes.place
        if name:
            # A host of its own has its own memory of what it signed.
            home = votes.place / name
            shutil.copytree(votes.place / "keys", home / "keys")
        begun.append(Node(home, url_of(votes.database), workers=workers))
        return begun[-1]

    yield one
    for node in begun:
        node.kill()


def rage(
    storm: Storm,
    votes: Votes,
    seed: str,
    *,
    kill: Callable[[], object],
    mend: Callable[[], object] | None = None,
    through: bool = True,
) -> None:
    """Cast ballots, kill something while many are under way, and go on until every stream was answered after that.

    What is to be mended is mended once clients were told that nothing can be recorded.
    """

    async def course() -> None:
        wanted = storm.acknowledged + random.Random(seed).randrange(5, 60)
        await storm.until(lambda: storm.acknowledged >= wanted)
        told = storm.unavailable + 2 * len(storm.streams)
        kill()
        if mend is not None:
            await storm.until(lambda: storm.unavailable >= told)
            mend()
        if through:
            await storm.everybody_answered()

    votes.sign_in(storm)
    asyncio.run(storm.rage(course(), through=through))


def finish(storm: Storm, votes: Votes) -> None:
    """Let everything be answered that was not, and look at it all."""
    votes.sign_in(storm)
    asyncio.run(storm.settle())
    asyncio.run(storm.ask_again())
    votes.assert_sound(storm)
    assert storm.refused
    print(storm)  # noqa: T201 - how much it was, for whoever runs it often


@pytest.mark.parametrize("kind", ENGINES)
def test_a_server_that_is_killed_has_lost_and_doubled_nothing(tmp_path: Path, begin: Begin, kind: str) -> None:
    with empty(kind, tmp_path) as database:
        votes = Votes(tmp_path, database)
        node = begin(votes)
        storm = votes.storm(node)
        for number in range(ROUNDS):
            until(node.ready)
            rage(storm, votes, f"{kind} {number}", kill=node.kill, through=False)
            node.start()
            until(node.ready)
            votes.assert_sound(storm)
        finish(storm, votes)
        node.kill()


def test_one_of_two_nodes_that_is_killed_does_not_stop_the_other(tmp_path: Path, begin: Begin) -> None:
    with empty("postgres", tmp_path) as database:
        votes = Votes(tmp_path, database)
        nodes = [begin(votes, name) for name in ("one", "two")]
        storm = votes.storm(*nodes)
        for number in range(ROUNDS):
            for node in nodes:
                until(node.ready)
            killed = nodes[number % 2]
            rage(storm, votes, f"nodes {number}", kill=killed.kill)
            votes.assert_sound(storm)
            killed.start()
        for node in nodes:
            until(node.ready)
        finish(storm, votes)
        for node in nodes:
            node.kill()


@pytest.mark.skipif(ROUNDS == 1, reason="`test_serving` kills one in every run; this one is for `make check-deep`")
@pytest.mark.parametrize("kind", KINDS)
def test_one_of_several_processes_that_is_killed_stops_nobody(tmp_path: Path, begin: Begin, kind: str) -> None:
    with empty(kind, tmp_path) as database:
        votes = Votes(tmp_path, database)
        node = begin(votes, workers=2)
        storm = votes.storm(node)
        for number in range(ROUNDS):
            until(node.ready)
            until(lambda: len(node.workers()) == 2)
            # In turn: where the same one ends within seconds of its beginning, granian takes it for a loop and ends them all.
            killed = node.workers()[1 + number % 2]
            rage(storm, votes, f"workers {number}", kill=partial(os.kill, killed, signal.SIGKILL))
            votes.assert_sound(storm)
        until(lambda: len(node.workers()) == 2)
        finish(storm, votes)
        node.kill()


def test_postgresql_that_is_killed_comes_back_and_the_service_with_it(tmp_path: Path, begin: Begin) -> None:
    folder = Path(tempfile.mkdtemp(prefix="rochdale-killed-"))
    server = OwnServer(folder)
    server.start()
    try:
        votes = Votes(tmp_path, PostgresDatabase(url=f"{server.url}/postgres"))
        node = begin(votes)
        until(node.ready)
        serving = node.workers()
        storm = votes.storm(node)
        for number in range(ROUNDS):
            rage(storm, votes, f"postgres {number}", kill=server.kill, mend=server.start)
            votes.assert_sound(storm)
        assert node.workers() == serving
        finish(storm, votes)
        node.kill()
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
