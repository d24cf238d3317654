"""Holding a directory, so that two processes do not make the same thing in it at once."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self


class Held:
    """A directory that this process holds, until the block is left or the process ends, however it ends."""

    def __init__(self, directory: Path) -> None:
        """Take the directory. While another process holds it, this waits: call it off the event loop."""
        self._file = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX)
        except BaseException:
            os.close(self._file)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        os.close(self._file)
