import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.ledger.errors import LogDamaged, LogDifferent, LogShorter
from app.security.signed import LastSigned
from app.services.backing_up.frames import Entries, Frame, FrameReader, KeptBlob, Rows, SignedHead
from app.services.backing_up.gathering import Gathered, gather
from app.services.backing_up.taking import take_backup
from app.services.opening import FederationMissing
from app.settings import Database
from app.store.tables import FLEETING
from governance.commands.register import RedactText
from governance.ids import TextHash
from governance.log.checkpoint import open_checkpoint
from governance.records import read_record
from tests.app.ledger.small_federation import COOPS, OFFICER, START, MovedClock, Running, text
from tests.app.services.backing_up.kept import TO, lived, opened_frames, plain_bytes, settings_of
from tests.app.store.databases import ON_SQLITE

pytestmark = pytest.mark.anyio


async def gathered_frames(running: Running) -> AsyncIterator[Frame]:
    reader = FrameReader()
    async for piece in gather(running.engine, running.signer, at=START, gathered=Gathered()):
        for frame in reader.feed(piece):
            yield frame
    reader.finish()


async def redact(running: Running, hashed: str) -> None:
    await running.ledger.submit(RedactText(text=TextHash(hashed), reason="unlawful"), actor=OFFICER)


def size_of(frames: list[Frame]) -> int:
    return sum(len(frame.entries) for frame in frames if isinstance(frame, Entries))


async def test_what_is_kept_is_in_a_backup_and_nothing_else_is(running: Running, tmp_path: Path) -> None:
    await lived(running)
    taken = await take_backup(settings_of(tmp_path, running.database), tmp_path / "b", TO)
    frames = await opened_frames(tmp_path / "b")
    assert taken.entries == size_of(frames) == running.ledger.size
    assert taken.blobs == sum(isinstance(frame, KeptBlob) for frame in frames) == 3  # the two polls have one roll
    assert {name: rows for name, rows in taken.rows.items() if rows != 3} == {"idempotency_key": 1}
    plain = plain_bytes(tmp_path / "b")
    for table in FLEETING:
        assert table._meta.tablename.encode() not in plain
    assert b"keys" not in plain
    seed = (tmp_path / "keys" / "log.key").read_text().splitlines()[2]
    assert seed.encode() not in plain


async def test_a_text_that_was_erased_is_in_no_later_backup(running: Running, tmp_path: Path) -> None:
    hashed, _ = text("Somebody did something.")
    await running.propose(words="Somebody did something.")
    await take_backup(settings_of(tmp_path, running.database), tmp_path / "before", TO)
    assert b"Somebody did something." in plain_bytes(tmp_path / "before")
    await redact(running, hashed)
    await take_backup(settings_of(tmp_path, running.database), tmp_path / "after", TO)
    assert b"Somebody did something." not in plain_bytes(tmp_path / "after")


async def test_where_a_text_is_erased_meanwhile_the_log_is_read_on_until_it_says_so(running: Running) -> None:
    hashed, _ = text("Let us.")
    await running.propose()
    before, frames = running.ledger.size, list[Frame]()
    async for frame in gathered_frames(running):
        frames.append(frame)
        if isinstance(frame, Entries) and size_of(frames) == before:
            await redact(running, hashed)
    assert size_of(frames) == before + 1
    assert read_record(frame_entries(frames)[-1]).type == "text.redacted"
    assert not any(isinstance(frame, KeptBlob) and frame.kind == "text" for frame in frames)


def frame_entries(frames: list[Frame]) -> list[bytes]:
    return [entry.data for frame in frames if isinstance(frame, Entries) for entry in frame.entries]


async def test_the_log_that_grows_meanwhile_is_kept_up_to_where_it_was_and_signed_there(running: Running) -> None:
    poll = await running.propose()
    before, frames = running.ledger.size, list[Frame]()
    async for frame in gathered_frames(running):
        if not frames:
            await running.cast(poll, COOPS[0])
        frames.append(frame)
    assert size_of(frames) == before < running.ledger.size
    (note,) = [frame.note for frame in frames if isinstance(frame, SignedHead)]
    assert open_checkpoint(note, running.signer.verifier_key).checkpoint.size == before
    assert note == await running.ledger.checkpoint(before)


