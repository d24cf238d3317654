"""A federation that lost its disk and goes on from an older backup: in the open, and from the same entries."""

import inspect
import io
import pkgutil
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from app.ledger.errors import LogDifferent, LogKeyForeign
from app.security import keys, succession
from app.security.signed import SIGNED_FILE, LastSigned, SignedMissing
from app.security.signer import load_signer
from app.services.doctor.examination import examine as examine_all
from app.services.restoring.continuing import Loss, NothingLost, restore_and_go_on
from app.services.restoring.filling import DatabaseNotEmpty
from app.services.restoring.restoring import Restored, restore
from app.settings import Settings, SQLiteDatabase
from governance.commands.continuing import ContinueLog
from governance.commands.polls import Cast
from governance.deciding.continuing import ContinuationInvalid
from governance.errors import RochdaleError
from governance.ids import OPERATOR, PollId
from governance.log.bundle import EntryFrame, read_bundle
from governance.log.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from governance.log.errors import NoteUnsigned
from governance.log.keys import SigningKey, VerifierKey, format_verifier_key, parse_verifier_key
from governance.log.receipt import parse_receipt, verify_receipt
from governance.verifier import verify
from tests.app.ledger.small_federation import COOPS, ORIGIN, Running, counted_bytes, delegate
from tests.app.services.backing_up.kept import IDENTITY, contents, lived, settings_of
from tests.app.services.restoring.test_restoring import backed_up, elsewhere
from tests.app.store.databases import KINDS, ON_SQLITE, empty

pytestmark = pytest.mark.anyio
NEW = "coop.example/log2"


async def gone_on(running: Running, settings: Settings, backup: Path, origin: str = NEW, **known: object) -> Restored:
    """Restore a backup so that the log goes on."""
    loss = Loss(origin=origin, **known)  # type: ignore[arg-type]  # as the class says
    return await restore_and_go_on(
        settings, backup, [IDENTITY], loss, clock=running.clock, randomness=counted_bytes(origin)
    )


async def bundle_of(running: Running) -> bytes:
    file = io.BytesIO()
    await running.ledger.write_bundle(file)
    return file.getvalue()


def entries_of(bundle: bytes) -> list[bytes]:
    return [frame.entry for frame in read_bundle([bundle]) if isinstance(frame, EntryFrame)]


def key_of(running: Running) -> VerifierKey:
    return running.signer.verifier_key


async def lost(running: Running) -> tuple[PollId, Path]:
    """A backup that lacks the ballots of two coops, which were acknowledged."""
    poll = await lived(running)
    backup = await backed_up(running)
    await running.cast(poll, COOPS[1], "no")
    await running.cast(poll, COOPS[2], "no")
    return poll, backup


@pytest.mark.parametrize("to", KINDS)
async def test_a_federation_that_lost_its_disk_goes_on_and_says_what_is_lost(running: Running, to: str) -> None:
    poll, backup = await lost(running)
    old, old_key, receipt = (
        await bundle_of(running),
        key_of(running),
        await running.ledger.receipt(running.ledger.size - 1),
    )
    signed = running.signer.last()
    await running.close()
    running.clock.move(days=30)
    with empty(to, running.place) as target:
        settings = settings_of(running.place, target)
        restored = await gone_on(running, settings, backup)
        assert restored.continued is not None
        assert (restored.entries, restored.continued.seq) == (signed.size - 2, signed.size - 2)
        assert (restored.continued.signed, restored.continued.lost) == (signed.size, 2)
        async with Running(running.place, running.clock, database=target, seed="again") as again:
            key = key_of(again)
            assert (key.name, key == old_key) == (NEW, False)
            # The vote was open, and its end fell into the outage: it is void, and another one opens.
            assert await again.rows("SELECT status FROM poll WHERE id = ?", poll) == [{"status": "voided"}]
            assert await again.rows("SELECT stage, poll FROM proposal WHERE id = 'p2'") == [
                {"stage": "between_polls", "poll": None}
            ]
            await again.ledger.tick()
            (opened,) = [row["id"] for row in await again.rows("SELECT id FROM poll WHERE status = 'open'")]
            assert opened != poll
            for coop in COOPS:
                cast = Cast(statement=msgspec.structs.replace(await again.ballot(opened, coop), origin=NEW))
                answer = await again.ledger.submit(cast, actor=delegate(coop))
                verify_receipt(parse_receipt(answer.receipt), answer.record, key)
            assert all(table.differ == 0 for table in await again.ledger.rebuild())
            bundle = await bundle_of(again)
            # Receipts of what is left are given under the new name; those of what is lost hold under the old one only.
            kept = parse_receipt(await again.ledger.receipt(3))
            verify_receipt(kept, entries_of(old)[3], key)
            with pytest.raises(NoteUnsigned):
                open_checkpoint(parse_receipt(receipt).note, key)
            (told,) = await again.rows("SELECT seq, signed, origin_before FROM log_continuation")
            assert told == {"seq": signed.size - 2, "signed": signed.size, "origin_before": ORIGIN}
    assert entries_of(bundle)[: signed.size - 2] == entries_of(old)[: signed.size - 2]
    assert verify([old], key=format_verifier_key(old_key)).holds
    report = verify([bundle], key=format_verifier_key(key))
    assert report.holds
    assert [(one.seq, one.lost) for one in report.continuations] == [(signed.size - 2, 2)]
    assert not verify([bundle], key=format_verifier_key(old_key)).holds


