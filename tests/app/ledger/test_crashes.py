import io
import os
import shutil
import signal
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import pytest

from app.ledger.errors import LogDamaged, LogDifferent, LogKeyForeign, LogShorter, OutcomeUnknown
from app.security.signed import SignedUnwritable
from app.security.signer import create_signer
from governance.ids import PollId
from governance.instants import Instant
from governance.log.bundle import EntryFrame, read_bundle
from governance.log.checkpoint import open_checkpoint
from governance.log.merkle import leaf_hash, root_of
from governance.log.receipt import parse_receipt, verify_receipt
from tests.app.ledger.small_federation import COOPS, MovedClock, Running

pytestmark = pytest.mark.anyio
ROUNDS = 5
ROOT = Path(__file__).parents[3]


def storm_until_killed(place: Path, at: Instant, poll: PollId, round_: int) -> list[tuple[int, bytes, bytes]]:
    """Run `storm.py`, kill it after some acknowledged ballots, and give those whose line came through whole."""
    command = [sys.executable, str(ROOT / "tests/app/ledger/storm.py"), str(place), at, poll, str(round_)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3 + 7 * round_)]
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.readlines()
    whole = [line.split() for line in lines if line.endswith(b"\n")]
    assert whole
    return [(int(seq), b64decode(record), b64decode(receipt)) for seq, record, receipt in whole]


async def test_whatever_was_acknowledged_is_there_after_being_killed(tmp_path: Path, clock: MovedClock) -> None:
    async with Running(tmp_path, clock) as running:
        await running.found()
        poll = await running.propose()
    acknowledged: list[tuple[int, bytes, bytes]] = []
    for round_ in range(ROUNDS):
        acknowledged += storm_until_killed(tmp_path, clock.time, poll, round_)
        async with Running(tmp_path, clock, seed=f"after {round_}") as running:
            (last,) = await running.rows("SELECT at FROM log_head")
            clock.time = max(clock.time, Instant(str(last["at"])))
            bundle = io.BytesIO()
            await running.ledger.write_bundle(bundle)
            entries = [frame.entry for frame in read_bundle([bundle.getvalue()]) if isinstance(frame, EntryFrame)]
            for seq, record, receipt in acknowledged:
                assert entries[seq] == record
                verify_receipt(parse_receipt(receipt), record, running.signer.verifier_key)
                assert await running.ledger.receipt(seq) == receipt
            note = await running.ledger.checkpoint()
            opened = open_checkpoint(note, running.signer.verifier_key)
            assert opened.checkpoint.root == root_of(leaf_hash(entry) for entry in entries)
            assert all(table.differ == 0 for table in await running.ledger.rebuild())


async def test_what_was_committed_and_not_signed_is_signed_at_the_next_start(
    running: Running, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = await running.propose()
    size = running.ledger.size

    def killed(*_: object) -> bytes:
        raise SignedUnwritable("Killed before signing.")

    with monkeypatch.context() as patched:
        patched.setattr(running.signer, "release", killed)
        with pytest.raises(OutcomeUnknown):
            await running.cast(poll, COOPS[0])
    await running.ledger.close()
    assert running.signer.last().size == size
    async with Running(running.database.parent, clock) as again:
        assert again.ledger.size == again.signer.last().size == size + 1
        record = await again.rows("SELECT bytes FROM log_entry WHERE seq = ?", size)
        verify_receipt(
            parse_receipt(await again.ledger.receipt(size)),
            record[0]["bytes"],
            again.signer.verifier_key,
        )


async def test_an_older_copy_of_the_database_is_refused_at_the_start(running: Running, clock: MovedClock) -> None:
    poll = await running.propose()
    place = running.database.parent
    await running.ledger.close()
    await running.engine.close()
    shutil.copy(running.database, place / "backup.sqlite")
    async with Running(place, clock, seed="later") as again:
        await again.cast(poll, COOPS[0])
    with pytest.raises(LogShorter):
        async with Running(place, clock, database=place / "backup.sqlite"):
            pass


async def test_another_history_of_the_same_length_is_refused_at_the_start(running: Running, clock: MovedClock) -> None:
    poll = await running.propose()
    place = running.database.parent
    await running.ledger.close()
    await running.engine.close()
    other = place / "other"
    shutil.copytree(place, other)
    async with Running(place, clock, seed="one") as one:
        await one.cast(poll, COOPS[0])
    async with Running(other, clock, seed="two") as two:
        await two.cast(poll, COOPS[0], "no")
    with pytest.raises(LogDifferent):
        async with Running(place, clock, database=other / "federation.sqlite"):
            pass


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM log_entry WHERE seq = 5",
        "UPDATE log_entry SET bytes = (SELECT bytes FROM log_entry WHERE seq = 6) WHERE seq = 5",
        "UPDATE log_entry SET bytes = zeroblob(20) WHERE seq = 5",
        "UPDATE log_head SET root = zeroblob(32)",
    ],
)
async def test_a_damaged_log_is_refused_at_the_start(running: Running, clock: MovedClock, damage: str) -> None:
    await running.ledger.close()
    writer = await running.engine.take_writer()
    await writer.execute(damage)
    running.engine.give_writer_back()
    with pytest.raises(LogDamaged):
        async with Running(running.database.parent, clock):
            pass


async def test_a_log_of_another_key_is_refused_at_the_start(running: Running, tmp_path: Path) -> None:
    await running.ledger.close()
    foreign = tmp_path / "foreign"
    create_signer(foreign / "keys", foreign / "keys", name="coop.example/log", seed=b"x" * 32)
    with pytest.raises(LogKeyForeign):
        async with Running(foreign, running.clock, database=running.database):
            pass


async def test_a_log_cannot_be_begun_under_a_key_that_is_not_loaded(tmp_path: Path, clock: MovedClock) -> None:
    other = create_signer(tmp_path / "k", tmp_path / "k", name="coop.example/log", seed=b"x" * 32)
    async with Running(tmp_path, clock) as running:
        running.signer, loaded = other, running.signer
        with pytest.raises(LogKeyForeign):
            await running.found()
        running.signer = loaded
        await running.found()
