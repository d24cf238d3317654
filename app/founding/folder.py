"""The folder of a founding file. Files it names are read from this folder or below it, and from nowhere else."""

from pathlib import Path
from typing import Final

from app.founding.sheet import LARGEST
from app.founding.tables import Reading

_SHOWN: Final = 80


class Folder:
    """A folder on disk from which founding files are read."""

    def __init__(self, path: Path) -> None:
        """Take the folder; links in its own path are followed, links out of it are not."""
        self.path = path.resolve()

    def bytes_of(self, reading: Reading, place: str | None, name: str) -> bytes | None:
        """The bytes of a file, up to one more than a founding file may have; None, with a problem noted, if there are none."""
        shown = name[:_SHOWN]
        try:
            file = (self.path / name).resolve()
            if not file.is_relative_to(self.path):
                reading.refuse(
                    place, "path_outside", f"{shown!r} lies outside the founding file's folder. Put the file into it."
                )
                return None
            if not file.is_file():
                reading.refuse(
                    place, "file_missing", f"There is no file {shown!r} in the founding file's folder. Put it there."
                )
                return None
            with file.open("rb") as opened:
                return opened.read(LARGEST + 1)
        except (OSError, RuntimeError, ValueError) as error:
            # A link to itself is a RuntimeError until Python 3.13; a name with a zero byte is a ValueError.
            why = (error.strerror if isinstance(error, OSError) else None) or "its name or a link in it is broken"
            reading.refuse(place, "file_unreadable", f"{shown!r} cannot be read: {why}. Put a readable file there.")
            return None
