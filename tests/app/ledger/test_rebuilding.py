import asyncio
import io
from pathlib import Path

import pytest

from app.ledger.errors import EntryUnknown
from app.ledger.projecting import PROJECT
from app.settings import Database
from app.store.tables import PROJECTIONS
from governance.charter import Add, Strike, content_digest
from governance.commands.proposals import Comment, PutAmendment, Submit, SuggestAmendment, Withdraw
from governance.commands.register import AttestSteward, DeclareServices, RedactText
from governance.effect import (
    Admit,
    AmendCharter,
    ChangeRules,
    Effect,
    Expel,
    Ratify,
    Resolve,
    SetRule,
    StrikeRule,
)
from governance.facts.registry import NAMES
from governance.ids import AmendmentId, ArticleId, Digest, MandateId, Matter, ProposalId
from governance.log.bundle import BlobFrame, CheckpointFrame, EntryFrame, HeaderFrame, read_bundle
from governance.value import Value
from governance.verifier import verify
from tests.app.ledger.small_federation import (
    COOPS,
    OFFICER,
    MovedClock,
    Running,
    article,
    delegate,
    rule,
    steward,
    text,
)

pytestmark = pytest.mark.anyio


def test_every_fact_has_its_projection() -> None:
    assert set(PROJECT) == set(NAMES)


async def eventful(running: Running) -> None:
    """Let nearly everything happen that a table shows."""
    hashed, blob = article("Second")
    (row,) = await running.rows("SELECT founding FROM federation")
    base = content_digest(running.ledger._appender.fold.federation.state.charter.articles[0].content)
    effects: list[tuple[Effect, tuple[bytes, ...]]] = [
        (Ratify(digest=Digest(str(row["founding"]))), ()),
        (Resolve(), ()),
        (Resolve(supersedes=(ProposalId("p2"),)), ()),
        (
            Admit(name="Dalia", country="UY", category="full", cooperators=9, steward=MandateId(f"m-{'d' * 32}")),
            (),
        ),
        (AmendCharter(base=1, operations=(Add(article=ArticleId("second"), text=hashed),)), (blob,)),
        (AmendCharter(base=2, operations=(Strike(article=ArticleId("first"), base=base),)), ()),
        (ChangeRules(changes=(SetRule(rule=rule("membership.expel"), base=None),)), ()),
        (ChangeRules(changes=(StrikeRule(matter=Matter("membership.expel"), base=1),)), ()),
        (Expel(coop=COOPS[2]), ()),
    ]
    for number, (effect, blobs) in enumerate(effects):
        poll = await running.propose(effect, *blobs, words=f"Number {number}.")
        for coop in COOPS[:2]:
            await running.cast(poll, coop)
        running.clock.move(days=7)
        await running.ledger.tick()
        running.clock.move(hours=1)
        await running.ledger.tick()
    await running.cast(await running.propose(), COOPS[0])
    regretted, written = text("A comment that somebody regrets.")
    said: tuple[tuple[MandateId, Value, tuple[bytes, ...]], ...] = (
        (steward(COOPS[0]), DeclareServices(services=("hosting", "web design")), ()),
        (delegate(COOPS[0]), AttestSteward(coop=COOPS[1], steward=MandateId(f"m-{'e' * 32}")), ()),
        (delegate(COOPS[0]), Comment(proposal=ProposalId("p1"), text=regretted), (written,)),
        (OFFICER, RedactText(text=regretted, reason="personal_data"), ()),
    )
    for actor, command, blobs in said:
        await running.ledger.submit(command, actor=actor, blobs=blobs)


async def test_a_vote_that_ends_with_its_proposal_is_shown_as_dropped(running: Running) -> None:
    hashed, blob = text("Let us merge.")
    proposal, amendment = ProposalId("p1"), AmendmentId("p1.a1")
    for coop, command, blobs in (
        (COOPS[0], Submit(effect=Resolve(narrowing="merge"), text=hashed), (blob,)),
        (COOPS[1], SuggestAmendment(proposal=proposal, text=hashed), ()),
        (COOPS[2], PutAmendment(amendment=amendment), ()),
    ):
        await running.ledger.submit(command, actor=delegate(coop), blobs=blobs)
    assert await running.rows("SELECT status, purpose FROM poll") == [{"status": "open", "purpose": "amendment"}]
    await running.ledger.submit(Withdraw(proposal=proposal), actor=delegate(COOPS[0]))
    assert await running.rows("SELECT status FROM poll") == [{"status": "dropped"}]
    assert all(table.differ == 0 for table in await running.ledger.rebuild())


