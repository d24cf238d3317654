import sqlite3
from pathlib import Path

from tests.app.cli.conftest import Rochdale


def test_the_demo_founds_decides_and_verifies(rochdale: Rochdale, tmp_path: Path) -> None:
    done = rochdale("demo", "--no-serve")
    said = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Patio is founded: 69 coops with 846 worker-members." in said
    assert "held         rules" in said
    assert len(said.splitlines()) < 42
    assert max(map(len, said.splitlines())) <= 100
    assert [path.name for path in tmp_path.iterdir()] == ["demo-federation"]
    assert rochdale("verify", "demo-federation/federation.bundle").returncode == 0


def test_a_second_demo_finds_the_first_and_a_fresh_one_begins_anew(rochdale: Rochdale, tmp_path: Path) -> None:
    rochdale("demo", "--no-serve", "--home", "d e")
    key = rochdale("key", "--home", "d e").stdout
    (tmp_path / "d e" / "notes").write_text("mine")
    second = rochdale("demo", "--no-serve", "--home", "d e")
    assert second.stdout.startswith(b"Found the federation that an earlier demo left in d e.")
    assert b"rochdale key --home 'd e'\n" in second.stdout
    assert rochdale("key", "--home", "d e").stdout == key
    fresh = rochdale("demo", "--no-serve", "--home", "d e", "--fresh")
    assert b"is founded" in fresh.stdout
    assert rochdale("key", "--home", "d e").stdout != key
    assert (tmp_path / "d e" / "notes").read_text() == "mine"


def test_a_directory_that_is_not_a_demos_is_refused_and_untouched(rochdale: Rochdale, home: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*")}
    for options in ([], ["--fresh"]):
        done = rochdale("demo", "--no-serve", "--home", home, *options)
        assert done.returncode == 2
        assert b"[place_taken]" in done.stderr
    assert {path: path.stat().st_mtime_ns for path in home.rglob("*")} == before


def test_a_file_is_no_place_for_a_demo(rochdale: Rochdale, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file")
    assert rochdale("demo", "--no-serve", "--home", "file").returncode == 2


def test_the_demo_does_not_touch_the_federation_of_the_environment(rochdale: Rochdale, home: Path) -> None:
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    done = rochdale(
        "demo",
        "--no-serve",
        ROCHDALE_HOME=str(home),
        ROCHDALE_DATABASE=str(home / "federation.sqlite"),
        ROCHDALE_KEYS_DIR=str(home / "keys"),
        ROCHDALE_MISTYPED="whatever",
    )
    assert done.returncode == 0
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before


def test_a_demo_whose_log_was_altered_is_refused(rochdale: Rochdale, tmp_path: Path) -> None:
    rochdale("demo", "--no-serve")
    with sqlite3.connect(tmp_path / "demo-federation" / "federation.sqlite") as database:
        database.execute("UPDATE log_entry SET bytes = (SELECT bytes FROM log_entry WHERE seq = 3) WHERE seq = 2")
    database.close()
    done = rochdale("demo", "--no-serve")
    assert done.returncode == 2
    assert b"[log_damaged]" in done.stderr
