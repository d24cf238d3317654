"""Another key for a log that goes on whole: recorded, exchanged, and followed by whoever verifies."""

import io
import shutil
from pathlib import Path

import pytest

from app.ledger.errors import LogKeyForeign, LogKeyRotated
from app.security import keys, succession
from app.security.signer import load_signer
from app.services.backing_up.gathering import Gathered, gather
from app.services.doctor.examination import examine
from app.services.opening import FederationMissing, opened
from app.services.restoring.restoring import restore
from app.services.rotating import rotate_log_key
from app.settings import Settings, SQLiteDatabase
from governance.commands.rotating import RotateKey
from governance.deciding.rotating import RotationInvalid
from governance.ids import OPERATOR
from governance.log.checkpoint import open_checkpoint
from governance.log.errors import NoteUnsigned
from governance.log.keys import SigningKey, VerifierKey, format_verifier_key
from governance.log.note import parse_note
from governance.log.receipt import parse_receipt, verify_receipt
from governance.state import Rotation
from governance.verifier import verify
from tests.app.ledger.small_federation import COOPS, ORIGIN, Running, counted_bytes
from tests.app.services.backing_up.kept import IDENTITY, lived, settings_of
from tests.app.services.restoring.test_continuing import Killed, killing
from tests.app.services.restoring.test_restoring import backed_up, elsewhere
from tests.app.store.databases import ON_SQLITE

pytestmark = pytest.mark.anyio


def here(running: Running) -> Settings:
    return settings_of(running.place, running.database)


async def rotated(running: Running, seed: str = "new") -> Rotation:
    return await rotate_log_key(here(running), clock=running.clock, randomness=counted_bytes(seed))


async def bundle_of(running: Running, *sizes: int) -> bytes:
    file = io.BytesIO()
    await running.ledger.write_bundle(file, sizes=sizes)
    return file.getvalue()


def key_in(place: Path) -> VerifierKey:
    return keys.load(place / "keys").verifier_key


async def test_a_federation_votes_on_under_another_key_and_everybody_can_follow(running: Running) -> None:
    poll = await running.propose()
    first = await running.cast(poll, COOPS[0])
    before, signed = running.signer.verifier_key, running.signer.last()
    await running.close()
    rotation = await rotated(running)
    after = key_in(running.place)
    assert (rotation.key, rotation.key_before) == (format_verifier_key(after), format_verifier_key(before))
    assert (rotation.seq, after.name, after == before) == (signed.size, ORIGIN, False)
    async with running.again() as again:
        answers = [await again.cast(poll, coop) for coop in COOPS[1:]]
        for answer in answers:
            # For a while the key before signs too, after the new one.
            for key in (after, before):
                verify_receipt(parse_receipt(answer.receipt), answer.record, key)
            names = [one.key_id for one in parse_note(parse_receipt(answer.receipt).note).signatures]
            assert names == [after.key_id, before.key_id]
        # What was signed before stays good under the key of its time, and is given anew under this one.
        verify_receipt(parse_receipt(first.receipt), first.record, before)
        with pytest.raises(NoteUnsigned):
            verify_receipt(parse_receipt(first.receipt), first.record, after)
        verify_receipt(parse_receipt(await again.ledger.receipt(first.seq)), first.record, after)
        again.clock.move(days=30)
        await again.ledger.tick()
        assert await again.rows("SELECT status FROM poll WHERE id = ?", poll) == [{"status": "carried"}]
        note = await again.ledger.checkpoint()
        assert [one.key_id for one in parse_note(note).signatures] == [after.key_id]
        with pytest.raises(NoteUnsigned):
            open_checkpoint(note, before)
        assert all(table.differ == 0 for table in await again.ledger.rebuild())
        assert await again.rows("SELECT origin, key FROM federation") == [{"origin": ORIGIN, "key": rotation.key}]
        bundle = await bundle_of(again, rotation.seq, rotation.seq + 1)
    report = verify([bundle], key=rotation.key)
    assert report.holds
    assert [(one.seq, one.key) for one in report.rotations] == [(rotation.seq, rotation.key)]
    (told,) = [one for one in verify([bundle], key=rotation.key_before).checks if one.status == "failed"]
    assert (told.name, "replaced it" in told.detail) == ("key", True)


