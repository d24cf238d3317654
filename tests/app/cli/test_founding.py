import json
import sqlite3
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

from tests.app.cli.conftest import DATA, Rochdale, environment


def test_a_federation_is_founded_and_what_it_stands_on_is_said(rochdale: Rochdale, tmp_path: Path) -> None:
    done = rochdale("found", DATA, "--home", tmp_path / "h")
    said = done.stdout.decode()
    assert done.returncode == 0
    assert "69 coops with 846 worker-members" in said
    assert "patio.example/log+" in said
    assert f"Keep a copy of the key in {tmp_path / 'h' / 'keys'}" in said
    assert done.stderr == b""


def test_a_founding_as_json_has_the_stewards(rochdale: Rochdale) -> None:
    founded = json.loads(rochdale("--home", "h", "found", DATA, "--json").stdout)
    assert founded["coops"] == len(founded["stewards"]) == 69


def test_the_files_can_be_named_by_the_founding_file(rochdale: Rochdale) -> None:
    assert rochdale("found", DATA / "federation.toml", "--home", "h").returncode == 0


def test_every_problem_of_wrong_files_is_said_and_nothing_is_made(
    rochdale: Rochdale, files: Path, tmp_path: Path
) -> None:
    coops = (files / "coops.csv").read_text("utf-8-sig").splitlines()
    coops[1] = coops[1].replace(";10;", ";-3;")
    coops.append(coops[2])
    (files / "coops.csv").write_text("\n".join(coops))
    (files / "charter.md").unlink()
    done = rochdale("found", files, "--home", tmp_path / "h")
    said = done.stderr.decode()
    assert done.returncode == 2
    assert "coops.csv:2: " in said
    assert "coops.csv:71: " in said
    assert "[file_missing]" in said
    assert (
        said.splitlines()[-1] == f"{len(said.splitlines()) - 1} problems; nothing was founded. [founding_file_refused]"
    )
    assert not (tmp_path / "h").exists()


