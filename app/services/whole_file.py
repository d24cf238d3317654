"""Writing a file that is there whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write to, which takes the place of the one at `path` when the block is left without an error.

    A link keeps pointing where it does. A pipe or a device is written to as it is: it cannot be replaced.

    Raises:
        OSError: what the system refuses; what was at `path` is as it was.
    """
    if path.is_dir():
        raise IsADirectoryError(None, "Is a directory", str(path))
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            yield file
        return
    target = path.resolve()
    if not target.parent.is_dir():
        raise FileNotFoundError(None, "There is no such directory", str(target.parent))
    # Named after the process, so that two that write the same file do not write into each other's.
    beside = target.with_name(f".rochdale-{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
