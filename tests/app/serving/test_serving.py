import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from tests.app.cli.conftest import DATA, ROOT, environment

LONGEST = 40.0
HELD = ROOT / "tests/app/serving/held.py"


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("served")
    command = [sys.executable, "-m", "app.cli", "--home", str(home), "found", str(DATA)]
    subprocess.run(command, env=environment(), check=True, capture_output=True, timeout=60)
    return home


class Served:
    """A server in processes of its own, in a session of its own, so that all of them can be found and ended."""

    def __init__(self, place: Path, command: list[str], **settings: str) -> None:
        self.port = _free_port()
        self.environment = {**environment(), **settings, "ROCHDALE_PORT": str(self.port)}
        self.place = place
        self.process = self.start(command)

    def start(self, command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=self.place,
            env=self.environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def get(self, path: str) -> bytes | None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONGEST)
        try:
            connection.request("GET", path)
            return connection.getresponse().read()
        except ConnectionError:
            return None
        finally:
            connection.close()

    def ready(self) -> bool:
        assert self.process.poll() is None
        return self.get("/api/v1/federation") is not None

    def workers(self) -> set[int]:
        """The serving processes, as the system knows them."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        named = {int(child): Path(f"/proc/{child}/cmdline").read_bytes() for child in children}
        return {child for child, name in named.items() if b"worker-" in name}

    def end(self) -> tuple[int, bytes]:
        said = self.process.communicate(timeout=LONGEST)[1]
        return self.process.returncode, said


def until(holds: Callable[[], object]) -> None:
    patience = time.monotonic() + LONGEST
    while not holds():
        assert time.monotonic() < patience
        time.sleep(0.02)


Serve = Callable[..., Served]


@pytest.fixture
def serve(founded: Path, tmp_path: Path) -> Iterator[Serve]:
    home = shutil.copytree(founded, tmp_path / "home")
    started: list[Served] = []

    def start(*command: str, **settings: str) -> Served:
        started.append(Served(tmp_path, list(command), **{"ROCHDALE_HOME": str(home), **settings}))
        return started[-1]

    yield start
    for one in started:
        try:
            os.killpg(one.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
        one.process.communicate()


def test_a_process_that_is_killed_comes_back_and_requests_go_on(serve: Serve) -> None:
    served = serve("-m", "app.cli", "serve", "--workers", "2")
    until(served.ready)
    until(lambda: len(served.workers()) == 2)
    before = served.workers()
    os.kill(min(before), signal.SIGKILL)
    until(lambda: len(served.workers() - before) == 1)
    until(served.ready)
    second = served.start(["-m", "app.cli", "serve"])
    assert b"[port_taken]" in second.communicate(timeout=LONGEST)[1]
    assert second.returncode == 2
    # Nobody is left to end the serving processes then: they end by themselves.
    served.process.kill()
    until(lambda: not _listens(served.port))
    assert b"Traceback" not in served.end()[1]


def test_a_running_request_is_answered_before_the_end(serve: Serve, tmp_path: Path) -> None:
    served = serve(str(HELD), ROCHDALE_TEST_LOAD="holding")
    until(served.ready)
    answers: list[bytes | None] = []
    asking = threading.Thread(target=lambda: answers.append(served.get("/held")))
    asking.start()
    until((tmp_path / "arrived").exists)
    # As a terminal does it at Ctrl-C: every process gets the signal.
    os.killpg(served.process.pid, signal.SIGINT)
    until(lambda: not _listens(served.port))
    assert served.process.poll() is None
    (tmp_path / "go-on").touch()
    asking.join()
    assert answers == [b"answered"]
    status, said = served.end()
    assert (status, b"Traceback" in said, b"Unexpected" in said) == (0, False, False)


def test_a_second_signal_ends_everything_at_once(serve: Serve, tmp_path: Path) -> None:
    served = serve(str(HELD), ROCHDALE_TEST_LOAD="holding")
    until(served.ready)
    asking = threading.Thread(target=lambda: served.get("/held"))
    asking.start()
    until((tmp_path / "arrived").exists)
    served.process.send_signal(signal.SIGTERM)
    until(lambda: not _listens(served.port))
    served.process.send_signal(signal.SIGTERM)
    assert served.end()[0] == 130
    asking.join()


@pytest.mark.parametrize(("load", "status"), [("refusing", 2), ("broken", 3)])
def test_a_process_that_cannot_open_the_federation_stops_the_server(serve: Serve, load: str, status: int) -> None:
    ended, said = serve(str(HELD), ROCHDALE_TEST_LOAD=load).end()
    assert ended == status
    if load == "refusing":
        assert said == b"An example is refused.\nDo this instead. [example]\n"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"ROCHDALE_HOME": "nowhere"}, "federation_missing"),
        ({"ROCHDALE_HOST": "192.0.2.1"}, "address_unusable"),
        ({"ROCHDALE_WORKERS": "0"}, "setting_invalid"),
        ({"ROCHDALE_KEYS_DIR": "nowhere"}, "key_missing"),
        ({"ROCHDALE_DATABASE": "postgresql://u:hunter2@127.0.0.1:1/db"}, "database_unreachable"),
    ],
)
def test_what_cannot_be_served_is_refused_before_anything_is_begun(
    founded: Path, changed: dict[str, str], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in ({"ROCHDALE_HOME": str(founded), "ROCHDALE_PORT": str(_free_port())} | changed).items():
        monkeypatch.setenv(name, value)
    done = CliRunner().invoke(main, ["serve"])
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 2)
    assert f"[{code}]" in done.stderr
    assert "hunter2" not in done.stderr


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0
