"""Taking a backup of a federation that is kept somewhere, whether or not it is being used meanwhile."""

import errno
import sys
from collections.abc import Sequence
from pathlib import Path

from app.clock import Clock, now
from app.ledger.errors import DatabaseNotMigrated
from app.security.signer import load_signer
from app.services.backing_up.gathering import Gathered, gather
from app.services.backing_up.keys import Recipient
from app.services.backing_up.sealing import seal
from app.services.opening import FederationMissing, engine_at, exists, place_of, refuse_lost
from app.services.whole_file import whole_file
from app.settings import Settings
from app.store.log_reading import head
from app.store.migrating import pending
from governance.value import Value


class Taken(Value):
    """What a backup holds: entries, blobs, and rows by table."""

    entries: int
    blobs: int
    rows: dict[str, int]


async def take_backup(settings: Settings, path: Path, recipients: Sequence[Recipient], *, clock: Clock = now) -> Taken:
    """Write a backup to a file, which appears only when it is whole, or to standard output for `-`. Nothing else changes.

    Raises:
        FederationMissing, DatabaseMissing: there is nothing to back up.
        DatabaseNotMigrated: the database is not that of this version.
        RochdaleError: what `load_signer` and `gather` refuse.
        OSError: the system refuses; an older file at `path` is as it was.
    """
    await refuse_lost(settings)
    if not await exists(settings.database):
        raise FederationMissing(
            f"There is no federation in {place_of(settings.database)}, so there is nothing to back up."
        )
    signer, gathered = load_signer(settings.keys_dir, settings.signed_dir), Gathered()
    async with engine_at(settings.database) as engine:
        if missing := await pending(engine):
            raise DatabaseNotMigrated(
                f"The database lacks the migrations {', '.join(missing)}. Run `rochdale migrate`, or start the service."
            )
        present = await head(engine.run_querystring)
        if present is None or not present.size:
            raise FederationMissing("No federation was founded in this database, so there is nothing to back up.")
        pieces = gather(engine, signer, at=clock(), gathered=gathered)
        if str(path) == "-":
            if sys.stdout is None:
                raise OSError(errno.EBADF, "It is closed", "standard output")
            await seal(pieces, sys.stdout.buffer, recipients)
            sys.stdout.buffer.flush()
        else:
            with whole_file(path) as file:
                await seal(pieces, file, recipients)
    return Taken(entries=gathered.entries, blobs=gathered.blobs, rows=gathered.rows)
