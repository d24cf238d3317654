import asyncio
import io
from pathlib import Path

import msgspec
import pytest
from piccolo.table import Table

from app.ledger.asking import Idempotency
from app.ledger.errors import LogDifferent, LogKeyForeign, LogShorter
from app.security.signed import SIGNED_FILE, LastSigned, SignedMissing
from app.security.signer import create_signer, load_signer
from app.services.backing_up.frames import Frame, Header, KeptBlob, Rows
from app.services.backing_up.taking import take_backup
from app.services.opening import opened
from app.services.restoring.filling import DatabaseNotEmpty
from app.services.restoring.restoring import examine, restore, told
from app.settings import Database, Settings, SQLiteDatabase
from app.store.migrating import migrate
from app.store.tables import FLEETING, KEPT, PROJECTIONS, Blob, LogEntry, LogHead, Projected, TreeNode
from governance.commands.polls import Cast
from governance.commands.register import RedactText
from governance.ids import TextHash
from tests.app.ledger.small_federation import COOPS, OFFICER, ORIGIN, Running, delegate, text
from tests.app.services.backing_up.kept import (
    IDENTITY,
    TO,
    contents,
    invent_rows,
    lived,
    opened_frames,
    seal_frames,
    settings_of,
)
from tests.app.services.backing_up.test_gathering import gathered_frames
from tests.app.store.databases import KINDS, ON_SQLITE, empty

pytestmark = pytest.mark.anyio
ALL: tuple[type[Table], ...] = (LogHead, LogEntry, TreeNode, Blob, Projected, *PROJECTIONS, *KEPT)


async def backed_up(running: Running) -> Path:
    """A backup of what `lived` has left."""
    path = running.place / "backup"
    await take_backup(settings_of(running.place, running.database), path, TO)
    return path


def elsewhere(running: Running) -> Settings:
    """A database that is not there yet, for the same key."""
    return settings_of(running.place, SQLiteDatabase(path=running.place / "new" / "restored.sqlite"))


def refused_without_a_trace(settings: Settings) -> bool:
    assert isinstance(settings.database, SQLiteDatabase)
    return not list(settings.database.path.parent.glob("*"))


@pytest.mark.parametrize("to", KINDS)
async def test_a_federation_is_restored_as_it_was_from_either_engine_onto_either(running: Running, to: str) -> None:
    poll = await lived(running)
    backup = await backed_up(running)
    before = await contents(running.engine, ALL)
    answer = await running.ledger.receipt(running.ledger.size - 1)
    bundle = io.BytesIO()
    await running.ledger.write_bundle(bundle)
    await running.close()
    with empty(to, running.place) as target:
        settings = settings_of(running.place, target)
        restored = await restore(settings, backup, [IDENTITY])
        assert (restored.name, restored.origin, restored.missing, restored.behind) == ("Three Coops", ORIGIN, 0, 0)
        again = Running(running.place, running.clock, database=target, seed="again")
        async with again:
            assert await contents(again.engine, ALL) == before
            assert not any((await contents(again.engine, FLEETING)).values())
            assert all(table.differ == 0 for table in await again.ledger.rebuild())
            assert await again.ledger.receipt(again.ledger.size - 1) == answer
            twin = io.BytesIO()
            await again.ledger.write_bundle(twin)
            assert twin.getvalue() == bundle.getvalue()
            # It goes on: a request that was answered gets the same answer, and others vote.
            cast = Cast(statement=await again.ballot(poll, COOPS[0]))
            asked = Idempotency(principal="p", operation="cast", key="k", fingerprint="f")
            repeated = await again.ledger.submit(cast, actor=delegate(COOPS[0]), idempotency=asked)
            assert repeated.receipt == answer
            await again.cast(poll, COOPS[1])


