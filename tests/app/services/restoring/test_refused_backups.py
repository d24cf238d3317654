"""Backups that are refused, each with what its code says, and nothing left behind."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pyrage
import pytest

from app.ledger.errors import LogKeyForeign
from app.services.backing_up.errors import (
    BackupContradictory,
    BackupDamaged,
    BackupKeyWrong,
    BackupNewer,
    BackupTruncated,
    BackupUnknown,
    BackupUnvouched,
)
from app.services.backing_up.frames import MAGIC, End, Entries, Frame, Header, KeptBlob, LoggedEntry, Rows, SignedHead
from app.services.backing_up.keys import Identity
from app.services.restoring.restoring import restore
from governance.errors import RochdaleError
from governance.log.blob import text_blob
from governance.log.checkpoint import Checkpoint, sign_checkpoint
from governance.log.keys import SigningKey
from governance.records import RecordUnknown
from tests.app.ledger.small_federation import ORIGIN, Running
from tests.app.services.backing_up.kept import IDENTITY, lived, opened_frames, plain_bytes, seal_bytes, seal_frames
from tests.app.services.restoring.test_restoring import backed_up, elsewhere, refused_without_a_trace
from tests.app.store.databases import ON_SQLITE

pytestmark = [pytest.mark.anyio, ON_SQLITE]
STEP = 997
"""Every how many bytes one is flipped, or the file is cut: a prime, so that all parts of frames are met."""


async def refusal(running: Running, backup: Path, identity: Identity = IDENTITY) -> RochdaleError:
    """How a backup is refused; nothing is left behind."""
    settings, before = elsewhere(running), running.signer.last()
    with pytest.raises(RochdaleError) as refused:
        await restore(settings, backup, [identity])
    assert refused_without_a_trace(settings)
    assert running.signer.last() == before
    return refused.value


async def test_a_key_that_does_not_open_it_is_refused(running: Running) -> None:
    other = Identity(pyrage.x25519.Identity.generate())
    assert isinstance(await refusal(running, await backed_up(running), other), BackupKeyWrong)


async def test_a_flipped_bit_anywhere_is_found(running: Running) -> None:
    await lived(running)
    backup = await backed_up(running)
    data = backup.read_bytes()
    header = data.index(b"\n---")
    found = set()
    for place in (*range(0, len(data), STEP), *range(0, header, 23), len(data) - 1):
        flipped = bytearray(data)
        flipped[place] ^= 1
        backup.write_bytes(flipped)
        found.add(type(await refusal(running, backup)))
    assert found <= {BackupUnknown, BackupKeyWrong, BackupDamaged, BackupTruncated}
    assert {BackupUnknown, BackupTruncated} <= found


async def test_damage_in_the_middle_of_a_long_backup_is_told_from_a_missing_end(running: Running) -> None:
    backup = running.place / "long"
    await seal_bytes(backup, bytes(300_000))
    data = backup.read_bytes()
    flipped = bytearray(data)
    flipped[len(data) // 3] ^= 1
    backup.write_bytes(flipped)
    assert isinstance(await refusal(running, backup), BackupDamaged)
    backup.write_bytes(data[: len(data) // 3])
    assert isinstance(await refusal(running, backup), BackupTruncated)


async def test_a_backup_that_was_cut_anywhere_is_found(running: Running) -> None:
    await lived(running)
    backup = await backed_up(running)
    data = backup.read_bytes()
    for length in (0, 1, 30, *range(100, len(data), STEP), len(data) - 1):
        backup.write_bytes(data[:length])
        assert isinstance(await refusal(running, backup), (BackupUnknown, BackupTruncated, BackupDamaged))
    backup.write_bytes(data + b"x")
    assert isinstance(await refusal(running, backup), (BackupTruncated, BackupDamaged))


async def test_content_that_stops_between_frames_is_found_though_its_encryption_is_whole(running: Running) -> None:
    frames = await opened_frames(await backed_up(running))
    await seal_frames(running.place / "cut", frames[:-1], running.signer)
    assert isinstance(await refusal(running, running.place / "cut"), BackupTruncated)


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        (b"something else, but long enough", BackupUnknown),
        (b"", BackupTruncated),
        (b"rochdale/backup/v2\n", BackupNewer),
        (MAGIC + b"\xff\xff\xff\xff", BackupContradictory),
        (MAGIC + b"\x00\x00\x00\x01\xc0", BackupContradictory),
        (MAGIC + b"\x00\x00\x00\x01", BackupTruncated),
    ],
)
async def test_content_that_is_no_backup_of_this_version_is_refused(
    running: Running, content: bytes, refused: type[RochdaleError]
) -> None:
    await seal_bytes(running.place / "b", content)
    assert isinstance(await refusal(running, running.place / "b"), refused)


async def test_what_follows_the_end_is_refused(running: Running) -> None:
    await seal_bytes(running.place / "more", plain_bytes(await backed_up(running)) + b"\x00")
    assert isinstance(await refusal(running, running.place / "more"), BackupContradictory)


Alter = Callable[[list[Frame], Running], list[Frame]]


def at(kind: type, change: Callable[[Frame], list[Frame]]) -> Alter:
    """An alteration of the first frame of a kind."""

    def alter(frames: list[Frame], _: Running) -> list[Frame]:
        place = next(index for index, frame in enumerate(frames) if isinstance(frame, kind))
        return [*frames[:place], *change(frames[place]), *frames[place + 1 :]]

    return alter


def entries(change: Callable[[list[LoggedEntry]], list[LoggedEntry]]) -> Alter:
    def alter(frame: Frame) -> list[Frame]:
        assert isinstance(frame, Entries)
        return [msgspec.structs.replace(frame, entries=tuple(change(list(frame.entries))))]

    return at(Entries, alter)


def told_of(**tables: tuple[str, ...]) -> Alter:
    def alter(frame: Frame) -> list[Frame]:
        assert isinstance(frame, Header)
        return [msgspec.structs.replace(frame, tables={**frame.tables, **tables})]

    return at(Header, alter)


def reheaded(frames: list[Frame], running: Running) -> list[Frame]:
    """With a checkpoint of the log's own over something else."""
    note = sign_checkpoint(Checkpoint(origin=ORIGIN, size=1, root=bytes(32)), running.signer._key)
    return [SignedHead(note=note) if isinstance(frame, SignedHead) else frame for frame in frames]


