import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.cli.conftest import DATA, ROOT, Rochdale, environment

STEP = int(os.environ.get("ROCHDALE_TEST_KILL_STEP", "20"))
"""Every how many touches of the disk a process is killed; 1 tries them all, which takes minutes."""


def killed_everywhere(place: Path, *args: object, last: int = 10_000) -> Iterator[int]:
    """Start a command again and again, each time to be killed a little later, until one comes to its end."""
    for touch in range(1, last, STEP):
        command = [sys.executable, str(ROOT / "tests/app/cli/killed.py"), str(touch), *map(str, args)]
        done = subprocess.run(command, cwd=place, env=environment(), check=False, capture_output=True, timeout=60)
        assert b"Traceback" not in done.stderr
        if done.returncode != -signal.SIGKILL:
            return
        yield touch


def test_a_founding_that_is_killed_anywhere_can_be_repeated_and_founds_once(rochdale: Rochdale, tmp_path: Path) -> None:
    kills = 0
    for kill in killed_everywhere(tmp_path, "--home", "h", "found", DATA):
        kills += 1
        # What the kill left is taken up by the next run in the same place, and in a copy by a run that comes to its end.
        copy = tmp_path / f"copy-{kill}"
        subprocess.run(["/bin/cp", "-r", "h", copy], cwd=tmp_path, check=False, capture_output=True)
        done = rochdale("--home", copy, "found", DATA)
        assert done.returncode == 0 or b"[already_founded]" in done.stderr
        key = rochdale("--home", copy, "key").stdout.decode().splitlines()[0]
        assert rochdale("--home", copy, "bundle", "b").returncode == 0
        verified = json.loads(rochdale("verify", "--json", "--key", key, "b").stdout)
        assert (verified["holds"], verified["size"], verified["entries"]["founding.closed"]) == (True, 180, 1)
        with sqlite3.connect(copy / "federation.sqlite") as database:
            contacts = {row[0] for row in database.execute("SELECT mandate FROM contact")}
            assert contacts == {row[0] for row in database.execute("SELECT id FROM mandate")}
    assert kills > 1


def test_a_demo_that_is_killed_anywhere_begins_again(rochdale: Rochdale, tmp_path: Path) -> None:
    kills = [
        *killed_everywhere(tmp_path, "demo", "--no-serve"),
        *killed_everywhere(tmp_path, "demo", "--no-serve", "--fresh", last=40),
    ]
    assert len(kills) > 4
    assert b"is founded" in rochdale("demo", "--no-serve").stdout
    assert b"Found the federation" in rochdale("demo", "--no-serve").stdout


@pytest.mark.parametrize("older", [b"", b"what was there before"])
def test_a_bundle_that_is_killed_anywhere_leaves_no_half_file(
    rochdale: Rochdale, home: Path, tmp_path: Path, older: bytes
) -> None:
    target = tmp_path / "b"
    whole = rochdale("--home", home, "bundle", "-").stdout
    if older:
        target.write_bytes(older)
    for _ in killed_everywhere(tmp_path, "--home", home, "bundle", target):
        assert (target.read_bytes() if target.exists() else b"") in (older, whole)
        target.unlink(missing_ok=True)
        if older:
            target.write_bytes(older)
    assert target.read_bytes() == whole
