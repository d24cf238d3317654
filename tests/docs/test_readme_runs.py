import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"
RUNNABLE = re.findall(r"<!-- runnable -->\n```sh\n(.+?)```", README.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def clone(tmp_path: Path, root: Path) -> Path:
    """What the README's commands find around them: the demo's files and the command."""
    data = Path("app/demo/data")
    shutil.copytree(root / data, tmp_path / data)
    command = tmp_path / ".venv/bin/rochdale"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{root}" exec "{sys.executable}" -m app.cli "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    return tmp_path


def _run(script: str, place: Path) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ROCHDALE_")}
    return subprocess.run(
        ["/bin/sh", "-e", "-c", script],
        cwd=place,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_readme_has_commands_that_run() -> None:
    together = "".join(RUNNABLE)
    assert all(f" {command} " in together for command in ("found", "key", "bundle", "verify"))
    assert " demo " in together


@pytest.mark.parametrize("script", RUNNABLE, ids=range(len(RUNNABLE)))
def test_the_readmes_commands_do_what_they_say(script: str, clone: Path) -> None:
    done = _run(script, clone)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_readmes_founding_ends_verified(clone: Path) -> None:
    (script,) = [one for one in RUNNABLE if " found " in one]
    assert _run(script, clone).stdout.splitlines()[-1] == "VERIFIED"


def test_the_readmes_numbers_are_those_of_the_demo(clone: Path, read: Callable[[str], str]) -> None:
    (script,) = [one for one in RUNNABLE if " demo " in one]
    output = _run(script, clone).stdout
    shown = re.search(r"```text\n(.+?)```", read("README.md"), re.DOTALL)
    assert shown is not None
    told = " ".join(re.sub(r"\d{4}-\d\d-\d\d  ", "", output).split())
    for line in re.sub(r"\n {4,}", " ", shown[1]).splitlines():
        said = " ".join(re.sub(r"^\d{4}-\d\d-\d\d  ", "", line).split())
        assert said == "…" or said in told, said
