import pytest
from msgspec.structs import replace

from app.ledger.errors import LogDamaged, LogDifferent, LogShorter
from app.ledger.snapshots import fold_kept
from app.ledger.stored_state import store
from app.security.signed import LastSigned
from app.security.signer import create_signer
from app.store.log_reading import head
from governance.log.merkle import EMPTY_ROOT
from tests.app.ledger.small_federation import COOPS, Running
from tests.app.store.databases import copied

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take one every ten entries, so that a small log has some."""
    monkeypatch.setattr("app.ledger.snapshots.EVERY", 10)


async def kept(running: Running) -> int:
    """The size of the snapshot, once the ledger is closed."""
    await running.ledger.close()
    (row,) = await running.rows("SELECT size FROM snapshot")
    return int(row["size"])


def folded(running: Running) -> object:
    return store(running.ledger._appender.fold.federation.state)


async def test_a_start_goes_on_from_the_newest_snapshot_to_the_same_state(running: Running) -> None:
    poll = await running.propose()
    for number, coop in enumerate(COOPS):
        await running.cast(poll, coop)
        await running.propose(words=f"Number {number}.")
    before, size = folded(running), await kept(running)
    assert running.ledger.size - 10 < size <= running.ledger.size
    # Nothing before the snapshot is read: an entry that is missing there is not missed at the start.
    await running.change("DELETE FROM log_entry WHERE seq = 5")
    async with running.again() as again:
        assert again.ledger._appender.fold.began == size
        assert folded(again) == before
        await again.cast(await again.propose(words="Another."), COOPS[0])
        await again.ledger.receipt(4)


async def test_a_snapshot_is_taken_once_for_its_entries_and_replaced_by_the_next(running: Running) -> None:
    first = await kept(running)
    async with running.again() as again:
        assert again.ledger._snapshots._task is None
        for number in range(6):
            await again.propose(words=f"Number {number}.")
        assert await kept(again) > first


@pytest.mark.parametrize(
    ("spoiling", "args"),
    [
        ("UPDATE snapshot SET code = ?", ("other code",)),
        ("UPDATE snapshot SET state = ?", (b"\x80",)),
        ("UPDATE snapshot SET root = ?", (bytes(32),)),
        ("UPDATE snapshot SET size = size - 1", ()),
        ("UPDATE snapshot SET size = 9999", ()),
        ("UPDATE snapshot SET vouched = ?", (b"",)),
        ("UPDATE tree_node SET hash = ? WHERE position = (SELECT 2 * 15 - 4 + 4)", (bytes(32),)),
    ],
)
async def test_a_snapshot_of_other_code_or_one_that_was_spoilt_is_not_used(
    running: Running, spoiling: str, args: tuple[object, ...]
) -> None:
    await running.propose()
    before = folded(running)
    await kept(running)
    await running.change(spoiling, *args)
    async with running.again() as again:
        assert again.ledger._appender.fold.began == 0
        assert folded(again) == before


async def test_a_snapshot_that_another_key_vouches_for_is_not_used(running: Running) -> None:
    await running.propose()
    await kept(running)
    other = create_signer(running.place / "x", running.place / "x", name="coop.example/log", seed=b"x" * 32)
    await running.change("UPDATE snapshot SET vouched = ?", other.vouch(bytes(32)))
    async with running.again() as again:
        assert again.ledger._appender.fold.began == 0


async def test_a_log_is_refused_with_a_snapshot_as_without(running: Running) -> None:
    poll = await running.propose()
    await running.close()
    with copied(running.database, running.place) as older:
        async with running.again("later") as again:
            await again.cast(poll, COOPS[0])
        with pytest.raises(LogShorter):
            async with Running(running.place, running.clock, database=older):
                pass
    running.signer._signed._path.unlink()
    running.signer._signed.start()
    running.signer.release(3, bytes(32))
    with pytest.raises(LogDifferent):
        async with running.again():
            pass


async def test_a_snapshot_that_another_process_took_after_the_head_was_read_is_not_used(running: Running) -> None:
    await running.propose()
    size = await kept(running)
    found = await head(running.engine.run_querystring)
    assert found is not None
    for length, began in ((size, size), (size - 1, 0)):
        earlier = replace(found, size=length)
        last = LastSigned(size=0, root=EMPTY_ROOT)
        fold = await fold_kept(running.engine.run_querystring, running.signer, earlier, last)
        assert fold.size == fold.began == began


async def test_a_head_that_was_altered_is_found_with_a_snapshot(running: Running) -> None:
    await running.propose()
    await kept(running)
    await running.change("UPDATE log_head SET root = ?", bytes(32))
    with pytest.raises(LogDamaged):
        async with running.again():
            pass


async def test_a_ledger_goes_on_without_a_snapshot_that_cannot_be_kept(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object) -> bytes:
        raise OSError

    monkeypatch.setattr(running.signer, "vouch", refuses)
    for number in range(6):
        await running.cast(await running.propose(words=f"Number {number}."), COOPS[0])
    await running.ledger.close()
    (row,) = await running.rows("SELECT size FROM snapshot")
    assert row["size"] < running.ledger.size - 10
