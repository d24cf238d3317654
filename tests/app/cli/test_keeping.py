import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.app.cli.conftest import DATA, Rochdale


def test_the_bundle_takes_the_place_of_an_older_file(rochdale: Rochdale, home: Path, tmp_path: Path) -> None:
    (tmp_path / "my bundle").write_bytes(b"older")
    done = rochdale("bundle", "my bundle", "--home", home)
    assert done.returncode == 0
    assert done.stdout == b"my bundle: 180 entries. Verify it with `rochdale verify 'my bundle'`.\n"
    assert rochdale("verify", "my bundle").returncode == 0
    assert not list(tmp_path.glob(".rochdale*"))


def test_the_bundle_is_the_same_on_standard_output_and_through_a_link(
    rochdale: Rochdale, home: Path, bundle: Path, tmp_path: Path
) -> None:
    (tmp_path / "target").write_bytes(b"")
    (tmp_path / "link").symlink_to("target")
    assert rochdale("bundle", "link", "--home", home).returncode == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_bytes() == bundle.read_bytes()
    assert rochdale("bundle", "-", "--home", home).stdout == bundle.read_bytes()


def test_a_device_is_written_to_and_stays_one(rochdale: Rochdale, home: Path, bundle: Path) -> None:
    done = rochdale("bundle", "/dev/stdout", "--home", home)
    assert done.stdout.startswith(bundle.read_bytes())
    assert Path("/dev/stdout").is_symlink()


@pytest.mark.parametrize("place", [".", "no/such/folder/b", "file/b", "b" * 300])
def test_a_place_where_nothing_can_be_written_is_refused(
    rochdale: Rochdale, home: Path, tmp_path: Path, place: str
) -> None:
    (tmp_path / "file").write_text("no folder")
    done = rochdale("bundle", place, "--home", home)
    assert done.returncode == 2
    assert len(done.stderr.decode().splitlines()) == 2
    assert b"[system_refused]" in done.stderr


def test_a_row_that_was_altered_is_found_and_mended(rochdale: Rochdale, home: Path) -> None:
    with sqlite3.connect(home / "federation.sqlite") as database:
        database.execute("UPDATE coop SET name = 'Somebody Else' WHERE id = 'c3'")
        database.execute("DELETE FROM rule WHERE matter = 'charter'")
    database.close()
    done = rochdale("rebuild", "--home", home)
    assert done.returncode == 1
    assert b"coop                    69 rows  1 differed: c3\n" in done.stdout
    assert done.stdout.endswith(b"2 tables were not what the log says; mended.\n")
    again = rochdale("rebuild", "--home", home)
    assert again.returncode == 0
    assert again.stdout.endswith(b"Every table was what the log says.\n")


def test_rebuilding_as_json_counts_what_differed(rochdale: Rochdale, home: Path) -> None:
    done = rochdale("rebuild", "--home", home, "--json")
    assert done.returncode == 0
    assert {table["differ"] for table in json.loads(done.stdout)} == {0}


def test_the_key_is_shown_and_never_its_seed(rochdale: Rochdale, home: Path) -> None:
    seed = (home / "keys" / "log.key").read_text().splitlines()[2]
    done = rochdale("key", "--home", home)
    first, second = done.stdout.decode().splitlines()
    assert first.startswith("patio.example/log+")
    assert second.startswith("Fingerprint  ")
    (home / "keys" / "log.key").write_text(f"rochdale/log-key/v1\nanother name\n{seed}\n")
    for command in (["key"], ["bundle", "x"], ["rebuild"], ["found", DATA], ["--debug", "key"]):
        refused = rochdale("--home", home, *command) if command[0] != "--debug" else rochdale(*command, "--home", home)
        assert refused.returncode == 2
        assert b"[key_file_invalid]" in refused.stderr
        assert seed.encode() not in refused.stderr + refused.stdout


def test_before_a_founding_every_command_says_what_to_do(rochdale: Rochdale, tmp_path: Path) -> None:
    for command, code in (
        (["key"], "key_missing"),
        (["bundle", "x"], "federation_missing"),
        (["rebuild"], "federation_missing"),
    ):
        done = rochdale(*command, "--home", "nowhere")
        assert done.returncode == 2
        assert f"[{code}]" in done.stderr.decode()
        assert b"rochdale found" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_older_copy_of_the_database_is_refused_by_every_command(
    rochdale: Rochdale, home: Path, tmp_path: Path
) -> None:
    shutil.rmtree(home)
    assert rochdale("demo", "--no-serve", "--home", home).returncode == 0
    older = tmp_path / "older.sqlite"
    shutil.copy(home / "federation.sqlite", older)
    with sqlite3.connect(older) as database:
        seq, root = database.execute("SELECT size, root FROM log_head").fetchone()
        assert seq > 180
        database.execute("DELETE FROM log_entry WHERE seq >= 180")
        database.execute("UPDATE log_head SET size = 180, root = ?", (root,))
    database.close()
    for left in home.glob("federation.sqlite*"):
        left.unlink()
    shutil.copy(older, home / "federation.sqlite")
    for command in (["bundle", "x"], ["rebuild"], ["found", DATA], ["demo", "--no-serve"]):
        done = rochdale("--home", home, *command)
        assert done.returncode == 2
        assert b"it is an older copy. Restore the newest one." in done.stderr
        assert b"[log_shorter]" in done.stderr
    assert not (tmp_path / "x").exists()
