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
    assert kills > 1
    assert rochdale("--home", new, "rebuild").returncode == 0