@ON_SQLITE
async def test_the_key_before_is_kept_aside_with_what_it_signed_and_a_new_one_begins(running: Running) -> None:
    _, backup = await lost(running)
    before, signed, place = key_of(running), running.signer.last(), running.place / "keys"
    secret, settings = (place / "log.key").read_bytes(), elsewhere(running)
    restored = await gone_on(running, settings, backup)
    aside = place / f"log.key.{before.key_id.hex()}"
    assert aside.read_bytes() == secret
    assert aside.stat().st_mode & 0o777 == 0o600
    assert not (place / succession.NEXT_FILE).exists()
    old = running.place / "old"
    old.mkdir()
    shutil.copy(aside, old / "log.key")
    shutil.copy(place / f"{SIGNED_FILE}.{before.key_id.hex()}", old / SIGNED_FILE)
    assert load_signer(old, old).last() == signed
    after = load_signer(place, place)
    assert (after.verifier_key.name, after.last().size) == (NEW, restored.entries + 1)
    findings = await examine_all(lambda: settings, clock=running.clock)
    assert not [one for one in findings if one.status == "failed"]
    (log,) = [one.detail for one in findings if one.check == "log"]
    assert f"went on at entry {restored.entries:,}" in log
    assert "2 signed entries" in log


@ON_SQLITE
async def test_it_can_be_backed_up_and_lost_again(running: Running) -> None:
    _, backup = await lost(running)
    settings = elsewhere(running)
    await gone_on(running, settings, backup)
    with pytest.raises(LogKeyForeign):
        await restore(settings, backup, [IDENTITY])
    async with Running(running.place, running.clock, database=settings.database, seed="again") as again:
        second = await backed_up(again)
        await again.ledger.tick()
        await again.propose(words="Third.")
    third = settings_of(running.place, SQLiteDatabase(path=running.place / "third" / "restored.sqlite"))
    restored = await gone_on(again, third, second, "coop.example/log3")
    assert restored.continued is not None
    assert restored.continued.lost > 0
    async with Running(running.place, running.clock, database=third.database, seed="third") as last:
        report = verify([await bundle_of(last)], key=format_verifier_key(key_of(last)))
        assert report.holds
        assert [one.origin for one in report.continuations] == [NEW, "coop.example/log3"]


def refused_and_unchanged(running: Running, settings: Settings, before: LastSigned) -> bool:
    assert isinstance(settings.database, SQLiteDatabase)
    place = running.place / "keys"
    assert load_signer(place, place).last() == before
    assert keys.load(place).verifier_key.name == ORIGIN
    return not list(settings.database.path.parent.glob("*"))


@ON_SQLITE
async def test_where_nothing_is_lost_it_goes_on_as_it_was(running: Running) -> None:
    await lived(running)
    backup, settings = await backed_up(running), elsewhere(running)
    with pytest.raises(NothingLost):
        await gone_on(running, settings, backup)
    assert refused_and_unchanged(running, settings, running.signer.last())
    await restore(settings, backup, [IDENTITY])


@ON_SQLITE
async def test_the_name_that_it_had_is_refused_and_the_next_try_gets_another(running: Running) -> None:
    _, backup = await lost(running)
    settings, before = elsewhere(running), running.signer.last()
    with pytest.raises(ContinuationInvalid):
        await gone_on(running, settings, backup, ORIGIN)
    assert refused_and_unchanged(running, settings, before)
    await gone_on(running, settings, backup)
    assert keys.load(settings.keys_dir).verifier_key.name == NEW


@ON_SQLITE
async def test_the_doctor_tells_of_a_key_that_was_to_follow_and_has_not(running: Running) -> None:
    settings = settings_of(running.place, running.database)
    succession.stage(settings.keys_dir, name=NEW, seed=bytes(32))
    (key,) = [one for one in await examine_all(lambda: settings, clock=running.clock) if one.check == "signing_key"]
    assert (key.status, succession.NEXT_FILE in key.detail) == ("warning", True)


