import asyncio
import io

import pytest

from app.ledger.errors import ArticleTextInvalid, BlobNotNamed, StepBlocked, TextErased, TextNotStored
from app.settings import SQLiteDatabase
from governance.charter import Add
from governance.commands.proposals import Comment, Submit
from governance.commands.register import RedactText
from governance.effect import AmendCharter, Resolve
from governance.ids import ArticleId, PollId, ProposalId
from governance.log.bundle import BlobFrame, read_bundle
from governance.log.errors import BlobDomainUnknown
from tests.app.ledger.small_federation import COOPS, OFFICER, MovedClock, Running, article, delegate, text

pytestmark = pytest.mark.anyio
WORDS, BLOB = text("A comment that somebody regrets.")


def comment(hashed: str = WORDS) -> Comment:
    return Comment(proposal=ProposalId("p1"), text=hashed)


def amendment(hashed: str) -> AmendCharter:
    return AmendCharter(base=1, operations=(Add(article=ArticleId("second"), text=hashed),))


async def test_a_text_that_is_neither_sent_nor_stored_is_refused(running: Running) -> None:
    await running.propose()
    with pytest.raises(TextNotStored):
        await running.ledger.submit(comment(), actor=delegate(COOPS[0]))


async def test_a_stored_text_can_be_named_again(running: Running) -> None:
    await running.propose()
    await running.ledger.submit(comment(), actor=delegate(COOPS[0]), blobs=(BLOB,))
    await running.ledger.submit(comment(), actor=delegate(COOPS[1]))
    await running.ledger.submit(comment(), actor=delegate(COOPS[2]), blobs=(BLOB,))
    assert len(await running.rows("SELECT address FROM blob WHERE address = ?", WORDS)) == 1


async def test_a_text_that_nothing_names_is_refused(running: Running) -> None:
    await running.propose()
    with pytest.raises(BlobNotNamed):
        await running.ledger.submit(comment(), actor=delegate(COOPS[0]), blobs=(BLOB, text("Another.")[1]))


async def test_bytes_that_are_no_text_are_refused(running: Running) -> None:
    await running.propose()
    with pytest.raises(BlobDomainUnknown):
        await running.ledger.submit(comment(), actor=delegate(COOPS[0]), blobs=(b"<script>",))


async def test_an_erased_text_is_gone_from_the_database_and_the_bundle_and_cannot_come_back(running: Running) -> None:
    await running.propose()
    await running.ledger.submit(comment(), actor=delegate(COOPS[0]), blobs=(BLOB,))
    await running.ledger.submit(RedactText(text=WORDS, reason="personal_data"), actor=OFFICER)
    with pytest.raises(TextErased):
        await running.ledger.submit(comment(), actor=delegate(COOPS[0]), blobs=(BLOB,))
    bundle = io.BytesIO()
    await running.ledger.write_bundle(bundle)
    assert WORDS not in {frame.address for frame in read_bundle([bundle.getvalue()]) if isinstance(frame, BlobFrame)}
    assert not await running.rows("SELECT address FROM blob WHERE address = ?", WORDS)
    if isinstance(running.database, SQLiteDatabase):
        path = running.database.path
        for file in (path, path.with_name(path.name + "-wal")):
            assert b"somebody regrets" not in file.read_bytes()


async def test_an_electorate_is_not_erased_as_a_text(running: Running) -> None:
    await running.propose()
    (row,) = await running.rows("SELECT address FROM blob WHERE kind = 'electorate'")
    with pytest.raises(TextNotStored):
        await running.ledger.submit(RedactText(text=str(row["address"]), reason="unlawful"), actor=OFFICER)


async def test_an_amendment_of_the_charter_is_enacted_by_itself_with_its_text(
    running: Running, clock: MovedClock
) -> None:
    hashed, blob = article("Second")
    poll = await running.propose(amendment(hashed), blob)
    await running.carry(poll)
    clock.move(hours=1)
    await running.ledger.tick()
    rows = await running.rows("SELECT article, heading FROM charter_article WHERE version = 2 ORDER BY position")
    assert [row["heading"] for row in rows] == ["Second", "First"]


async def test_a_text_that_cannot_be_an_article_is_refused_when_it_is_proposed(running: Running) -> None:
    hashed, blob = text("Not JSON.")
    with pytest.raises(ArticleTextInvalid):
        await running.propose(amendment(hashed), blob)
    await running.propose(Resolve())
    await running.ledger.submit(comment(hashed), actor=delegate(COOPS[0]), blobs=(blob,))
    with pytest.raises(ArticleTextInvalid):
        await running.propose(amendment(hashed))


async def test_an_electorate_is_stored_once_for_all_votes_that_share_it(running: Running) -> None:
    await running.propose()
    await running.propose(words="Again.")
    assert len(await running.rows("SELECT address FROM blob WHERE kind = 'electorate'")) == 1


async def test_a_text_can_be_brought_by_an_earlier_command_of_the_same_batch(running: Running) -> None:
    await running.propose()
    first = asyncio.ensure_future(running.ledger.submit(comment(), actor=delegate(COOPS[0]), blobs=(BLOB,)))
    second = asyncio.ensure_future(running.ledger.submit(comment(), actor=delegate(COOPS[1])))
    assert (await second).seq == (await first).seq + 1


async def test_a_proposal_brings_its_own_text(running: Running) -> None:
    hashed, _ = text("Missing.")
    with pytest.raises(TextNotStored):
        await running.ledger.submit(Submit(effect=Resolve(), text=hashed), actor=delegate(COOPS[0]))


async def test_a_decision_does_not_lapse_because_its_text_was_lost(running: Running, clock: MovedClock) -> None:
    hashed, blob = article("Second")
    poll = await running.propose(amendment(hashed), blob)
    await running.carry(poll)
    await running.change("DELETE FROM blob WHERE address = ?", hashed)
    clock.move(hours=1)
    with pytest.raises(StepBlocked):
        await running.ledger.tick()
    await running.change("INSERT INTO blob VALUES (?, ?, 'text', 1)", hashed, blob)
    await running.ledger.tick()
    assert await running.rows("SELECT stage FROM proposal") == [{"stage": "in_force"}]


async def test_an_amendment_whose_text_was_erased_lapses(running: Running, clock: MovedClock) -> None:
    hashed, blob = article("Second")
    await running.propose(amendment(hashed), blob)
    await running.ledger.submit(RedactText(text=hashed, reason="unlawful"), actor=OFFICER)
    for coop in COOPS:
        await running.cast(PollId("p1.v1"), coop)
    clock.move(days=7, hours=2)
    await running.ledger.tick()
    clock.move(hours=2)
    await running.ledger.tick()
    rows = await running.rows("SELECT stage, lapse_reason FROM proposal")
    assert rows == [{"stage": "lapsed", "lapse_reason": "redacted"}]
