from pathlib import Path

from app.settings import PostgresDatabase
from tests.app.cli.conftest import DATA, Rochdale
from tests.app.store.databases import empty


def test_the_commands_work_on_postgresql_as_on_a_file(rochdale: Rochdale, tmp_path: Path) -> None:
    with empty("postgres", tmp_path) as database:
        assert isinstance(database, PostgresDatabase)
        there = {"ROCHDALE_DATABASE": database.url, "ROCHDALE_KEYS_DIR": str(tmp_path / "keys")}
        missing = rochdale("rebuild", **there)
        assert missing.returncode == 2
        assert b"[federation_missing]" in missing.stderr
        founded = rochdale("found", DATA, **there)
        assert founded.returncode == 0, founded.stderr
        assert b"[already_founded]" in rochdale("found", DATA, **there).stderr
        key = rochdale("key", **there).stdout.splitlines()[0].decode()
        rebuilt = rochdale("rebuild", **there)
        assert rebuilt.returncode == 0
        assert rebuilt.stdout.endswith(b"Every table was what the log says.\n")
        assert rochdale("bundle", "b", **there).returncode == 0
        assert rochdale("verify", "--key", key, "b").returncode == 0
