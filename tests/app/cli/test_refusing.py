import logging
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import app.cli.verifying
from app.cli.group import PLACES
from app.refusing import BROKEN, INTERRUPTED, REFUSED, UNREAD
from app.settings import SETTINGS
from governance.errors import Refusal
from tests.app.cli.conftest import Rochdale, environment

COMMANDS = (
    *("found", "demo", "serve", "health", "doctor", "rebuild", "migrate"),
    *("invitations", "invite", "rotate-log-key", "rotate-token-key"),
    *("backup-key", "backup", "restore", "key", "bundle", "verify"),
)


class Example(Refusal):
    """An example is refused."""

    code = "example"


def run_raising(monkeypatch: pytest.MonkeyPatch, error: BaseException, *options: str) -> Result:
    def fail(*_: object, **__: object) -> None:
        logging.getLogger("app.ledger").warning("a batch failed")
        raise error

    monkeypatch.setattr(app.cli.verifying, "load", fail)
    return CliRunner().invoke(app.cli.main, [*options, "--home", "nowhere", "key"])


def test_a_refusal_is_its_title_then_what_to_do_with_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    done = run_raising(monkeypatch, Example("Do \x1b[31mthis instead."))
    assert done.exit_code == REFUSED
    assert done.stderr == "An example is refused.\nDo \N{REPLACEMENT CHARACTER}[31mthis instead. [example]\n"
    assert done.stdout == ""


def test_what_the_system_refuses_is_said_with_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    done = run_raising(monkeypatch, PermissionError(13, "Permission denied", "/some/where"))
    assert done.exit_code == REFUSED
    assert done.stderr.splitlines()[1] == "It said of /some/where: Permission denied. [system_refused]"


def test_a_fault_of_ours_is_said_without_its_details(monkeypatch: pytest.MonkeyPatch) -> None:
    done = run_raising(monkeypatch, ValueError("inside"))
    assert done.exit_code == BROKEN
    assert "[internal_error]" in done.stderr
    assert "rochdale --debug" in done.stderr
    assert "inside" not in done.stderr
    assert "Traceback" not in done.stderr
    assert "a batch failed" not in done.stderr


def test_a_fault_of_ours_is_shown_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    done = run_raising(monkeypatch, ValueError("inside"), "--debug")
    assert done.exit_code == BROKEN
    assert "Traceback" in done.stderr
    assert "ValueError: inside" in done.stderr
    assert "a batch failed" in done.stderr


def test_an_interruption_and_a_reader_that_left_have_the_status_shells_give_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert run_raising(monkeypatch, KeyboardInterrupt()).exit_code == INTERRUPTED
    assert run_raising(monkeypatch, BrokenPipeError()).exit_code == UNREAD


def test_each_command_explains_itself(rochdale: Rochdale) -> None:
    whole = rochdale("--help")
    assert whole.returncode == 0
    for setting in SETTINGS:
        assert setting in whole.stdout.decode()
    for command in COMMANDS:
        assert f"\n  {command} " in whole.stdout.decode()
    assert set(PLACES) == set(COMMANDS)
    for made in (app.cli.main.get_command(click.Context(app.cli.main), name) for name in PLACES):
        assert made is not None
        assert (made.help or "").split("\n")[0].endswith(".")
        assert all(option.help for option in made.params if isinstance(option, click.Option))


def test_the_version_is_said(rochdale: Rochdale) -> None:
    assert rochdale("--version").stdout.startswith(b"rochdale, version ")


def test_an_unknown_command_option_or_argument_is_refused(rochdale: Rochdale) -> None:
    for args in (
        ["frobnicate"],
        ["key", "--frobnicate"],
        ["verify"],
        ["bundle"],
        ["key", "more"],
        ["verify", "a", "b"],
    ):
        done = rochdale(*args)
        assert (done.returncode, done.stdout) == (2, b"")
        assert b"Usage: rochdale" in done.stderr


def test_a_missing_place_and_a_mistyped_setting_are_refused(rochdale: Rochdale) -> None:
    missing = rochdale("key")
    assert missing.returncode == REFUSED
    assert b"--home" in missing.stderr
    assert b"[setting_missing]" in missing.stderr
    mistyped = rochdale("key", ROCHDALE_HOMES="x")
    assert mistyped.returncode == REFUSED
    assert b"[setting_invalid]" in mistyped.stderr


def test_home_stands_above_the_environment_before_and_after_the_command(rochdale: Rochdale) -> None:
    elsewhere = {"ROCHDALE_DATABASE": "elsewhere.sqlite", "ROCHDALE_KEYS_DIR": "elsewhere"}
    for args in (["--home", "nowhere", "bundle", "x"], ["bundle", "x", "--home", "nowhere"]):
        assert b"no federation in nowhere/federation.sqlite" in rochdale(*args, **elsewhere).stderr


def test_a_terminal_that_lacks_a_letter_gets_its_code(rochdale: Rochdale) -> None:
    done = rochdale("demo", "--no-serve", PYTHONIOENCODING="latin-1")
    assert done.returncode == 0
    assert rb"\u30b3\u30fc\u30d7" in done.stdout


def test_ctrl_c_while_it_loads_gives_no_traceback(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "app", "--help"]
    for wait in (0.05, 0.15, 0.25):
        with subprocess.Popen(command, cwd=tmp_path, env=environment(), stdout=-3, stderr=subprocess.PIPE) as process:
            time.sleep(wait)
            process.send_signal(signal.SIGINT)
            _, complained = process.communicate(timeout=60)
        assert b"app/cli/" not in complained