async def test_a_process_that_runs_on_with_the_key_before_records_and_signs_no_more(running: Running) -> None:
    poll = await running.propose()
    other = running.place / "other"
    shutil.copytree(running.place / "keys", other)
    rotation = await rotated(running)
    size = running.ledger.size
    for _ in range(2):
        with pytest.raises(LogKeyRotated) as caught:
            await running.cast(poll, COOPS[0])
        assert caught.value.key == rotation.key
        with pytest.raises(LogKeyRotated):
            await running.ledger.ready()
    assert running.ledger.size == rotation.seq + 1 > size
    with pytest.raises(LogKeyRotated):
        await running.ledger.checkpoint()
    with pytest.raises(LogKeyForeign):
        async for _ in gather(running.engine, load_signer(other, other), at=running.clock(), gathered=Gathered()):
            pass


async def test_what_fell_due_comes_before_it(running: Running) -> None:
    poll = await running.propose()
    for coop in COOPS:
        await running.cast(poll, coop)
    await running.close()
    running.clock.move(days=7)
    rotation = await rotated(running)
    async with running.again() as again:
        assert await again.rows("SELECT status FROM poll WHERE id = ?", poll) == [{"status": "carried"}]
        assert again.ledger.size == rotation.seq + 1
        assert verify([await bundle_of(again)], key=rotation.key).holds


@ON_SQLITE
async def test_the_key_before_is_kept_with_what_it_signed_and_the_memory_goes_on(running: Running) -> None:
    await running.propose()
    before, signed, place = running.signer.verifier_key, running.signer.last(), running.place / "keys"
    await running.close()
    rotation = await rotated(running)
    kept = before.key_id.hex()
    assert sorted(one.name for one in place.iterdir() if one.name.startswith(("log.key", "log.signed"))) == sorted(
        ("log.key", f"log.key.{kept}", "log.signed", f"log.signed.{kept}")
    )
    assert keys.load(place, f"log.key.{kept}").verifier_key == before
    assert load_signer(place, place).last() == signed
    async with running.again():
        assert load_signer(place, place).last().size == rotation.seq + 1


@ON_SQLITE
async def test_without_the_file_of_the_key_before_the_new_one_signs_alone(running: Running) -> None:
    before, place = running.signer.verifier_key, running.place / "keys"
    await running.close()
    await rotated(running)
    kept = place / keys.kept_file(before)
    keys.create(running.place, name=ORIGIN, seed=b"9" * 32, file="stranger")
    for content in (None, b"no key", (running.place / "stranger").read_bytes()):
        kept.unlink()
        if content is not None:
            kept.write_bytes(content)
        async with running.again() as again:
            note = await again.ledger.checkpoint()
            assert [one.key_id for one in parse_note(note).signatures] == [key_in(running.place).key_id]
        kept.touch()


@ON_SQLITE
async def test_a_key_is_rotated_again(running: Running) -> None:
    await running.close()
    first = await rotated(running)
    second = await rotated(running, "newer")
    assert (second.key_before, second.seq) == (first.key, first.seq + 1)
    async with running.again() as again:
        report = verify([await bundle_of(again)], key=second.key)
        assert report.holds
        assert [one.key for one in report.rotations] == [first.key, second.key]


@ON_SQLITE
@pytest.mark.parametrize(
    "where",
    [
        "app.security.succession.stage",
        "app.ledger.appending.Appender.append",
        "app.services.rotating._append",
        "app.security.succession.SignedFile.set_aside",
        "app.security.succession.SignedFile.begin",
        "app.security.keys.sync_directory",
        "pathlib.Path.replace",
    ],
)
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("by", ["rotating again", "starting"])
async def test_killed_anywhere_nothing_is_lost_and_it_is_brought_to_its_end(
    running: Running, monkeypatch: pytest.MonkeyPatch, where: str, after: bool, by: str
) -> None:
    poll = await running.propose()
    await running.cast(poll, COOPS[0])
    signed, old = running.signer.last(), format_verifier_key(running.signer.verifier_key)
    await running.close()
    with monkeypatch.context() as patched:
        patched.setattr(where, killing(where, after=after))
        with pytest.raises(Killed):
            await rotated(running)
    if by == "starting":
        async with opened(here(running), clock=running.clock) as parts:
            assert parts.ledger.size >= signed.size
            assert format_verifier_key(parts.signer.verifier_key) in {old, format_verifier_key(key_in(running.place))}
            open_checkpoint(await parts.ledger.checkpoint(), key_in(running.place))
            named = parts.ledger.size > signed.size
        # What the log had named is in place; what it had not named yet is not.
        assert (format_verifier_key(key_in(running.place)) != old) is named
    if format_verifier_key(key_in(running.place)) == old:
        await rotated(running)
    async with running.again() as again:
        await again.cast(poll, COOPS[1])
        key = format_verifier_key(key_in(running.place))
        report = verify([await bundle_of(again)], key=key)
        assert report.holds
        (one,) = report.rotations
        assert (one.key_before, one.key) == (old, key)
    assert not (running.place / "keys" / succession.NEXT_FILE).exists()


