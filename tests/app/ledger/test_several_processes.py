import io
import os
import shutil
import signal
import subprocess
import sys
from base64 import b64decode
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from app.settings import SQLiteDatabase
from governance.facts.proposals import CommentPosted
from governance.instants import Instant, later
from governance.log.receipt import parse_receipt, verify_receipt
from governance.records import Record, read_record
from governance.verifier import verify
from tests.app.ledger.commenting import post, words
from tests.app.ledger.small_federation import MovedClock, Running
from tests.app.store.databases import url_of

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[3]
MANY = 24
Acknowledged = tuple[int, bytes, bytes]


def started(running: Running, at: Instant, who: str) -> "subprocess.Popen[bytes]":
    """A process that comments. On PostgreSQL each is a host of its own, with its own memory of what it signed."""
    place = running.place
    if not isinstance(running.database, SQLiteDatabase):
        place = running.place / who
        shutil.copytree(running.place / "keys", place / "keys")
    script = str(ROOT / "tests/app/ledger/commenting.py")
    return subprocess.Popen(
        [sys.executable, script, str(place), url_of(running.database), at, who, str(MANY)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def let_go(processes: list["subprocess.Popen[bytes]"]) -> None:
    """Let them all begin at once, when the last one is ready."""
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()


def heard(process: "subprocess.Popen[bytes]", *, killed_after: int | None = None) -> list[Acknowledged]:
    """What a process says was acknowledged, until it ends or is killed."""
    assert process.stdout is not None
    lines = []
    if killed_after is not None:
        lines += [process.stdout.readline() for _ in range(killed_after)]
        process.send_signal(signal.SIGKILL)
    lines += process.stdout.readlines()
    assert process.stdin is not None
    process.stdin.close()
    process.stdout.close()
    assert process.wait() == (0 if killed_after is None else -signal.SIGKILL)
    whole = [line.split() for line in lines if line.endswith(b"\n")]
    return [(int(seq), b64decode(record), b64decode(receipt)) for seq, record, receipt in whole]


async def closes_under_way(running: Running, clock: MovedClock) -> Instant:
    """An instant so shortly before a vote closes that it does while the processes comment."""
    await running.propose()
    (row,) = await running.rows("SELECT closes FROM poll")
    clock.time = later(Instant(str(row["closes"])), -timedelta(milliseconds=MANY // 6))
    await running.close()
    return clock.time


async def records(running: Running) -> list[Record]:
    rows = await running.rows("SELECT bytes FROM log_entry ORDER BY seq")
    return [read_record(row["bytes"]) for row in rows]


async def assert_sound(running: Running, acknowledged: list[Acknowledged]) -> Counter[str]:
    """Everything acknowledged is there, the vote was closed once, log and tables hold. Gives how often each text is there."""
    found = await records(running)
    assert [record.type for record in found].count("poll.closed") == 1
    for seq, record, receipt in acknowledged:
        assert found[seq] == read_record(record)
        verify_receipt(parse_receipt(receipt), record, running.signer.verifier_key)
        assert await running.ledger.receipt(seq) == receipt
    file = io.BytesIO()
    await running.ledger.write_bundle(file)
    report = verify([file.getvalue()])
    assert report.holds, report.checks
    assert all(table.differ == 0 for table in await running.ledger.rebuild())
    return Counter(record.body.text for record in found if isinstance(record.body, CommentPosted))


@pytest.mark.parametrize("count", [2, 4])
async def test_processes_that_append_at_once_lose_and_double_nothing(
    running: Running, clock: MovedClock, count: int
) -> None:
    at = await closes_under_way(running, clock)
    names = [f"process {number}" for number in range(count)]
    processes = [started(running, at, name) for name in names]
    let_go(processes)
    acknowledged = [line for process in processes for line in heard(process)]
    clock.move(seconds=1)
    async with running.again() as again:
        texts = await assert_sound(again, acknowledged)
    assert texts == dict.fromkeys((words(name, number)[0] for name in names for number in range(MANY)), 1)
    assert len({seq for seq, _, _ in acknowledged}) == count * MANY


async def test_a_process_that_is_killed_stops_no_other_and_what_it_asked_can_be_asked_again(
    running: Running, clock: MovedClock
) -> None:
    at = await closes_under_way(running, clock)
    names = ["killed", "alive"]
    killed, alive = [started(running, at, name) for name in names]
    let_go([killed, alive])
    acknowledged = heard(killed, killed_after=4) + heard(alive)
    clock.move(seconds=1)
    async with running.again() as again:
        for number in range(MANY):
            await post(again, "killed", number)
        texts = await assert_sound(again, acknowledged)
    assert texts == dict.fromkeys((words(name, number)[0] for name in names for number in range(MANY)), 1)
