"""The whole examination, in order: what depends on something that is not well is not checked."""

from collections.abc import AsyncIterator, Callable
from typing import Final, get_args

from app.clock import Clock, now
from app.security.signer import load_signer
from app.services.doctor.federation import check_federation
from app.services.doctor.finding import Check, Finding, failed, not_checked, ok, refused
from app.services.doctor.log import check_blobs, check_time, fold_log, found_log
from app.services.doctor.place import check_place
from app.services.doctor.tables import check_outbox, check_projections
from app.services.opening import engine_at, exists, place_of
from app.settings import Settings
from app.store.engines import AnyEngine
from app.store.migrating import pending
from app.store.writing import Writer, writer_for
from governance.errors import RochdaleError
from governance.instants import Instant

CHECKS: Final[tuple[Check, ...]] = get_args(Check)


async def examine(settings: Callable[[], Settings], *, clock: Clock = now, quick: bool = False) -> tuple[Finding, ...]:
    """What every check found, in order. Nothing is changed. `quick` leaves the projections out, which hold the append lock."""
    found = {one.check: one async for one in _findings(settings, clock, quick=quick)}
    skipped = "Not looked at before what failed above is well."
    return tuple(found.get(check) or not_checked(check, skipped) for check in CHECKS)


async def _findings(read: Callable[[], Settings], clock: Clock, *, quick: bool) -> AsyncIterator[Finding]:
    try:
        settings = read()
    except RochdaleError as error:
        yield refused("settings", error)
        return
    yield ok("settings", f"The database is {place_of(settings.database)}, the keys are in {settings.keys_dir}.")
    for finding in check_place(settings, clock()):
        yield finding
    try:
        if not await exists(settings.database):
            yield failed(
                "database",
                f"There is nothing in {place_of(settings.database)}.",
                "Restore a backup, found a federation, or correct the setting.",
            )
            return
        async with engine_at(settings.database) as engine:
            missing = await pending(engine)
            yield ok("database", "It answers.")
            if missing:
                yield failed(
                    "migrations",
                    f"It lacks {', '.join(missing)}.",
                    "Take a backup, then run the migrations of this version.",
                )
                return
            yield ok("migrations", "All have run.")
            async for finding in _contents(settings, engine, clock, quick=quick):
                yield finding
    except (RochdaleError, OSError) as error:
        yield refused("database", error)


async def _contents(settings: Settings, engine: AnyEngine, clock: Clock, *, quick: bool) -> AsyncIterator[Finding]:
    run = engine.run_querystring
    yield await check_outbox(run, clock())
    try:
        signer = load_signer(settings.keys_dir, settings.signed_dir)
        folded = await fold_log(run, signer)
    except RochdaleError as error:
        yield refused("log", error)
        return
    yield found_log(folded)
    writer = writer_for(engine)
    await writer.open()
    try:
        for finding in check_time(folded, clock(), await writer.now()):
            yield finding
        yield await check_blobs(run, folded)
        yield await _projections(writer, quick=quick)
    finally:
        await writer.close()
    for finding in check_federation(folded.fold.federation.state, _at(clock, folded.fold.federation.state.at)):
        yield finding


async def _projections(writer: Writer, *, quick: bool) -> Finding:
    if quick:
        return not_checked("projections", "Left out, as it was asked for.")
    try:
        return await check_projections(writer)
    except RochdaleError as error:
        return refused("projections", error)


def _at(clock: Clock, last: Instant) -> Instant:
    """Now, or the last entry's instant where the clock is behind it."""
    return max(clock(), last)
