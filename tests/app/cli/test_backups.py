import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.app.cli.conftest import Rochdale
from tests.app.cli.test_killed import killed_everywhere


@pytest.fixture
def recipient(rochdale: Rochdale) -> str:
    done = rochdale("backup-key", "identity")
    assert b"keep it away from the server" in done.stderr
    return done.stdout.decode().strip()


def with_keys(home: Path, place: Path) -> Path:
    """A place in which only the keys are."""
    shutil.copytree(home / "keys", place / "keys")
    return place


def test_a_backup_is_taken_and_restored_elsewhere(
    rochdale: Rochdale, home: Path, recipient: str, bundle: Path, tmp_path: Path
) -> None:
    done = rochdale("--home", home, "backup", "b", "--to", recipient)
    assert done.returncode == 0, done.stderr
    assert b"180 entries" in done.stdout
    assert b"The signing key is not in it" in done.stdout
    checked = rochdale("--home", home, "restore", "b", "--identity", "identity", "--check", "--json")
    assert json.loads(checked.stdout)["entries"] == 180
    new = with_keys(home, tmp_path / "new")
    restored = rochdale("--home", new, "restore", "b", "--identity", "identity")
    assert restored.returncode == 0, restored.stderr
    assert restored.stdout.startswith(b"Patio is restored, as it was at ")
    assert rochdale("--home", new, "bundle", "-").stdout == bundle.read_bytes()
    assert rochdale("--home", new, "doctor", "--json").returncode == 0


def test_a_backup_goes_to_standard_output_and_to_whom_the_setting_names(
    rochdale: Rochdale, home: Path, recipient: str, tmp_path: Path
) -> None:
    done = rochdale("backup", "-", ROCHDALE_HOME=str(home), ROCHDALE_BACKUP_TO=recipient)
    assert done.returncode == 0
    assert done.stdout.startswith(b"age-encryption.org/v1\n")
    (tmp_path / "b").write_bytes(done.stdout)
    checked = rochdale("--home", home, "restore", "b", "--identity", "identity", "--check")
    assert checked.stdout.endswith(b"Nothing was written.\n")


def test_a_backup_to_nobody_is_refused(rochdale: Rochdale, home: Path, tmp_path: Path) -> None:
    done = rochdale("--home", home, "backup", "b")
    assert b"[setting_missing]" in done.stderr
    assert b"rochdale backup-key" in done.stderr
    assert not (tmp_path / "b").exists()


def test_a_restoring_that_is_killed_anywhere_can_be_repeated(
    rochdale: Rochdale, home: Path, recipient: str, tmp_path: Path
) -> None:
    assert rochdale("--home", home, "backup", "b", "--to", recipient).returncode == 0
    new, kills = with_keys(home, tmp_path / "new"), 0
    for _ in killed_everywhere(tmp_path, "--home", new, "restore", "b", "--identity", "identity"):
        kills += 1
        database = new / "federation.sqlite"
        if database.exists():
            copy = shutil.copytree(new, tmp_path / f"copy-{kills}")
            with sqlite3.connect(copy / "federation.sqlite") as left:
                tables = {row[0] for row in left.execute("SELECT name FROM sqlite_master")}
                sizes = left.execute("SELECT size FROM log_head").fetchall() if "log_head" in tables else []
            left.close()
            # All of it or nothing; and where nothing, the same again succeeds.
            assert sizes in ([], [(180,)])
            done = rochdale("--home", copy, "restore", "b", "--identity", "identity")
            assert (done.returncode == 0) is not bool(sizes)
        shutil.rmtree(new)
        with_keys(home, new)
    assert kills
    assert rochdale("--home", new, "rebuild").returncode == 0


NEW = "patio.example/log2"


def test_a_log_of_which_nobody_knows_what_is_lost_goes_on_in_the_open(
    rochdale: Rochdale, home: Path, recipient: str, tmp_path: Path
) -> None:
    assert rochdale("--home", home, "backup", "b", "--to", recipient).returncode == 0
    before = rochdale("--home", home, "key").stdout.decode().splitlines()[0]
    receipt = rochdale("--home", home, "restore", "b", "--identity", "identity", "--seen", "b")
    assert b"goes with --continue-as" in receipt.stderr
    new = with_keys(home, tmp_path / "new")
    going_on = ("--home", new, "restore", "b", "--identity", "identity", "--continue-as", NEW)
    assert b"[nothing_lost]" in rochdale(*going_on).stderr
    (new / "keys" / "log.signed").unlink()
    assert b"say --continue-as too" in rochdale(*going_on).stderr
    done = rochdale(*going_on, "--memory-lost")
    assert done.returncode == 0, done.stderr
    assert b"LOST         0 signed entries are known to be lost. Entry 180 of the log says so, for ever." in done.stdout
    after = rochdale("--home", new, "key").stdout.decode().splitlines()[0]
    assert after.startswith(f"{NEW}+")
    assert after in done.stdout.decode()
    assert rochdale("--home", new, "bundle", "bundle").returncode == 0
    verified = rochdale("verify", "--key", after, "bundle")
    assert verified.returncode == 0
    assert b"LOST 0 signed entries before entry 180, of " in verified.stdout
    assert verified.stdout.endswith(b"VERIFIED, and 0 signed entries are known to be lost\n")
    assert b"VERIFIED: key" in rochdale("verify", "--quiet", "--key", before, "bundle").stdout
    assert rochdale("--home", new, "doctor", "--json").returncode == 0


def test_a_log_that_is_killed_anywhere_while_it_is_made_to_go_on_does_so_when_it_is_asked_again(
    rochdale: Rochdale, home: Path, recipient: str, tmp_path: Path
) -> None:
    assert rochdale("--home", home, "backup", "b", "--to", recipient).returncode == 0
    new, kills = with_keys(home, tmp_path / "new"), 0
    (new / "keys" / "log.signed").unlink()
    asked = ("restore", "b", "--identity", "identity", "--continue-as", NEW, "--memory-lost")
    for _ in killed_everywhere(tmp_path, "--home", new, *asked):
        kills += 1
        copy = shutil.copytree(new, tmp_path / f"copy-{kills}")
        done = rochdale("--home", copy, *asked)
        # Only where all of it was done is the key another one, and nothing left to do.
        assert done.returncode == 0 or b"[log_key_foreign]" in done.stderr
        key = rochdale("--home", copy, "key").stdout.decode().splitlines()[0]
        assert key.startswith(f"{NEW}+")
        assert not list((copy / "keys").glob("log.signed.*"))
        assert rochdale("--home", copy, "bundle", "bundle").returncode == 0
        assert json.loads(rochdale("verify", "--json", "--key", key, "bundle").stdout)["size"] == 181
        shutil.rmtree(new)
        with_keys(home, new)
        (new / "keys" / "log.signed").unlink()
    assert kills
