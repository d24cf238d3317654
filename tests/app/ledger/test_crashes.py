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
from app.settings import Database
from governance.ids import PollId
from governance.instants import Instant
from governance.log.bundle import EntryFrame, read_bundle
from governance.log.checkpoint import open_checkpoint
from governance.log.merkle import leaf_hash, root_of
from governance.log.receipt import parse_receipt, verify_receipt
from tests.app.ledger.small_federation import COOPS, MovedClock, Running
from tests.app.store.databases import copied, url_of

pytestmark = pytest.mark.anyio
ROUNDS = 5
ROOT = Path(__file__).parents[3]


def storm_until_killed(running: Running, at: Instant, poll: PollId, round_: int) -> list[tuple[int, bytes, bytes]]:
    """Run `storm.py`, kill it after some acknowledged ballots, and give those whose line came through whole."""
    where = url_of(running.database)
    command = [
        sys.executable,
        str(ROOT / "tests/app/ledger/storm.py"),
        str(running.place),
        where,
        at,
        poll,
        str(round_),
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3 + 7 * round_)]
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.readlines()
    whole = [line.split() for line in lines if line.endswith(b"\n")]
    assert whole
    return [(int(seq), b64decode(record), b64decode(receipt)) for seq, record, receipt in whole]


async def test_whatever_was_acknowledged_is_there_after_being_killed(running: Running, clock: MovedClock) -> None:
    poll = await running.propose()
    await running.close()
    acknowledged: list[tuple[int, bytes, bytes]] = []
    for round_ in range(ROUNDS):
        acknowledged += storm_until_killed(running, clock.time, poll, round_)
        async with running.again(f"after {round_}") as again:
            (last,) = await again.rows("SELECT at FROM log_head")
            clock.time = max(clock.time, Instant(str(last["at"])))
            bundle = io.BytesIO()
            await again.ledger.write_bundle(bundle)
            entries = [frame.entry for frame in read_bundle([bundle.getvalue()]) if isinstance(frame, EntryFrame)]
            for seq, record, receipt in acknowledged:
                assert entries[seq] == record
                verify_receipt(parse_receipt(receipt), record, again.signer.verifier_key)
                assert await again.ledger.receipt(seq) == receipt
            note = await again.ledger.checkpoint()
            opened = open_checkpoint(note, again.signer.verifier_key)
            assert opened.checkpoint.root == root_of(leaf_hash(entry) for entry in entries)
            assert all(table.differ == 0 for table in await again.ledger.rebuild())


async def test_what_was_committed_and_not_signed_is_signed_at_the_next_start(
    running: Running, monkeypatch: pytest.MonkeyPatch
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
    async with running.again() as again:
        assert again.ledger.size == again.signer.last().size == size + 1
        record = await again.rows("SELECT bytes FROM log_entry WHERE seq = ?", size)
        verify_receipt(
            parse_receipt(await again.ledger.receipt(size)),
            record[0]["bytes"],
            again.signer.verifier_key,
        )


async def test_an_older_copy_of_the_database_is_refused_at_the_start(running: Running, clock: MovedClock) -> None:
    poll = await running.propose()
    await running.close()
    with copied(running.database, running.place) as backup:
        async with running.again() as again:
            await again.cast(poll, COOPS[0])
        with pytest.raises(LogShorter):
            async with Running(running.place, clock, database=backup):
                pass


async def test_another_history_of_the_same_length_is_refused_at_the_start(
    running: Running, clock: MovedClock, tmp_path: Path
) -> None:
    poll = await running.propose()
    await running.close()
    other = tmp_path / "other"
    shutil.copytree(running.place / "keys", other / "keys")
    with copied(running.database, other) as elsewhere:
        async with running.again("one") as one:
            await one.cast(poll, COOPS[0])
        async with Running(other, clock, database=elsewhere, seed="two") as two:
            await two.cast(poll, COOPS[0], "no")
        with pytest.raises(LogDifferent):
            async with Running(running.place, clock, database=elsewhere):
                pass


@pytest.mark.parametrize(
    ("damage", "args"),
    [
        ("DELETE FROM log_entry WHERE seq = 5", ()),
        ("UPDATE log_entry SET bytes = (SELECT bytes FROM log_entry WHERE seq = 6) WHERE seq = 5", ()),
        ("UPDATE log_entry SET bytes = ? WHERE seq = 5", (bytes(20),)),
        ("UPDATE log_head SET root = ?", (bytes(32),)),
    ],
)
async def test_a_damaged_log_is_refused_at_the_start(running: Running, damage: str, args: tuple[object, ...]) -> None:
    await running.ledger.close()
    await running.change(damage, *args)
    with pytest.raises(LogDamaged):
        async with running.again():
            pass


async def test_a_log_of_another_key_is_refused_at_the_start(running: Running, tmp_path: Path) -> None:
    await running.ledger.close()
    foreign = tmp_path / "foreign"
    create_signer(foreign / "keys", foreign / "keys", name="coop.example/log", seed=b"x" * 32)
    with pytest.raises(LogKeyForeign):
        async with Running(foreign, running.clock, database=running.database):
            pass


async def test_a_log_cannot_be_begun_under_a_key_that_is_not_loaded(
    tmp_path: Path, clock: MovedClock, database: Database
) -> None:
    other = create_signer(tmp_path / "k", tmp_path / "k", name="coop.example/log", seed=b"x" * 32)
    async with Running(tmp_path, clock, database=database) as running:
        running.signer, loaded = other, running.signer
        with pytest.raises(LogKeyForeign):
            await running.found()
        running.signer = loaded
        await running.found()
