"""The command line in a process that kills itself at its nth touch of the directory it works in. Run by `test_killed`."""

import os
import signal
import sys

from app.cli import main

TOUCHES = {"open", "os.mkdir", "os.link", "os.rename", "os.remove", "os.rmdir", "fcntl.flock", "sqlite3.connect"}
LEFT = [int(sys.argv[1])]
HERE = os.getcwd()  # noqa: PTH109 - a string, to compare with strings


def kill_at_the_last(event: str, args: tuple[object, ...]) -> None:
    if event not in TOUCHES:
        return
    path = args[0]
    if isinstance(path, str | bytes | os.PathLike):
        named = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - a Path would be one more touch
        if not named.startswith(HERE):
            return
    LEFT[0] -= 1
    if not LEFT[0]:
        os.kill(os.getpid(), signal.SIGKILL)


sys.addaudithook(kill_at_the_last)
main(sys.argv[2:])