async def test_an_answer_whose_entry_is_not_in_the_backup_is_not_either(running: Running) -> None:
    frames: list[Frame] = []
    async for frame in gathered_frames(running):
        if not frames:
            await lived(running)
        frames.append(frame)
    assert [frame.rows for frame in frames if isinstance(frame, Rows) and frame.table == "idempotency_key"] == [()]
    assert any(frame.rows for frame in frames if isinstance(frame, Rows) and frame.table == "contact")


async def test_a_long_log_comes_in_many_frames(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.backing_up.gathering._ENOUGH", 2_000)
    monkeypatch.setattr("app.services.backing_up.gathering.PAGE", 5)
    monkeypatch.setattr("app.store.snapshot._PAGE", 2)
    await lived(running)
    frames = [frame async for frame in gathered_frames(running)]
    starts = [frame.start for frame in frames if isinstance(frame, Entries)]
    assert len(starts) > 5
    assert starts == sorted(set(starts))
    assert size_of(frames) == running.ledger.size
    contacts = [len(frame.rows) for frame in frames if isinstance(frame, Rows) and frame.table == "contact"]
    assert contacts == [2, 1]


@ON_SQLITE
async def test_a_log_that_is_not_the_one_that_was_signed_is_not_backed_up(running: Running) -> None:
    await running.propose()
    size = running.ledger.size
    whole = running.signer.last()
    for statement, refusal in (
        ("DELETE FROM log_entry WHERE seq = (SELECT MAX(seq) FROM log_entry)", LogDamaged),
        ("UPDATE log_entry SET bytes = CAST('x' AS BLOB) WHERE seq = 3", LogDifferent),
    ):
        with pytest.raises(refusal):
            await backed_up_after(running, statement)
    running.signer._signed.advance(size + 5, bytes(32))
    with pytest.raises(LogShorter, match=re.escape(f"{size + 5} entries were signed")):
        [frame async for frame in gathered_frames(running)]
    assert whole == LastSigned(size=size, root=whole.root)


async def backed_up_after(running: Running, statement: str) -> None:
    """Tamper with the log, read it, and mend it."""
    kept = await running.rows("SELECT seq, bytes, type, at, batch_end FROM log_entry")
    await running.change(statement)
    try:
        [frame async for frame in gathered_frames(running)]
    finally:
        await running.change("DELETE FROM log_entry")
        for row in kept:
            await running.change(
                "INSERT INTO log_entry (seq, bytes, type, at, batch_end) VALUES (?, ?, ?, ?, ?)", *row.values()
            )


@ON_SQLITE
async def test_entries_that_were_altered_after_what_was_signed_are_found_by_the_head(running: Running) -> None:
    await running.propose()
    last = LastSigned(size=2, root=(await root_at(running, 2)))
    running.signer._signed._path.unlink()
    running.signer._signed.start()
    running.signer._signed.advance(last.size, last.root)
    await running.change("UPDATE log_entry SET bytes = CAST('x' AS BLOB) WHERE seq = 3")
    with pytest.raises(LogDamaged):
        [frame async for frame in gathered_frames(running)]
    assert running.signer.last() == last


async def root_at(running: Running, size: int) -> bytes:
    note = await running.ledger.checkpoint(size)
    return open_checkpoint(note, running.signer.verifier_key).checkpoint.root


async def test_where_there_is_no_federation_there_is_nothing_to_back_up(
    tmp_path: Path, clock: MovedClock, database: Database
) -> None:
    async with Running(tmp_path, clock, database=database) as running:
        with pytest.raises(FederationMissing):
            await take_backup(settings_of(tmp_path, running.database), tmp_path / "b", TO)
    assert not (tmp_path / "b").exists()