async def test_a_rebuild_and_ballots_take_turns(running: Running) -> None:
    poll = await running.propose()
    casting = [asyncio.ensure_future(running.cast(poll, coop)) for coop in COOPS]
    compared = [await running.ledger.rebuild() for _ in range(5)]
    await asyncio.gather(*casting)
    assert all(table.differ == 0 for tables in compared for table in tables)
    assert await running.rows("SELECT COUNT(*) AS n FROM ballot") == [{"n": 3}]


async def test_a_rebuild_finds_nothing_where_nothing_was_touched(running: Running) -> None:
    await eventful(running)
    compared = await running.ledger.rebuild()
    assert [table.table for table in compared] == [table._meta.tablename for table in PROJECTIONS]
    assert all(table.differ == 0 for table in compared)
    # A living log does not lose entries: `tests/app/services/restoring/test_continuing.py` rebuilds one that went on after that.
    assert [table.table for table in compared if not table.before == table.after > 0] == ["log_continuation"]


async def test_the_projections_show_what_happened(running: Running) -> None:
    await eventful(running)
    stages = await running.rows("SELECT stage FROM proposal ORDER BY number")
    assert [row["stage"] for row in stages] == ["in_force", "superseded", *["in_force"] * 7, "voting"]
    assert await running.rows("SELECT number, superseded_by FROM resolution ORDER BY number") == [
        {"number": 1, "superseded_by": "p3"},
        {"number": 2, "superseded_by": None},
    ]
    assert [row["status"] for row in await running.rows("SELECT status FROM coop ORDER BY number")] == [
        "member",
        "member",
        "former",
        "member",
    ]
    assert await running.rows("SELECT ratified_by, charter_version FROM federation") == [
        {"ratified_by": "p1", "charter_version": 3}
    ]
    (struck,) = await running.rows("SELECT until FROM rule WHERE matter = 'membership.expel'")
    assert struck["until"]


@pytest.mark.parametrize(
    ("tampering", "table", "keys"),
    [
        ("UPDATE coop SET name = 'Mine' WHERE id = 'c1'", "coop", ("c1",)),
        ("DELETE FROM mandate WHERE role = 'officer'", "mandate", (f"m-{'f' * 32}",)),
        ("INSERT INTO resolution (number, proposal, since) VALUES (7, 'p7', 'now')", "resolution", ("7",)),
    ],
)
async def test_a_rebuild_finds_and_mends_a_projection_that_was_tampered_with(
    running: Running, tampering: str, table: str, keys: tuple[str, ...]
) -> None:
    await running.change(tampering)
    found = {one.table: one for one in await running.ledger.rebuild() if one.differ}
    assert set(found) == {table}
    assert found[table].keys == keys
    assert all(one.differ == 0 for one in await running.ledger.rebuild())


async def test_a_ledger_goes_on_after_a_rebuild(running: Running) -> None:
    poll = await running.propose()
    await running.ledger.rebuild()
    await running.cast(poll, COOPS[0])


async def test_a_bundle_has_every_entry_each_blob_before_its_use_and_the_checkpoints_wanted(running: Running) -> None:
    await eventful(running)
    file = io.BytesIO()
    await running.ledger.write_bundle(file, sizes=(1, 20))
    frames = list(read_bundle([file.getvalue()]))
    assert isinstance(frames[0], HeaderFrame)
    assert frames[0].key == running.signer.verifier_key
    notes = [frame.checkpoint.size for frame in frames if isinstance(frame, CheckpointFrame)]
    assert notes == [1, 20, running.ledger.size]
    seen: set[str] = set()
    entries = 0
    stored = {str(row["address"]) for row in await running.rows("SELECT address FROM blob")}
    for frame in frames:
        if isinstance(frame, BlobFrame):
            seen.add(frame.address)
        elif isinstance(frame, EntryFrame):
            entries += 1
            named = {address for address in stored if address.encode() in frame.entry}
            assert named <= seen
    assert seen == stored
    assert entries == running.ledger.size


async def test_a_bundle_has_no_checkpoint_where_there_is_no_log(running: Running) -> None:
    with pytest.raises(EntryUnknown):
        await running.ledger.write_bundle(io.BytesIO(), sizes=(running.ledger.size + 1,))


async def test_an_empty_log_has_no_bundle(tmp_path: Path, clock: MovedClock, database: Database) -> None:
    async with Running(tmp_path, clock, database=database) as running:
        with pytest.raises(EntryUnknown):
            await running.ledger.write_bundle(io.BytesIO())


async def test_the_bundle_of_a_living_federation_holds_before_the_verifier(running: Running) -> None:
    await eventful(running)
    file = io.BytesIO()
    await running.ledger.write_bundle(file, sizes=(20,))
    report = verify([file.getvalue()])
    assert report.holds, report.checks
    assert report.size == running.ledger.size