@ON_SQLITE
async def test_a_text_that_was_erased_while_the_backup_was_written_is_left_out(running: Running) -> None:
    hashed, _ = text("Let us.")
    await running.propose()
    frames: list[Frame] = []
    async for frame in gathered_frames(running):
        if not frames:
            await running.propose(words="Another.")
        frames.append(frame)
    await running.ledger.submit(RedactText(text=TextHash(hashed), reason="unlawful"), actor=OFFICER)
    late = [frame async for frame in gathered_frames(running)]
    # The entries of the later one with the blobs of the earlier: as if it was erased between the two.
    blobs = [frame for frame in frames if isinstance(frame, KeptBlob)]
    mixed = [late[0], late[1], *blobs, *(frame for frame in late[2:] if not isinstance(frame, KeptBlob))]
    await seal_frames(running.place / "mixed", mixed, running.signer)
    restored = await restore(elsewhere(running), running.place / "mixed", [IDENTITY])
    async with opened(elsewhere(running), clock=running.clock) as parts:
        assert hashed not in {row[0] for row in (await contents(parts.engine, [Blob]))['"blob"']}
    assert restored.missing == 1  # the text of the proposal that only the later one has


@ON_SQLITE
async def test_a_backup_that_ends_before_what_was_signed_is_refused_and_can_still_be_checked(running: Running) -> None:
    poll = await lived(running)
    backup = await backed_up(running)
    await running.cast(poll, COOPS[2])
    settings = elsewhere(running)
    with pytest.raises(LogShorter, match="1 were acknowledged that are not in it"):
        await restore(settings, backup, [IDENTITY])
    assert refused_without_a_trace(settings)
    assert told(await examine(settings, backup, [IDENTITY])).behind == 1


@ON_SQLITE
async def test_another_log_than_the_one_that_was_signed_is_refused(running: Running) -> None:
    backup = await backed_up(running)
    other = running.place / "other"
    create_signer(other, other, name=ORIGIN, seed=bytes(range(32)))._signed.advance(2, bytes(32))
    settings = Settings(database=elsewhere(running).database, keys_dir=other, signed_dir=other)
    with pytest.raises(LogDifferent):
        await restore(settings, backup, [IDENTITY])
    assert refused_without_a_trace(settings)


@ON_SQLITE
async def test_another_federations_key_is_refused(running: Running) -> None:
    backup = await backed_up(running)
    other = running.place / "other"
    create_signer(other, other, name=ORIGIN, seed=bytes(32))
    settings = Settings(database=elsewhere(running).database, keys_dir=other, signed_dir=other)
    with pytest.raises(LogKeyForeign):
        await restore(settings, backup, [IDENTITY])
    assert refused_without_a_trace(settings)
    assert load_signer(other, other).last().size == 0


@ON_SQLITE
async def test_a_lost_memory_begins_anew_only_if_somebody_says_so(running: Running) -> None:
    await lived(running)
    backup = await backed_up(running)
    whole = running.signer.last()
    settings = elsewhere(running)
    (settings.signed_dir / SIGNED_FILE).unlink()
    with pytest.raises(SignedMissing, match="--memory-lost"):
        await restore(settings, backup, [IDENTITY])
    assert refused_without_a_trace(settings)
    assert not (settings.signed_dir / SIGNED_FILE).exists()
    await restore(settings, backup, [IDENTITY], memory_lost=True)
    assert load_signer(settings.keys_dir, settings.signed_dir).last() == LastSigned(size=whole.size, root=whole.root)


@ON_SQLITE
async def test_a_memory_that_is_there_is_not_begun_anew(running: Running) -> None:
    poll = await lived(running)
    backup = await backed_up(running)
    await running.cast(poll, COOPS[2])
    with pytest.raises(LogShorter):
        await restore(elsewhere(running), backup, [IDENTITY], memory_lost=True)


async def test_a_database_with_anything_in_it_is_refused_and_stays_as_it_is(
    running: Running, database: Database
) -> None:
    backup = await backed_up(running)
    before = await contents(running.engine, ALL)
    with pytest.raises(DatabaseNotEmpty):
        await restore(settings_of(running.place, database), backup, [IDENTITY])
    assert await contents(running.engine, ALL) == before