@ON_SQLITE
async def test_a_database_with_something_in_it_is_left_alone(running: Running) -> None:
    _, backup = await lost(running)
    before = await contents(running.engine, [])
    with pytest.raises(DatabaseNotEmpty):
        await gone_on(running, settings_of(running.place, running.database), backup)
    assert await contents(running.engine, []) == before
    await running.propose(words="It goes on.")


@ON_SQLITE
async def test_with_the_memory_lost_too_what_somebody_has_seen_says_what_is_lost(running: Running) -> None:
    _, backup = await lost(running)
    settings, size = elsewhere(running), running.ledger.size
    note, receipt = await running.ledger.checkpoint(size - 1), await running.ledger.receipt(size - 1)
    (settings.signed_dir / SIGNED_FILE).unlink()
    with pytest.raises(SignedMissing):
        await gone_on(running, settings, backup, seen=receipt)
    for number, (seen, missing) in enumerate(((None, 0), (note, 1), (receipt, 2))):
        place = running.place / f"case-{number}"
        shutil.copytree(settings.keys_dir, place / "keys")
        again = settings_of(place, SQLiteDatabase(path=place / "restored.sqlite"))
        restored = await gone_on(running, again, backup, seen=seen, memory_lost=True)
        assert restored.continued is not None
        assert restored.continued.lost == missing
        assert load_signer(again.keys_dir, again.signed_dir).last().size == restored.entries + 1


@ON_SQLITE
async def test_what_was_seen_of_another_log_or_contradicts_this_one_is_refused(running: Running) -> None:
    _, backup = await lost(running)
    settings, before = elsewhere(running), running.signer.last()
    stranger = SigningKey(name=ORIGIN, seed=bytes(32))
    own = SigningKey(name=ORIGIN, seed=bytes(range(32)))
    other = Checkpoint(origin=ORIGIN, size=before.size, root=bytes(32))
    refused: tuple[tuple[bytes, type[RochdaleError]], ...] = (
        (sign_checkpoint(other, stranger), NoteUnsigned),
        (sign_checkpoint(other, own), LogDifferent),
        (b"something", RochdaleError),
    )
    for seen, why in refused:
        with pytest.raises(why):
            await gone_on(running, settings, backup, seen=seen)
        assert refused_and_unchanged(running, settings, before)


class Killed(BaseException):
    """As if the process ended here."""


@ON_SQLITE
@pytest.mark.parametrize(
    "where",
    [
        "app.services.restoring.continuing.read_backup",
        "app.security.succession.SignedFile.set_aside",
        "app.security.succession.SignedFile.begin",
        "app.security.keys.sync_directory",
        "pathlib.Path.replace",
    ],
)
@pytest.mark.parametrize("after", [False, True])
async def test_killed_anywhere_the_same_is_asked_again(
    running: Running, monkeypatch: pytest.MonkeyPatch, where: str, after: bool
) -> None:
    _, backup = await lost(running)
    settings = elsewhere(running)
    place, before = settings.keys_dir, key_of(running).key_id.hex()
    succession.stage(place, name=NEW, seed=bytes(32))
    with monkeypatch.context() as patched:
        patched.setattr(where, killing(where, after=after))
        with pytest.raises(Killed):
            await gone_on(running, settings, backup)
    restored = await gone_on(running, settings, backup)
    assert restored.continued is not None
    assert restored.continued.lost == 2
    async with Running(running.place, running.clock, database=settings.database, seed="again") as again:
        assert (key_of(again).name, again.ledger.size) == (NEW, restored.entries + 1)
        assert verify([await bundle_of(again)], key=format_verifier_key(key_of(again))).holds
    assert [one for one in listed(place) if one.startswith("log.key.")] == [f"log.key.{before}"]


def listed(place: Path) -> list[str]:
    return [one.name for one in place.iterdir()]


def killing(where: str, *, after: bool) -> Callable[..., object]:
    """What stands there, and the end of everything before or after it is done the first time."""
    module, name = where.rsplit(".", 1)
    original = getattr(pkgutil.resolve_name(module), name)

    def dying(*args: object, **options: object) -> object:
        done = original(*args, **options) if after else None
        if not inspect.isawaitable(done):
            raise Killed

        async def ending() -> None:
            await done
            raise Killed

        return ending()

    return dying


@ON_SQLITE
async def test_a_living_ledger_lets_no_log_go_on(running: Running) -> None:
    after = SigningKey(name=NEW, seed=b"2" * 32)
    last = running.signer.last()
    word = succession.last_word(running.place / "keys", last, after.verifier_key).decode()
    asked = ContinueLog(origin=NEW, key=format_verifier_key(after.verifier_key), lost=word)
    with pytest.raises(LogKeyForeign):
        await running.ledger.submit(asked, actor=OPERATOR)
    assert parse_verifier_key(asked.key) == after.verifier_key
