"""What lies on the host's disk: keys, the memory of what was signed, and room."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from app.security import keys, succession
from app.security.signed import SIGNED_FILE
from app.security.signer import load_signer
from app.security.token_keys import TokenKeyMissing, TokenKeys
from app.services.doctor.finding import Finding, failed, ok, refused, warned
from app.settings import Settings, SQLiteDatabase
from governance.errors import RochdaleError
from governance.instants import Instant

_SCARCE: Final = 1_000_000_000
_NOTHING: Final = 50_000_000


def check_place(settings: Settings, at: Instant) -> Iterator[Finding]:
    """The checks that need no database."""
    yield _signing_key(settings.keys_dir)
    yield _signing_memory(settings)
    yield _token_keys(settings.keys_dir, at)
    yield _disk(settings)


def _signing_key(directory: Path) -> Finding:
    try:
        key = keys.load(directory).verifier_key
        mode = stat.S_IMODE((directory / keys.KEY_FILE).stat().st_mode)
    except (RochdaleError, OSError) as error:
        return refused("signing_key", error)
    path = directory / keys.KEY_FILE
    if mode & stat.S_IRWXO:
        return failed("signing_key", f"{path} can be read by everybody on this host.", f"chmod 600 {path}")
    if mode & stat.S_IRWXG:
        return warned(
            "signing_key",
            f"{path} can be read by its group.",
            f"Unless a mount needs it so: chmod 600 {path}",
        )
    if succession.staged(directory) is not None:
        return warned(
            "signing_key",
            f"{directory / succession.NEXT_FILE} is a key that is to follow: a rotation or restoring was broken off.",
            "Give `rochdale rotate-log-key`, or the same `rochdale restore --continue-as`, again. If that was refused and is not "
            "wanted, remove this file.",
        )
    return ok("signing_key", f"It is that of {key.name}, and only its owner can read it.")


def _signing_memory(settings: Settings) -> Finding:
    try:
        last = load_signer(settings.keys_dir, settings.signed_dir).last()
    except (RochdaleError, OSError) as error:
        return refused("signing_memory", error)
    path = settings.signed_dir / SIGNED_FILE
    if not os.access(path, os.W_OK):
        return failed(
            "signing_memory", f"{path} cannot be written.", "Name a writable directory in ROCHDALE_SIGNED_DIR."
        )
    return ok("signing_memory", f"{last.size:,} entries were signed.")


def _token_keys(directory: Path, at: Instant) -> Finding:
    try:
        TokenKeys(directory).signing(at)
    except TokenKeyMissing:
        return warned(
            "token_keys",
            "There is no key to sign access tokens with.",
            "Starting the service makes one; nothing else needs it.",
        )
    except (RochdaleError, OSError) as error:
        return refused("token_keys", error)
    return ok("token_keys", "There is a key that signs access tokens.")


def _disk(settings: Settings) -> Finding:
    places = {settings.signed_dir}
    if isinstance(settings.database, SQLiteDatabase):
        places.add(settings.database.path.absolute().parent)
    free = {place: shutil.disk_usage(place).free for place in places if place.is_dir()}
    if not free:
        return warned("disk", "The directories of this federation are not there.", "Correct the settings.")
    place = min(free, key=lambda one: (free[one], one))
    said = f"{free[place] // 1_000_000:,} MB are free in {place}."
    if free[place] < _NOTHING:
        return failed("disk", said, "Free room there at once: without it nothing can be recorded.")
    if free[place] < _SCARCE:
        return warned("disk", said, "Free room there, or move to a larger disk with a backup.")
    return ok("disk", said)
