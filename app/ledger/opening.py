"""Opening the log of a database: only the one that was signed, whole, and under this key."""

from app.ledger.errors import DatabaseNotMigrated
from app.ledger.folding import Fold, refold
from app.ledger.log_key import check_key
from app.ledger.projecting import PROJECTED
from app.ledger.rebuilding import rebuild
from app.ledger.snapshots import fold_kept
from app.security.signer import Signer
from app.store.changes import Changes, Put
from app.store.engines import AnyEngine
from app.store.log_reading import Head, head
from app.store.migrating import pending
from app.store.tables import LogHead, Projected
from app.store.writing import Writer
from governance.instants import Instant
from governance.log.keys import format_verifier_key
from governance.log.merkle import EMPTY_ROOT


async def open_fold(engine: AnyEngine, writer: Writer, signer: Signer) -> Fold:
    """The fold of the database's log, which is begun with no entries where there is none.

    Raises:
        DatabaseNotMigrated: a migration has not run, or a newer version has taken the database over.
        LogKeyRotated, LogKeyForeign: another key signs this log.
        Other refusals: as in `refold`.
    """
    if missing := await pending(engine):
        raise DatabaseNotMigrated(
            f"The database lacks the migrations {', '.join(missing)}. Run `rochdale migrate`, or start the service."
        )
    # Before the head: whatever another process signs after this is in the log that is read after it.
    last = signer.last()
    found = await head(engine.run_querystring)
    if found is None:
        found = await _begin(writer)
    if found.projected > PROJECTED:
        raise DatabaseNotMigrated("A newer version of Rochdale has taken this database over. Use that, or a newer one.")
    run = engine.run_querystring
    fold = await refold(run, found, last, begun=await fold_kept(run, signer, found, last))
    check_key(fold.federation.state, format_verifier_key(signer.verifier_key))
    if found.projected < PROJECTED:
        # Another version filled the tables, or this one has more of them: the log says what belongs there.
        await rebuild(writer, outdated_only=True)
    return fold


async def _begin(writer: Writer) -> Head:
    """Write the head of an empty log, unless another process did meanwhile."""
    await writer.begin()
    try:
        present = await head(writer.run)
        if present is None:
            present = Head(size=0, root=EMPTY_ROOT, at=Instant(""), projected=PROJECTED)
            changes = Changes()
            changes.add(Put(table=Projected, row={"id": 1, "version": PROJECTED}))
            changes.add(Put(table=LogHead, row={"id": 1, "size": 0, "root": EMPTY_ROOT, "at": ""}))
            await writer.write(changes)
    except BaseException:
        await writer.rollback()
        raise
    await writer.commit()
    return present
