import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import app.demo

ROOT = Path(__file__).parents[3]
DATA = Path(app.demo.__file__).parent / "data"
Rochdale = Callable[..., subprocess.CompletedProcess[bytes]]


def environment() -> dict[str, str]:
    """The environment without any setting, so that no test touches what the developer runs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ROCHDALE_")}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}


@pytest.fixture
def rochdale(tmp_path: Path) -> Rochdale:
    """Runs the command as its user does: in a process of its own, in an empty directory. No traceback is ever accepted."""

    def run(*args: object, stdin: bytes = b"", **settings: str) -> subprocess.CompletedProcess[bytes]:
        done = subprocess.run(
            [sys.executable, "-m", "app.cli", *map(str, args)],
            input=stdin,
            capture_output=True,
            cwd=tmp_path,
            env={**environment(), **settings},
            check=False,
            timeout=60,
        )
        assert b"Traceback" not in done.stderr + done.stdout
        return done

    return run


@pytest.fixture(scope="session")
def founded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a founded federation and its bundle. Not to be changed."""
    home = tmp_path_factory.mktemp("founded")
    for args in (["found", str(DATA)], ["bundle", str(home / "bundle")]):
        subprocess.run(
            [sys.executable, "-m", "app.cli", "--home", str(home), *args],
            env=environment(),
            cwd=home,
            check=True,
            capture_output=True,
            timeout=60,
        )
    return home


@pytest.fixture
def home(founded_once: Path, tmp_path: Path) -> Path:
    """A founded federation of the test's own."""
    return shutil.copytree(founded_once, tmp_path / "home")


@pytest.fixture
def bundle(founded_once: Path) -> Path:
    return founded_once / "bundle"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Founding files that a test may spoil."""
    return shutil.copytree(DATA, tmp_path / "files")
