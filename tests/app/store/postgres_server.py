"""A PostgreSQL server for tests: the one that `ROCHDALE_TEST_POSTGRES` names, or else one of our own, started for this run.

Our own runs from installed binaries, as an unprivileged user where we are root, on a free port of the loopback interface and in
a temporary directory, and is gone when the run ends.
"""

import atexit
import functools
import os
import pwd
import shutil
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
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="rochdale-postgres-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    who: dict[str, Any] = {}
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root.
        shutil.chown(folder, _UNPRIVILEGED)
        who = {"user": _UNPRIVILEGED, "group": pwd.getpwnam(_UNPRIVILEGED).pw_gid, "extra_groups": []}
    data, port = folder / "data", _free_port()
    made = subprocess.run(
        [binaries / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync"],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        **who,
    )
    if made.returncode:
        missing(f"initdb failed: {made.stderr.strip()[-200:]}")
    options = [f"-p{port}", "-clisten_addresses=127.0.0.1", "-cunix_socket_directories=", "-cfsync=off"]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, *options], cwd=folder, stdout=log, stderr=log, **who
        )
    atexit.register(_stop, server)
    _await(server, port)
    return f"postgresql://postgres@127.0.0.1:{port}"


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


def _stop(server: "subprocess.Popen[bytes]") -> None:
    server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
