"""Where a demo lives: a directory that it marks as its own, and outside of which it touches nothing."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from app.services.holding import Held
from app.settings import Settings, SQLiteDatabase
from governance.errors import RochdaleError

_MARK: Final = "this-is-a-demo"
_LIVED: Final = "lived-through"
_KEYS: Final = "keys"
_DATABASE: Final = "federation.sqlite"
_BUNDLE: Final = "federation.bundle"


class PlaceTaken(RochdaleError):
    """This directory holds something that no demo has made."""

    code = "place_taken"


class PlaceServed(RochdaleError):
    """The demo in this directory is being served."""

    code = "place_served"


class Place:
    """The directory of a demo."""

    def __init__(self, directory: Path) -> None:
        """Name the directory; nothing is read yet."""
        self.directory = directory
        self.bundle = directory / _BUNDLE
        self._mark = directory / _MARK
        self._lived = directory / _LIVED

    @property
    def settings(self) -> Settings:
        """Database and keys of the demo: apart from everything real, whatever the environment says."""
        keys = self.directory / _KEYS
        return Settings(
            database=SQLiteDatabase(path=self.directory / _DATABASE), keys_dir=keys, signed_dir=keys, demo=True
        )

    @property
    def lived_through(self) -> bool:
        """Whether an earlier demo came to its end here."""
        return self._lived.exists()

    def take(self) -> Held:
        """Make the directory the demo's own, and hold it: a second demo waits for the first.

        Raises:
            PlaceTaken: there is something in it, and not the mark of a demo; nothing is touched.
        """
        if self.directory.exists() and any(self.directory.iterdir()) and not self._mark.exists():
            raise PlaceTaken(f"{self.directory} holds something else than a demo. Name another directory with --home.")
        self.directory.mkdir(parents=True, exist_ok=True)
        self._mark.touch()
        return Held(self.directory)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep the demo from being begun again, while it is served."""
        with self._mark.open() as mark:
            fcntl.flock(mark, fcntl.LOCK_SH)
            yield

    def clear(self) -> None:
        """Take away what a demo made, and only that. The mark stays, so that a killed demo can still be begun again.

        Raises:
            PlaceServed: it is being served.
        """
        with self._mark.open() as mark:
            try:
                fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise PlaceServed(
                    f"Somebody serves the demo in {self.directory}. Stop that first, with Ctrl-C where it was started."
                ) from None
            self._clear()

    def _clear(self) -> None:
        self._lived.unlink(missing_ok=True)
        for made in (_BUNDLE, _DATABASE, f"{_DATABASE}-wal", f"{_DATABASE}-shm", f"{_DATABASE}.lock"):
            (self.directory / made).unlink(missing_ok=True)
        for left in self.directory.glob(".rochdale-*.part"):
            left.unlink()
        if (self.directory / _KEYS).exists():
            shutil.rmtree(self.directory / _KEYS)

    def finish(self) -> None:
        """Note that the demo came to its end."""
        self._lived.touch()
