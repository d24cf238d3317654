from pathlib import Path

import pytest

import app.demo
from app.ledger.errors import LogKeyForeign
from app.security.signed import SIGNED_FILE, SignedMissing
from app.security.signer import create_signer
from app.services.auditing import records_since
from app.services.contacts import Contact
from app.services.founding import found
from app.services.opening import DatabaseUnusable, FederationMissing, opened
from app.settings import PostgresDatabase, Settings, SQLiteDatabase
from app.store.writing import WriterNotBuilt
from governance.deciding.authority import AlreadyFounded
from governance.ids import MandateId
from governance.instants import Instant

pytestmark = pytest.mark.anyio
DATA = Path(app.demo.__file__).parent / "data"
AT = Instant("2026-03-01T12:00:00.000000Z")


def settings(place: Path) -> Settings:
    return Settings(
        database=SQLiteDatabase(path=place / "f.sqlite"), keys_dir=place / "keys", signed_dir=place / "signed"
    )


async def test_what_was_founded_can_be_opened_and_read_page_by_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.auditing._PAGE", 50)
    founded = await found(DATA, settings(tmp_path), clock=lambda: AT)
    async with opened(settings(tmp_path), clock=lambda: AT) as parts:
        records = [record.seq async for record in records_since(parts, 20)]
    assert records == list(range(20, founded.entries))


async def test_an_empty_database_holds_no_federation(tmp_path: Path) -> None:
    with pytest.raises(FederationMissing):
        async with opened(settings(tmp_path)):
            pass
    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240 - a test may wait for its disk


async def test_a_missing_memory_is_not_begun_again_where_there_is_a_log(tmp_path: Path) -> None:
    await found(DATA, settings(tmp_path), clock=lambda: AT)
    (tmp_path / "signed" / SIGNED_FILE).unlink()
    with pytest.raises(SignedMissing):
        await found(DATA, settings(tmp_path), clock=lambda: AT)


async def test_another_key_of_the_same_name_does_not_open_the_log(tmp_path: Path) -> None:
    await found(DATA, settings(tmp_path), clock=lambda: AT)
    other = Settings(database=settings(tmp_path).database, keys_dir=tmp_path / "other", signed_dir=tmp_path / "other")
    with pytest.raises(AlreadyFounded):
        await found(DATA, other, clock=lambda: AT)
    assert not (tmp_path / "other" / "log.key").exists()
    create_signer(other.keys_dir, other.signed_dir, name="patio.example/log", seed=bytes(32))
    with pytest.raises(LogKeyForeign):
        await found(DATA, other, clock=lambda: AT)


async def test_a_database_that_breaks_under_way_is_refused_in_words(tmp_path: Path) -> None:
    await found(DATA, settings(tmp_path), clock=lambda: AT)
    database = tmp_path / "f.sqlite"
    database.write_bytes(database.read_bytes()[:5_000] + b"\xff" * 90_000)
    with pytest.raises(DatabaseUnusable, match=r"SQLite cannot use .*f\.sqlite"):
        async with opened(settings(tmp_path), clock=lambda: AT):
            pass


async def test_a_database_on_a_server_is_refused_before_anything_is_tried(tmp_path: Path) -> None:
    there = Settings(database=PostgresDatabase(url="postgresql://u:p@h/d"), keys_dir=tmp_path, signed_dir=tmp_path)
    with pytest.raises(WriterNotBuilt):
        async with opened(there):
            pass


def test_a_contact_never_shows_its_address() -> None:
    assert "@" not in repr(Contact(mandate=MandateId("m-1"), address="somebody@coop.example"))