def test_one_problem_is_one_problem(rochdale: Rochdale, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = rochdale("found", "empty", "--home", "h")
    assert done.returncode == 2
    assert done.stderr.decode().splitlines()[-1] == "1 problem; nothing was founded. [founding_file_refused]"
    assert not (tmp_path / "h").exists()


def test_a_folder_that_is_not_there_is_refused(rochdale: Rochdale) -> None:
    done = rochdale("found", "nowhere", "--home", "h")
    assert done.returncode == 2
    assert b"'nowhere' does not exist" in done.stderr


def test_a_second_founding_is_refused_and_changes_nothing(rochdale: Rochdale, home: Path) -> None:
    before = rochdale("bundle", "--home", home, "-").stdout
    done = rochdale("found", DATA, "--home", home)
    assert done.returncode == 2
    assert b"[already_founded]" in done.stderr
    assert rochdale("bundle", "--home", home, "-").stdout == before


def test_the_key_of_another_log_is_refused_before_anything_is_written(
    rochdale: Rochdale, home: Path, files: Path, tmp_path: Path
) -> None:
    toml = (files / "federation.toml").read_text()
    (files / "federation.toml").write_text(toml.replace("patio.example/log", "other.example/log"))
    done = rochdale(
        "found", files, ROCHDALE_KEYS_DIR=str(home / "keys"), ROCHDALE_DATABASE=str(tmp_path / "new" / "f.sqlite")
    )
    assert done.returncode == 2
    assert b"patio.example/log, and the founding file says other.example/log" in done.stderr
    assert b"[key_of_another_log]" in done.stderr
    assert not (tmp_path / "new").exists()


def test_a_federation_whose_database_is_gone_is_not_founded_again(rochdale: Rochdale, home: Path) -> None:
    (home / "federation.sqlite").unlink()
    for command in (["found", DATA], ["bundle", "x"], ["rebuild"]):
        done = rochdale("--home", home, *command)
        assert done.returncode == 2
        assert b"has signed a log of 180 entries" in done.stderr
        assert b"[database_missing]" in done.stderr
    assert not (home / "federation.sqlite").exists()


def test_a_key_that_was_mounted_is_used(rochdale: Rochdale, tmp_path: Path) -> None:
    (tmp_path / "mounted").mkdir()
    seed = b64encode(bytes(range(32))).decode()
    (tmp_path / "mounted" / "log.key").write_text(f"rochdale/log-key/v1\npatio.example/log\n{seed}\n")
    done = rochdale("found", DATA, ROCHDALE_HOME="h", ROCHDALE_KEYS_DIR="mounted", ROCHDALE_SIGNED_DIR="signed")
    assert done.returncode == 0
    assert [path.name for path in (tmp_path / "mounted").iterdir()] == ["log.key"]


def test_a_place_that_cannot_be_written_to_is_refused_before_a_key_is_made(rochdale: Rochdale, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no directory")
    done = rochdale("found", DATA, ROCHDALE_DATABASE="file/f.sqlite", ROCHDALE_KEYS_DIR="keys")
    assert done.returncode == 2
    assert b"[system_refused]" in done.stderr
    assert not (tmp_path / "keys" / "log.key").exists()


def test_a_file_that_is_no_database_is_refused_and_left_alone(rochdale: Rochdale, tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("these are my notes, and no database")
    done = rochdale("found", DATA, "--home", "h", ROCHDALE_HOME="h2")
    assert done.returncode == 0
    done = rochdale("found", DATA, ROCHDALE_HOME="h3", ROCHDALE_DATABASE="notes")
    assert done.returncode == 2
    assert b"SQLite cannot use notes" in done.stderr
    assert b"[database_unusable]" in done.stderr
    assert (tmp_path / "notes").read_text() == "these are my notes, and no database"


def test_a_server_that_does_not_answer_is_refused_without_showing_its_password(
    rochdale: Rochdale, tmp_path: Path
) -> None:
    url = "postgresql://someone:hunter2@127.0.0.1:1/patio"
    done = rochdale("found", DATA, ROCHDALE_HOME="h", ROCHDALE_DATABASE=url)
    assert done.returncode == 2
    assert b"[database_unreachable]" in done.stderr
    assert b"hunter2" not in done.stderr + done.stdout
    assert not (tmp_path / "h").exists()


def test_contacts_are_kept_beside_the_log_and_stand_nowhere_in_it(home: Path, bundle: Path, rochdale: Rochdale) -> None:
    with sqlite3.connect(home / "federation.sqlite") as database:
        contacts = database.execute("SELECT mandate, address FROM contact").fetchall()
        mandates = {row[0] for row in database.execute("SELECT id FROM mandate").fetchall()}
        entries = b"".join(row[0] for row in database.execute("SELECT bytes FROM log_entry").fetchall())
    assert len(contacts) == 69 + 5
    assert {mandate for mandate, _ in contacts} == mandates
    assert all("@" in address for _, address in contacts)
    assert b"@" not in entries
    # A bundle has salts and hashes in it, in which a byte can be an @ by chance: so whole addresses are looked for.
    written = bundle.read_bytes()
    assert not any(address.encode() in written for _, address in contacts)
    for command in (["rebuild"], ["key"], ["verify", bundle], ["verify", "--json", bundle]):
        done = rochdale("--home", home, *command) if command[0] != "verify" else rochdale(*command)
        assert b"@" not in done.stdout + done.stderr


def test_two_foundings_at_once_found_once(rochdale: Rochdale, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "app.cli", "--home", "h", "found", str(DATA)]
    both = [
        subprocess.Popen(command, cwd=tmp_path, env=environment(), stdout=-3, stderr=subprocess.PIPE) for _ in range(2)
    ]
    errors = [process.communicate()[1] for process in both]
    assert sorted(process.returncode for process in both) == [0, 2]
    assert any(b"[already_founded]" in error for error in errors)
    with sqlite3.connect(tmp_path / "h" / "federation.sqlite") as database:
        contacts = {row[0] for row in database.execute("SELECT mandate FROM contact").fetchall()}
        assert contacts == {row[0] for row in database.execute("SELECT id FROM mandate").fetchall()}
    assert rochdale("--home", "h", "rebuild").returncode == 0