@pytest.mark.parametrize("table", [*KEPT, *FLEETING])
@ON_SQLITE
async def test_a_database_with_accounts_and_no_log_is_refused(running: Running, table: type[Table]) -> None:
    backup = await backed_up(running)
    settings = elsewhere(running)
    assert isinstance(settings.database, SQLiteDatabase)
    settings.database.path.parent.mkdir()
    other = Running(running.place, running.clock, database=settings.database)
    await migrate(other.engine)
    await invent_rows(other.engine, [table], most=1)
    with pytest.raises(DatabaseNotEmpty, match=table._meta.tablename):
        await restore(settings, backup, [IDENTITY])
    assert settings.database.path.exists()
    await other.engine.close_connection_pool()  # type: ignore[no-untyped-call]  # Piccolo does not type it


def no_room(*_: object) -> None:
    raise OSError(28, "No space left on device")


@ON_SQLITE
async def test_a_restoring_that_fails_at_its_very_end_leaves_nothing(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = await backed_up(running)
    monkeypatch.setattr("app.security.signed.SignedFile.advance", no_room)
    with pytest.raises(OSError, match="No space"):
        await restore(elsewhere(running), backup, [IDENTITY])
    assert refused_without_a_trace(elsewhere(running))


@pytest.mark.parametrize("to", KINDS)
@ON_SQLITE
async def test_a_restoring_that_fails_leaves_an_empty_database_as_empty_as_it_was(
    running: Running, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lived(running)
    backup = await backed_up(running)
    with empty(to, running.place) as target:
        other = Running(running.place, running.clock, database=target)
        await migrate(other.engine)
        await other.engine.close_connection_pool()  # type: ignore[no-untyped-call]  # Piccolo does not type it
        with monkeypatch.context() as patched:
            patched.setattr("app.security.signed.SignedFile.advance", no_room)
            with pytest.raises(OSError, match="No space"):
                await restore(settings_of(running.place, target), backup, [IDENTITY])
        assert (await restore(settings_of(running.place, target), backup, [IDENTITY])).entries == running.ledger.size


def without(frame: Rows, place: int) -> Rows:
    return Rows(table=frame.table, rows=tuple(row[:place] + row[place + 1 :] for row in frame.rows))


@ON_SQLITE
async def test_a_backup_of_an_older_version_gets_defaults_where_columns_came_since(running: Running) -> None:
    await lived(running)
    backup = await backed_up(running)
    frames = await opened_frames(backup)
    header = frames[0]
    assert isinstance(header, Header)
    (place,) = [index for index, name in enumerate(header.tables["invitation"]) if name == "email"]
    tables = {
        name: tuple(column for column in listed if (name, column) != ("invitation", "email"))
        for name, listed in header.tables.items()
        if name != "known_network"
    }
    older: list[Frame] = [msgspec.structs.replace(header, tables=tables)]
    for frame in frames[1:]:
        if isinstance(frame, Rows) and frame.table == "known_network":
            continue
        older.append(without(frame, place) if isinstance(frame, Rows) and frame.table == "invitation" else frame)
    await seal_frames(running.place / "older", older, running.signer)
    await restore(elsewhere(running), running.place / "older", [IDENTITY])
    async with opened(elsewhere(running), clock=running.clock) as parts:
        rows = await contents(parts.engine, KEPT)
    assert {row[place] for row in rows['"invitation"']} == {None}
    assert rows['"known_network"'] == []


async def test_two_restorings_into_one_place_take_turns_and_one_is_refused(running: Running) -> None:
    backup = await backed_up(running)
    settings = elsewhere(running)
    done = await asyncio.gather(
        restore(settings, backup, [IDENTITY]), restore(settings, backup, [IDENTITY]), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in done) == ["DatabaseNotEmpty", "Restored"]
