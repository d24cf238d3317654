from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from app.clock import Clock
from app.security.signed import SIGNED_FILE
from app.services.doctor.examination import CHECKS, examine
from app.services.doctor.federation import check_federation
from app.services.doctor.finding import Check, Finding, Status
from app.settings import PostgresDatabase, SettingMissing, Settings, SQLiteDatabase
from governance.effect import Ratify
from governance.ids import Digest
from governance.instants import Instant
from tests.app.ledger.small_federation import COOPS, START, MovedClock, Running, steward
from tests.app.services.backing_up.kept import settings_of
from tests.app.store.databases import ON_POSTGRES, ON_SQLITE

pytestmark = pytest.mark.anyio


async def found_by(settings: Settings, clock: Clock, *, quick: bool = False) -> dict[Check, Finding]:
    findings = await examine(lambda: settings, clock=clock, quick=quick)
    assert tuple(finding.check for finding in findings) == CHECKS
    assert all(bool(one.advice) is (one.status in ("warning", "failed")) for one in findings)
    return {finding.check: finding for finding in findings}


async def unwell(running: Running, **options: bool) -> dict[Check, Status]:
    """Every check of a federation that is not well, but for what a small one in a test lacks."""
    found = await found_by(settings_of(running.place, running.database), running.clock, **options)
    usual = {"token_keys", "founding", "rules"}
    if isinstance(running.database, PostgresDatabase):
        usual.add("clock")  # the server's own is not the one that the test moves
    return {check: one.status for check, one in found.items() if one.status != "ok" and check not in usual}


async def test_a_federation_that_is_well_is_said_to_be_and_nothing_is_changed(running: Running) -> None:
    poll = await running.propose()
    await running.cast(poll, COOPS[0])
    before = running.signer.last()
    assert await unwell(running) == {}
    assert running.signer.last() == before
    await running.cast(poll, COOPS[1])


TAMPERED: list[tuple[str, Check, Status]] = [
    ("UPDATE coop SET name = 'Mine' WHERE id = 'c1'", "projections", "failed"),
    ("DELETE FROM blob WHERE kind = 'text'", "blobs", "failed"),
    ("DELETE FROM log_entry WHERE seq = 3", "log", "failed"),
    ("UPDATE log_head SET size = 4", "log", "failed"),
    (
        "INSERT INTO outbox (id, kind, created, expires, due, attempts) VALUES ('o', 'k', 'now', 'then', '2026-01-01', 0)",
        "outbox",
        "warning",
    ),
]


@pytest.mark.parametrize(("statement", "check", "status"), TAMPERED)
async def test_what_was_tampered_with_is_found_and_stays_as_it_is(
    running: Running, statement: str, check: Check, status: Status
) -> None:
    await running.propose()
    await running.change(statement)
    for _ in range(2):
        assert (await unwell(running))[check] == status


async def test_the_comparison_of_tables_can_be_left_out(running: Running) -> None:
    await running.change("UPDATE coop SET name = 'Mine' WHERE id = 'c1'")
    assert await unwell(running, quick=True) == {"projections": "not_checked"}


async def test_what_fell_due_and_did_not_happen_is_told(running: Running, clock: MovedClock) -> None:
    await running.propose()
    clock.move(days=7, seconds=30)
    assert await unwell(running) == {}
    clock.move(minutes=1)
    assert await unwell(running) == {"steps": "warning"}


@ON_SQLITE
async def test_a_clock_behind_the_log_is_told(running: Running, clock: MovedClock) -> None:
    clock.move(seconds=-5)
    assert await unwell(running) == {"clock": "failed"}


@ON_SQLITE
async def test_a_founding_is_unratified_until_the_coops_have_voted(running: Running, clock: MovedClock) -> None:
    settings = settings_of(running.place, running.database)
    assert (await found_by(settings, running.clock))["founding"].status == "warning"
    (row,) = await running.rows("SELECT founding FROM federation")
    await running.carry(await running.propose(Ratify(digest=Digest(row["founding"]))))
    clock.move(hours=1)
    await running.ledger.tick()
    assert (await found_by(settings, running.clock))["founding"].status == "ok"


@ON_SQLITE
async def test_rules_that_nothing_could_be_carried_under_are_named(running: Running) -> None:
    state = running.ledger._appender.fold.federation.overlay().state
    assert {one.check: one.status for one in check_federation(state, START)}["rules"] == "ok"
    for coop in COOPS[1:]:
        known = state.coops.get(coop)
        assert known is not None
        state.coops.put(coop, msgspec.structs.replace(known, status="former"))
    told = {one.check: one for one in check_federation(state, START)}["rules"]
    assert told.status == "warning"
    assert "A proposal on charter would need 1 coops behind it" in told.detail


@ON_SQLITE
async def test_a_coop_without_a_steward_is_named(running: Running) -> None:
    state = running.ledger._appender.fold.federation.overlay().state
    assert {one.check: one.status for one in check_federation(state, state.at)}["stewards"] == "ok"
    state.mandates.remove(steward(COOPS[1]))
    told = {one.check: one for one in check_federation(state, state.at)}["stewards"]
    assert told.detail == "Nobody keeps the mandates of Bruma (c2)."


@ON_POSTGRES
async def test_a_host_whose_clock_is_not_the_databases_is_told(running: Running) -> None:
    found = await found_by(settings_of(running.place, running.database), running.clock)
    assert found["clock"].status == "failed"
    assert "the database's" in found["clock"].detail


def break_key(place: Path) -> None:
    (place / "keys" / "log.key").write_text("spoilt")


def open_key(place: Path) -> None:
    (place / "keys" / "log.key").chmod(0o644)


def share_key(place: Path) -> None:
    (place / "keys" / "log.key").chmod(0o640)


def forget(place: Path) -> None:
    (place / "keys" / SIGNED_FILE).unlink()


@pytest.mark.parametrize(
    ("spoil", "check", "status"),
    [
        (break_key, "signing_key", "failed"),
        (open_key, "signing_key", "failed"),
        (share_key, "signing_key", "warning"),
        (forget, "signing_memory", "failed"),
    ],
)
@ON_SQLITE
async def test_keys_that_are_not_well_are_told(
    running: Running, spoil: Callable[[Path], None], check: Check, status: Status
) -> None:
    spoil(running.place)
    assert (await unwell(running))[check] == status


async def test_settings_that_cannot_be_read_stop_everything_else() -> None:
    def missing() -> Settings:
        raise SettingMissing("There is no place to look.")

    found = await examine(missing)
    assert [finding.status for finding in found] == ["failed", *["not_checked"] * (len(CHECKS) - 1)]


async def test_an_empty_place_is_told_and_stays_empty(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, SQLiteDatabase(path=tmp_path / "no" / "f.sqlite"))
    found = await found_by(settings, lambda: Instant("2026-03-01T12:00:00.000000Z"))
    assert found["database"].status == "failed"
    assert found["log"].status == "not_checked"
    assert not list(tmp_path.iterdir())  # noqa: ASYNC240 - a test may wait for its disk


@ON_SQLITE
async def test_little_room_is_told(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    for scarce, nothing, status in ((10**18, 0, "warning"), (10**18, 10**18, "failed")):
        monkeypatch.setattr("app.services.doctor.place._SCARCE", scarce)
        monkeypatch.setattr("app.services.doctor.place._NOTHING", nothing)
        assert await unwell(running) == {"disk": status}