def headed_by_another(frames: list[Frame], _: Running) -> list[Frame]:
    note = sign_checkpoint(Checkpoint(origin=ORIGIN, size=1, root=bytes(32)), SigningKey(name=ORIGIN, seed=b"2" * 32))
    return [SignedHead(note=note) if isinstance(frame, SignedHead) else frame for frame in frames]


BLOB = text_blob(bytes(32), b"words")
ALTERED: dict[str, tuple[Alter, type[RochdaleError]]] = {
    "no header": (at(Header, lambda _: []), BackupContradictory),
    "two headers": (at(Header, lambda frame: [frame, frame]), BackupContradictory),
    "an unknown table": (told_of(pony=("id",)), BackupNewer),
    "an unknown column": (told_of(contact=("mandate", "address", "pony")), BackupNewer),
    "a table that is a projection": (told_of(coop=("id",)), BackupNewer),
    "a missing first entry": (entries(lambda some: some[1:]), BackupContradictory),
    "a missing last entry": (entries(lambda some: some[:-1]), BackupContradictory),
    "two entries exchanged": (entries(lambda some: [some[1], some[0], *some[2:]]), BackupContradictory),
    "an entry of a later version": (
        entries(lambda some: [msgspec.structs.replace(some[0], data=some[0].data.replace(b'"v":1', b'"v":9'))]),
        RecordUnknown,
    ),
    "entries that stand twice": (at(Entries, lambda frame: [frame, frame]), BackupContradictory),
    "entries after the checkpoint": (
        at(SignedHead, lambda frame: [frame, Entries(start=30, entries=())]),
        BackupContradictory,
    ),
    "no checkpoint": (at(SignedHead, lambda _: []), BackupContradictory),
    "a checkpoint over something else": (reheaded, BackupContradictory),
    "a checkpoint by another key": (headed_by_another, BackupUnvouched),
    "a checkpoint that is none": (at(SignedHead, lambda _: [SignedHead(note=b"x")]), BackupUnvouched),
    "a blob of no kind": (
        at(KeptBlob, lambda _: [KeptBlob(kind="pony", first_use=1, data=BLOB)]),
        BackupContradictory,
    ),
    "a blob of another kind": (
        at(KeptBlob, lambda _: [KeptBlob(kind="electorate", first_use=1, data=BLOB)]),
        BackupContradictory,
    ),
    "a blob before its entry": (
        at(KeptBlob, lambda _: [KeptBlob(kind="text", first_use=10_000, data=BLOB)]),
        BackupContradictory,
    ),
    "rows of no table": (at(Rows, lambda _: [Rows(table="pony", rows=())]), BackupContradictory),
    "rows that are too short": (at(Rows, lambda _: [Rows(table="contact", rows=(("m",),))]), BackupContradictory),
    "a cell that is none": (at(Rows, lambda _: [Rows(table="contact", rows=(("m", 1.5),))]), BackupContradictory),
    "rows before the checkpoint": (
        at(Entries, lambda frame: [frame, Rows(table="contact", rows=())]),
        BackupContradictory,
    ),
}


@pytest.mark.parametrize("name", ALTERED)
async def test_frames_that_are_not_as_they_were_gathered_are_refused(running: Running, name: str) -> None:
    await lived(running)
    alter, wanted = ALTERED[name]
    frames = await opened_frames(await backed_up(running))
    await seal_frames(running.place / "altered", alter(frames, running), running.signer)
    assert type(await refusal(running, running.place / "altered")) is wanted


async def test_whoever_has_not_the_logs_key_cannot_put_accounts_into_a_backup(running: Running) -> None:
    await lived(running)
    frames = await opened_frames(await backed_up(running))
    mine = Rows(table="contact", rows=(("m-1", "mallory@coop.example"),))
    altered = [mine if isinstance(frame, Rows) and frame.table == "contact" else frame for frame in frames]
    await seal_frames(running.place / "mine", altered, None)
    assert isinstance(await refusal(running, running.place / "mine"), BackupUnvouched)
    for note in (b"x", frames_note(frames, SignedHead)):
        await seal_frames(running.place / "mine", [*altered[:-1], End(note=note)], None)
        assert isinstance(await refusal(running, running.place / "mine"), BackupUnvouched)


def frames_note(frames: list[Frame], kind: type[SignedHead]) -> bytes:
    (note,) = [frame.note for frame in frames if isinstance(frame, kind)]
    return note


async def test_a_backup_whose_header_names_another_key_is_refused_as_that(running: Running) -> None:
    frames = await opened_frames(await backed_up(running))
    foreign = msgspec.structs.replace(frames[0], key="other.example/log+12345678+AAAA")
    await seal_frames(running.place / "foreign", [foreign, *frames[1:]], running.signer)
    assert isinstance(await refusal(running, running.place / "foreign"), LogKeyForeign)