@ON_SQLITE
async def test_others_may_write_between_the_signatures_and_the_record_but_not_for_ever(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = await running.propose()
    agree = running.signer.__class__.agree
    times = 0

    def agreed_late(signer: object, size: int, root: bytes, after: SigningKey) -> bytes:
        nonlocal times
        times += 1
        return agree(signer, size - 1 if times < most else size, root, after)  # type: ignore[arg-type]  # it is one

    monkeypatch.setattr("app.security.signer.Signer.agree", agreed_late)
    most = 9
    with pytest.raises(RotationInvalid, match="Others write"):
        await rotated(running)
    times, most = 0, 3
    await rotated(running)
    assert times == 3
    with pytest.raises(LogKeyRotated):
        await running.cast(poll, COOPS[0])


@ON_SQLITE
async def test_a_living_ledger_lets_no_other_key_follow(running: Running) -> None:
    after = SigningKey(name=ORIGIN, seed=b"2" * 32)
    last = running.signer.last()
    agreed = running.signer.agree(last.size, last.root, after).decode()
    asked = RotateKey(key=format_verifier_key(after.verifier_key), agreed=agreed)
    with pytest.raises(LogKeyForeign):
        await running.ledger.submit(asked, actor=OPERATOR)


@ON_SQLITE
async def test_a_node_without_the_new_key_does_not_start_and_says_what_it_needs(running: Running) -> None:
    other = running.place / "other"
    shutil.copytree(running.place / "keys", other / "keys")
    await running.close()
    rotation = await rotated(running)
    settings = settings_of(other, running.database)
    with pytest.raises(keys.KeyMissing, match="Copy it there"):
        async with opened(settings, clock=running.clock):
            pass
    succession.stage(other / "keys", name=ORIGIN, seed=b"9" * 32)
    with pytest.raises(keys.KeyMissing, match="Copy it there"):
        async with opened(settings, clock=running.clock):
            pass
    # As `docs/running.md` says: the new key is copied beside the node's own, and put in place by starting.
    shutil.copy(running.place / "keys" / keys.KEY_FILE, other / "keys" / succession.NEXT_FILE)
    for _ in range(2):
        async with opened(settings, clock=running.clock) as parts:
            assert format_verifier_key(parts.signer.verifier_key) == rotation.key
            assert parts.signer.last().size == rotation.seq + 1
    assert not (other / "keys" / succession.NEXT_FILE).exists()


@ON_SQLITE
async def test_a_key_that_is_staged_and_not_named_changes_nothing(running: Running) -> None:
    succession.stage(running.place / "keys", name=ORIGIN, seed=b"9" * 32)
    before = running.signer.verifier_key
    async with opened(here(running), clock=running.clock) as parts:
        assert parts.signer.verifier_key == before
    assert (running.place / "keys" / succession.NEXT_FILE).exists()


@ON_SQLITE
async def test_there_has_to_be_a_log_that_decides(tmp_path: Path, running: Running) -> None:
    nowhere = settings_of(tmp_path / "nowhere", SQLiteDatabase(path=tmp_path / "nowhere.sqlite"))
    with pytest.raises(FederationMissing):
        await rotate_log_key(nowhere)
    async with Running(tmp_path / "empty", running.clock, database=SQLiteDatabase(path=tmp_path / "e.sqlite")) as empty:
        with pytest.raises(FederationMissing):
            await rotated(empty)
        assert not (empty.place / "keys" / succession.NEXT_FILE).exists()


@ON_SQLITE
async def test_the_doctor_tells_of_it_and_a_backup_of_it_is_restored(running: Running) -> None:
    await lived(running)
    older = (await backed_up(running)).rename(running.place / "older.age")
    await running.close()
    rotation = await rotated(running)
    findings = await examine(lambda: here(running), clock=running.clock)
    (log,) = [one for one in findings if one.check == "log"]
    assert (log.status, f"another since entry {rotation.seq:,}" in log.detail) == ("ok", True)
    async with running.again() as again:
        backup = await backed_up(again)
        size = again.ledger.size
    settings = elsewhere(running)
    with pytest.raises(LogKeyForeign):
        await restore(settings, older, [IDENTITY])
    assert (await restore(settings, backup, [IDENTITY])).entries == size
