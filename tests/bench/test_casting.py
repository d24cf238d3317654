from pathlib import Path

import pytest

from app.security.signer import load_signer
from bench.casting.load import Client, LoadFailed, run
from bench.casting.processes import Ours, ours, theirs
from bench.casting.proving import Proved
from governance.log.merkle import leaf_hash, verify_inclusion
from governance.log.spelling import parse_base64
from tests.bench.answers import receipt_lines

pytestmark = pytest.mark.anyio


def proved_by(server: Ours) -> Proved:
    return Proved(load_signer(server.settings.keys_dir, server.settings.signed_dir).verifier_key)


async def test_clients_cast_again_and_again_and_all_that_was_acknowledged_is_in_the_log(tmp_path: Path) -> None:
    async with ours("sqlite", tmp_path, people=2, coops=3) as server:
        proved = proved_by(server)
        rate, load = await run(server.port, [Client(one, "/api/v1/polls") for one in await server.voters()], 0.2)
        proved.add(load.bodies)
        assert rate > 0
        assert len(proved.leaves) == len(load.bodies) == len(load.waits) >= 2
        nothing = await run(server.port, [Client(one, "/api/v1/nothing") for one in await server.voters()], 0.1)
        assert abs(len(nothing[1].bodies[0]) - len(load.bodies[-1])) < len(load.bodies[-1]) // 2
        assert server.processor_seconds() > 0
        with pytest.raises(LoadFailed, match="404"):
            await run(server.port, [Client(one, "/api/v1/nowhere") for one in await server.voters()], 0.1)
        server.stop()
        assert await proved.check_log(server.settings) > len(load.bodies)
        first = min(proved.leaves)
        proved.leaves[first] = bytes(32)
        with pytest.raises(SystemExit, match=f"1 acknowledged ballots are not in the log, the first at {first}"):
            await proved.check_log(server.settings)


async def test_the_django_service_does_the_same_work(tmp_path: Path) -> None:
    pytest.importorskip("rest_framework", reason="it is installed by make bench")
    async with theirs("sqlite", tmp_path, coops=3) as server:
        clients = [Client(one, "/api/v1/polls") for one in server.people]
        bodies = [body for _ in range(3) for body in (await run(server.port, clients, 0.01))[1].bodies]
    assert len(bodies) >= 9
    for body in bodies:
        entry, index, proof, size, root = receipt_lines(body)
        verify_inclusion(
            leaf=leaf_hash(entry),
            index=index,
            size=size,
            root=parse_base64(root),
            proof=[parse_base64(one) for one in proof],
        )
