"""Nodes that can be killed: `rochdale serve` in processes of its own, with what it says in a file."""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.app.cli.conftest import environment

LONGEST = 60.0


class Node:
    """One node, at a port of its own. It can be killed and begun again as often as one likes."""

    process: "subprocess.Popen[bytes]"

    def __init__(self, home: Path, database: str, *, workers: int = 1) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.home = home
        self.url = f"http://127.0.0.1:{self.port}"
        self._workers = workers
        self.settings = {
            **environment(),
            "ROCHDALE_HOME": str(home),
            "ROCHDALE_DATABASE": database,
            "ROCHDALE_PORT": str(self.port),
            # Each stream of the storm comes from an address of its own, so that nobody is told to ask less often.
            "ROCHDALE_TRUSTED_PROXIES": "127.0.0.1",
        }
        self.start()

    @property
    def said(self) -> str:
        return (self.home / "server.log").read_text(errors="replace")

    def start(self) -> None:
        with (self.home / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app.cli", "serve", "--workers", str(self._workers)],
                cwd=self.home,
                env=self.settings,
                # So that all of its processes can be killed at once.
                start_new_session=True,
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        """Kill all of its processes at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def workers(self) -> dict[int, int]:
        """The serving processes, as the system knows them, by their numbers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        found = {}
        for child in children:
            with contextlib.suppress(FileNotFoundError):
                if named := re.search(rb"worker-(\d+)", Path(f"/proc/{child}/cmdline").read_bytes()):
                    found[int(named[1])] = int(child)
        return found

    def ready(self) -> bool:
        assert self.process.poll() is None, self.said[-2_000:]
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONGEST)
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def until(holds: Callable[[], object]) -> None:
    patience = time.monotonic() + LONGEST
    while not holds():
        assert time.monotonic() < patience
        time.sleep(0.02)
