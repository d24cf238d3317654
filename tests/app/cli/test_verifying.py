import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from governance.report import TITLES
from tests.app.cli.conftest import Rochdale, environment

FOREIGN = "coop.example/log+e249a383+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"


@pytest.fixture(scope="session")
def key(founded_once: Path) -> str:
    shown = subprocess.run(
        [sys.executable, "-m", "app.cli", "--home", str(founded_once), "key"],
        env=environment(),
        check=True,
        capture_output=True,
    )
    return shown.stdout.decode().splitlines()[0]


def test_a_bundle_is_verified_and_every_check_is_named(rochdale: Rochdale, bundle: Path) -> None:
    done = rochdale("verify", bundle)
    said = done.stdout.decode()
    assert done.returncode == 0
    assert done.stderr == b""
    assert all(title in said for title in TITLES.values())
    assert "Entries      180, the last of " in said
    assert "     1 checkpoint\n" in said
    assert said.splitlines()[-1] == "VERIFIED, but by a key that nobody has checked: give it with --key."


def test_standard_input_is_verified(rochdale: Rochdale, bundle: Path) -> None:
    done = rochdale("verify", "-", "--quiet", stdin=bundle.read_bytes())
    assert (done.returncode, done.stdout.count(b"\n")) == (0, 1)


def test_the_key_can_be_text_or_a_file_as_key_writes_it(
    rochdale: Rochdale, bundle: Path, key: str, tmp_path: Path
) -> None:
    (tmp_path / "key file").write_bytes(f"\N{BYTE ORDER MARK}{key}\r\nFingerprint  0000\r\n".encode())
    for given in (key, f" {key}\n", "key file"):
        done = rochdale("verify", bundle, "--quiet", "--key", given)
        assert (done.returncode, done.stdout) == (0, b"VERIFIED\n")


def test_a_foreign_key_fails_the_check_of_the_key_alone(rochdale: Rochdale, bundle: Path) -> None:
    done = rochdale("verify", bundle, "--key", FOREIGN)
    assert done.returncode == 1
    assert b"[key_foreign]" in done.stdout
    assert done.stdout.endswith(b"NOT VERIFIED: key\n")


@pytest.mark.parametrize("given", ["", "nonsense", "no/such/file", ".", "a" * 5_000, FOREIGN[:-1], FOREIGN + "x"])
def test_a_key_that_is_none_is_refused(rochdale: Rochdale, bundle: Path, given: str) -> None:
    done = rochdale("verify", bundle, "--key", given)
    assert done.returncode == 2
    assert len(done.stderr.decode().splitlines()) == 2
    assert done.stdout == b""


def test_a_secret_key_given_by_mistake_is_not_repeated(
    rochdale: Rochdale, bundle: Path, founded_once: Path, tmp_path: Path
) -> None:
    seed = (founded_once / "keys" / "log.key").read_text().splitlines()[2]
    (tmp_path / "mistaken").write_text(seed)
    for file in (founded_once / "keys" / "log.key", tmp_path / "mistaken", bundle):
        done = rochdale("verify", bundle, "--key", file)
        assert done.returncode == 2
        assert b"[verifier_key_invalid]" in done.stderr
        assert seed.encode() not in done.stderr + done.stdout


def test_one_flipped_byte_fails(rochdale: Rochdale, bundle: Path) -> None:
    data = bytearray(bundle.read_bytes())
    data[len(data) // 2] ^= 1
    done = rochdale("verify", "-", stdin=bytes(data))
    assert done.returncode == 1
    assert b"FAIL" in done.stdout
    assert b"\nNOT VERIFIED: " in done.stdout


@pytest.mark.parametrize("length", [0, 1, 18, 1_000, -1])
def test_a_bundle_that_was_cut_off_fails(rochdale: Rochdale, bundle: Path, length: int) -> None:
    done = rochdale("verify", "-", stdin=bundle.read_bytes()[:length])
    assert done.returncode == 1
    assert b"[bundle_truncated]" in done.stdout
    assert done.stdout.endswith(b"NOT VERIFIED: format\n")


def test_what_is_no_bundle_fails_and_nothing_is_said_about_a_federation(rochdale: Rochdale) -> None:
    done = rochdale("verify", "-", stdin=b"\x1b[2Jthis is something else" * 100)
    assert done.returncode == 1
    assert b"[bundle_magic_wrong]" in done.stdout
    assert b"Federation" not in done.stdout
    assert b"\x1b" not in done.stdout


def test_a_missing_file_and_a_directory_are_refused(rochdale: Rochdale) -> None:
    for file in ("nowhere", "."):
        done = rochdale("verify", file)
        assert (done.returncode, done.stdout) == (2, b"")


def test_json_names_every_check_also_when_one_fails(rochdale: Rochdale, bundle: Path) -> None:
    for data, code, holds in ((bundle.read_bytes(), 0, True), (b"", 1, False)):
        done = rochdale("verify", "-", "--json", stdin=data)
        report = json.loads(done.stdout)
        assert (done.returncode, report["holds"]) == (code, holds)
        assert [check["name"] for check in report["checks"]] == list(TITLES)


def test_progress_is_shown_on_a_terminal_only(rochdale: Rochdale, bundle: Path, tmp_path: Path) -> None:
    assert rochdale("verify", bundle).stderr == b""
    terminal, other = pty.openpty()
    command = [sys.executable, "-m", "app.cli", "verify", str(bundle)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=other, cwd=tmp_path, env=environment()) as process:
        said, _ = process.communicate(timeout=60)
    shown = os.read(terminal, 10_000)
    os.close(terminal)
    os.close(other)
    assert b"0 of 180 entries" in shown
    assert shown.endswith(b"\r\x1b[K")
    assert b"of 180 entries" not in said


@pytest.mark.parametrize("command", ["verify {bundle}", "bundle --home {home} -", "--help"])
def test_a_reader_that_goes_away_gets_no_complaint(command: str, bundle: Path, home: Path, tmp_path: Path) -> None:
    words = command.format(bundle=bundle, home=home).split()
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", *words],
        stdout=writing,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=environment(),
        check=False,
        timeout=60,
    )
    os.close(writing)
    assert done.stderr == b""
    assert done.returncode in (1, 141)


def test_a_full_disk_under_the_output_is_refused_in_words(bundle: Path, tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "app.cli", "verify", str(bundle)],
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            env=environment(),
            check=False,
            timeout=60,
        )
    assert done.returncode == 2
    assert done.stderr.decode().splitlines()[1:] == ["It said of this: No space left on device. [system_refused]"]


def test_ctrl_c_stops_without_a_traceback(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "app.cli", "verify", "-"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, env=environment()
    ) as process:
        assert process.stdin is not None
        # The pipe's buffer is smaller than this: once it is written, the command has begun to read.
        process.stdin.write(b"rochdale/bundle/v1\n" + b"H\xff\xff\x00\x00" + b" " * 10)
        process.stdin.flush()
        time.sleep(3)
        process.send_signal(signal.SIGINT)
        said, complained = (
            process.stdout.read() if process.stdout else b"",
            process.stderr.read() if process.stderr else b"",
        )
        process.stdin.close()
        assert process.wait(60) == 130
    assert (said, complained) == (b"", b"\nStopped.\n")
