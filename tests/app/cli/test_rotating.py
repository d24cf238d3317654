"""The command that gives the log another key, as its user gives it: whole, and killed anywhere."""

import json
import shutil
from pathlib import Path

from tests.app.cli.conftest import Rochdale
from tests.app.cli.test_killed import killed_everywhere


def key_of(rochdale: Rochdale, home: Path) -> str:
    return rochdale("--home", home, "key").stdout.decode().splitlines()[0]


def test_the_log_gets_another_key_and_whoever_has_the_one_before_is_told(rochdale: Rochdale, home: Path) -> None:
    before = key_of(rochdale, home)
    done = rochdale("rotate-log-key", "--home", home)
    assert done.returncode == 0, done.stderr
    after = key_of(rochdale, home)
    assert after != before
    assert (after.partition("+")[0], f"Key          {after}\n" in done.stdout.decode()) == (
        before.partition("+")[0],
        True,
    )
    assert b"It signs the log since entry 180; the key before signs as well until " in done.stdout
    assert rochdale("--home", home, "bundle", "bundle").returncode == 0
    verified = rochdale("verify", "--key", after, "bundle")
    assert verified.returncode == 0
    assert b"another key signs since entry 180, of " in verified.stdout
    assert verified.stdout.endswith(b"VERIFIED\n")
    old = rochdale("verify", "--key", before, "bundle")
    assert (old.returncode, b"until it named the one that replaced it" in old.stdout) == (1, True)
    assert rochdale("--home", home, "doctor", "--json").returncode == 0


def test_where_there_is_no_federation_no_key_is_made(rochdale: Rochdale, tmp_path: Path) -> None:
    refused = rochdale("rotate-log-key", "--home", tmp_path / "nowhere")
    assert (refused.returncode, b"[federation_missing]" in refused.stderr) == (2, True)
    assert not (tmp_path / "nowhere" / "keys").exists()


def test_killed_anywhere_the_next_that_starts_brings_it_to_its_end_or_has_the_key_before(
    rochdale: Rochdale, home: Path, tmp_path: Path
) -> None:
    before, kept, kills = key_of(rochdale, home), shutil.copytree(home, tmp_path / "kept"), 0
    for _ in killed_everywhere(tmp_path, "--home", home, "rotate-log-key"):
        kills += 1
        copy = shutil.copytree(home, tmp_path / f"copy-{kills}")
        assert rochdale("--home", copy, "bundle", "bundle").returncode == 0
        key = key_of(rochdale, copy)
        size = json.loads(rochdale("verify", "--json", "--key", key, "bundle").stdout)["size"]
        assert size == (180 if key == before else 181)
        # Asked again, it is done once more only where it had been done to its end.
        assert rochdale("--home", copy, "rotate-log-key").returncode == 0
        assert key_of(rochdale, copy) != before
        shutil.rmtree(home)
        shutil.copytree(kept, home)
    assert kills
