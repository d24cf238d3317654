"""A PostgreSQL server for tests: the one that `ROCHDALE_TEST_POSTGRES` names, or else one of our own, started for this run.

Our own runs from installed binaries, as an unprivileged user where we are root, on a free port of the loopback interface and in
a temporary directory, and is gone when the run ends.
"""

import atexit
import contextlib
import functools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, NoReturn

import pytest

SETTING = "ROCHDALE_TEST_POSTGRES"
_UNPRIVILEGED = "nobody"
_PATIENCE = 30.0


@functools.cache
def server_url() -> str:
    """The server's URL without a database, such as `postgresql://postgres@127.0.0.1:5432`; skips where there is none."""
    return os.environ.get(SETTING) or _start()


def missing(reason: str) -> NoReturn:
    """Skip, or fail in CI, where everything that tests need is installed."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"in CI PostgreSQL is needed, and {reason}")
    pytest.skip(reason)


def _start() -> str:
    folder = Path(tempfile.mkdtemp(prefix="rochdale-postgres-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    server = OwnServer(folder, "-cfsync=off")
    server.start()
    atexit.register(server.stop)
    return server.url


class OwnServer:
    """A server of the test's own in a folder, with further options. What it commits is on disk unless they say otherwise."""

    process: "subprocess.Popen[bytes]"

    def __init__(self, folder: Path, *options: str) -> None:
        self.port = _free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}"
        self._folder = folder
        self._options = [f"-p{self.port}", "-clisten_addresses=127.0.0.1", "-cunix_socket_directories=", *options]
        self._binaries = _binaries()
        self._who: dict[str, Any] = {}
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root.
            shutil.chown(folder, _UNPRIVILEGED)
            self._who = {"user": _UNPRIVILEGED, "group": pwd.getpwnam(_UNPRIVILEGED).pw_gid, "extra_groups": []}
        own = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync"]
        made = subprocess.run(
            [self._binaries / "initdb", "-D", folder / "data", *own],
            cwd=folder,
            check=False,
            capture_output=True,
            text=True,
            **self._who,
        )
        if made.returncode:
            missing(f"initdb failed: {made.stderr.strip()[-200:]}")

    def start(self) -> None:
        """Start it; it recovers by itself from having been killed."""
        command = [str(self._binaries / "postgres"), "-D", str(self._folder / "data"), *self._options]
        with (self._folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=self._folder, stdout=log, stderr=log, text=False, **self._who)
        _await(self.process, self.port)

    def kill(self) -> None:
        """Kill every process of it at once, as a power cut does."""
        # Stopped first, it begins no other meanwhile.
        self.process.send_signal(signal.SIGSTOP)
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        self.process.kill()
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Stop it."""
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _binaries() -> Path:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    named = installed[-1] if installed else shutil.which("postgres")
    if named is None:
        missing(f"no server is named by {SETTING}, and none is installed")
    return Path(named).parent


def _free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def _await(server: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if server.poll() is not None:
            missing("our own server stopped at once")
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    missing("our own server does not answer")
