import socket
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

import app.demo
from app.ledger.errors import LogKeyForeign
from app.security.signed import SIGNED_FILE, SignedMissing
from app.security.signer import create_signer
from app.services.auditing import records_since
from app.services.contacts import Contact
from app.services.founding import found
from app.services.opening import DatabaseMissing, DatabaseUnusable, FederationMissing, opened
from app.settings import Database, PostgresDatabase, Settings, SQLiteDatabase
from app.store.postgres_connection import connect
from app.store.reaching import DatabaseUnreachable
from governance.deciding.authority import AlreadyFounded
from governance.ids import MandateId
from governance.instants import Instant
from tests.app.store.databases import KINDS, empty

pytestmark = pytest.mark.anyio
DATA = Path(app.demo.__file__).parent / "data"
AT = Instant("2026-03-01T12:00:00.000000Z")


def settings(place: Path, database: Database | None = None) -> Settings:
    return Settings(
        database=database or SQLiteDatabase(path=place / "f.sqlite"),
        keys_dir=place / "keys",
        signed_dir=place / "signed",
    )


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    (tmp_path / "database").mkdir()
    with empty(request.param, tmp_path / "database") as made:
        yield made


async def test_what_was_founded_can_be_opened_and_read_page_by_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    monkeypatch.setattr("app.services.auditing._PAGE", 50)
    founded = await found(DATA, settings(tmp_path, database), clock=lambda: AT)
    async with opened(settings(tmp_path, database), clock=lambda: AT) as parts:
        records = [record.seq async for record in records_since(parts, 20)]
    assert records == list(range(20, founded.entries))


async def test_an_empty_database_holds_no_federation(tmp_path: Path, database: Database) -> None:
    with pytest.raises(FederationMissing):
        async with opened(settings(tmp_path, database)):
            pass
    assert [path.name for path in tmp_path.rglob("*")] == ["database"]  # noqa: ASYNC240 - a test may wait for its disk


async def test_a_log_that_was_signed_is_missed_and_not_founded_again(tmp_path: Path, database: Database) -> None:
    await found(DATA, settings(tmp_path, database), clock=lambda: AT)
    (tmp_path / "other").mkdir()
    with empty("sqlite" if isinstance(database, SQLiteDatabase) else "postgres", tmp_path / "other") as other:
        for use in (opened(settings(tmp_path, other)), AsyncExitStack()):
            with pytest.raises(DatabaseMissing, match="has signed a log of 180 entries"):
                async with use:
                    await found(DATA, settings(tmp_path, other), clock=lambda: AT)


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


async def test_a_founding_is_refused_where_there_is_a_federation(tmp_path: Path, database: Database) -> None:
    await found(DATA, settings(tmp_path, database), clock=lambda: AT)
    for place in (tmp_path, tmp_path / "elsewhere"):
        with pytest.raises(AlreadyFounded):
            await found(DATA, settings(place, database), clock=lambda: AT)
    assert not (tmp_path / "elsewhere" / "keys").exists()


async def test_a_server_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"postgresql://user:secret@127.0.0.1:{bound.getsockname()[1]}/there"
        for use in (opened(settings(tmp_path, PostgresDatabase(url=url))), AsyncExitStack()):
            with pytest.raises(DatabaseUnreachable, match=r"127\.0\.0\.1") as refused:
                async with use:
                    await found(DATA, settings(tmp_path, PostgresDatabase(url=url)), clock=lambda: AT)
            assert "secret" not in refused.value.detail


async def test_what_postgresql_refuses_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "database").mkdir()
    with empty("postgres", tmp_path / "database") as database:
        assert isinstance(database, PostgresDatabase)
        connection = await connect(database.url)
        # A role that may connect and nothing else, as an operator makes it who forgets the rest.
        role = f"nobody_{database.url.rpartition('/')[2]}"
        await connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'secret'")
        try:
            theirs = PostgresDatabase(url=database.url.replace("postgres@", f"{role}:secret@"))
            with pytest.raises(DatabaseUnusable, match="permission denied") as refused:
                await found(DATA, settings(tmp_path, theirs), clock=lambda: AT)
            assert "secret" not in refused.value.detail
        finally:
            await connection.execute(f"DROP ROLE {role}")
            await connection.close()


def test_a_contact_never_shows_its_address() -> None:
    assert "@" not in repr(Contact(mandate=MandateId("m-1"), address="somebody@coop.example"))
