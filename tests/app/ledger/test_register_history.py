"""The register at any date, from the tables alone: what it says is what the federation's own memory says."""

from fractions import Fraction
from typing import Any

import msgspec
import pytest

from governance.commands.register import DeclareNumber, DeclareServices, Leave
from governance.effect import Admit, CorrectName, CorrectNumber, Reinstate, Suspend
from governance.exact import exact_text
from governance.ids import MandateId
from governance.instants import Instant
from governance.register import COOPERATORS, Coop, counted, register_as_of
from tests.app.ledger.small_federation import COOPS, START, MovedClock, Running, steward

pytestmark = pytest.mark.anyio
THIRD = COOPS[2]
STANDING = """SELECT * FROM coop_change AS present WHERE seq = (
    SELECT MAX(seq) FROM coop_change WHERE coop = present.coop AND at <= ?
) ORDER BY coop"""
NUMBERS = """SELECT coop, fact, number FROM coop_fact AS present WHERE position = (
    SELECT MAX(position) FROM coop_fact
    WHERE coop = present.coop AND fact = present.fact AND counts_from <= ? AND contested_by IS NULL
) ORDER BY coop, fact"""


async def changeful(running: Running, clock: MovedClock) -> None:
    """Let everything change of one coop that the register says."""

    async def decided(effect: Any) -> None:
        poll = await running.propose(effect)
        for coop in COOPS[:2]:
            await running.cast(poll, coop)
        clock.move(days=7)
        await running.ledger.tick()

    newcomer = MandateId(f"m-{'d' * 32}")
    again = Admit(name="Duna", country="UY", category="full", cooperators=9, steward=newcomer, coop=THIRD)
    await running.ledger.submit(DeclareServices(services=("Hosting", "Educación")), actor=steward(THIRD))
    await running.ledger.submit(DeclareNumber(fact="dues", number=Fraction(5, 2)), actor=steward(THIRD))
    await decided(CorrectNumber(coop=THIRD, fact=COOPERATORS, number=Fraction(4)))
    await decided(CorrectName(coop=THIRD, name="Cardenal"))
    await decided(Suspend(coop=THIRD))
    await decided(Reinstate(coop=THIRD))
    await running.ledger.submit(Leave(), actor=steward(THIRD))
    clock.move(days=60)
    await decided(again)


def shown(coop: Coop) -> dict[str, object]:
    """A coop as a row of the table."""
    return {
        "id": f"{coop.id}/{len(coop.earlier)}",
        "coop": coop.id,
        "seq": coop.seq,
        "at": coop.at,
        "name": coop.name,
        "country": coop.country,
        "category": coop.category,
        "status": coop.status,
        "since": coop.since,
        "member_since": coop.member_since,
        "good_standing": int(coop.good_standing),
        "services": msgspec.json.encode(coop.services).decode(),
    }


async def test_a_row_is_kept_of_each_change_and_none_of_a_number(running: Running, clock: MovedClock) -> None:
    await changeful(running, clock)
    rows = await running.rows("SELECT id, name, status, services FROM coop_change WHERE coop = 'c3' ORDER BY seq")
    offered = '["Hosting","Educación"]'
    assert [tuple(row.values()) for row in rows] == [
        ("c3/0", "Cardon", "member", "[]"),
        ("c3/1", "Cardon", "member", offered),
        ("c3/2", "Cardenal", "member", offered),
        ("c3/3", "Cardenal", "suspended", offered),
        ("c3/4", "Cardenal", "member", offered),
        ("c3/5", "Cardenal", "former", offered),
        ("c3/6", "Duna", "member", "[]"),
    ]


async def test_at_each_instant_the_tables_say_of_the_register_what_the_federation_remembers(
    running: Running, clock: MovedClock
) -> None:
    await changeful(running, clock)
    coops = tuple(running.ledger._appender.fold.federation.state.coops.values())
    instants = [Instant(row["at"]) for row in await running.rows("SELECT DISTINCT at FROM log_entry ORDER BY at")]
    assert [len(register_as_of(coops, at)) for at in (START, instants[0])] == [0, 3]
    for at in (START, *instants):
        remembered = register_as_of(coops, at)
        assert await running.rows(STANDING, at) == [shown(coop) for coop in remembered]
        numbers = {(coop.id, fact): counted(coop, fact, at) for coop in remembered for fact in coop.facts}
        found = {(row["coop"], row["fact"]): row["number"] for row in await running.rows(NUMBERS, at)}
        assert found == {key: exact_text(number) for key, number in numbers.items() if number is not None}


async def test_a_rebuild_gives_the_same_history_and_mends_one_that_was_tampered_with(
    running: Running, clock: MovedClock
) -> None:
    await changeful(running, clock)
    assert all(table.differ == 0 for table in await running.ledger.rebuild())
    await running.change("UPDATE coop_change SET status = 'member' WHERE id = 'c3/3'")
    found = {one.table: one.keys for one in await running.ledger.rebuild() if one.differ}
    assert found == {"coop_change": ("c3/3",)}
    assert all(table.differ == 0 for table in await running.ledger.rebuild())
