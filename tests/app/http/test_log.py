"""The log as an auditor's tools read it over HTTP: tiles, entries, blobs, proofs and the bundle."""

import asyncio
import base64
import json
from typing import Any

import pytest

from app.http import log_files
from app.services import published
from governance.commands.register import RedactText
from governance.ids import TextHash
from governance.log.checkpoint import Checkpoint, open_checkpoint
from governance.log.keys import parse_verifier_key
from governance.log.merkle import leaf_hash, root_of, verify_consistency, verify_inclusion
from governance.log.receipt import parse_receipt, verify_receipt
from governance.log.tiles import entry_tiles, format_path, hash_tiles, parse_entries, parse_hashes, tile_node
from governance.verifier import verify
from tests.app.http.served_log import Served
from tests.app.ledger.small_federation import OFFICER, text

pytestmark = pytest.mark.anyio
BEYOND = [
    "0/001",
    "0/000.p/255",
    "1/000.p/1",
    "entries/000.p/255",
    "0/x009/x223/x372/x036/x854/x775/807",
    "63/000",
    "8/001.p/1",
]
OTHER_SPELLINGS = [
    b"/log/tile/0/../0/000.p/8",
    b"/log/tile/0/%2e%2e/0/000.p/8",
    b"/log/tile/0%2f000.p/8",
    b"/log/tile//0/000.p/8",
    b"/log/tile/0/000.p/8/",
    b"/log/tile/0/000.p/08",
    b"/log/tile/00/000.p/8",
    b"/log/tile/0/0.p/8",
    b"/log/tile/0/000/000.p/8",
    b"/log/tile/0/x000/000.p/8",
    b"/log/tile/0/x001/x234",
    b"/log/tile/0/001/234",
    b"/log/tile/64/000",
    b"/log/tile/0/000.p/0",
    b"/log/tile/0/000.p/256",
    b"/log/tile/0/x999/x999/x999/x999/x999/x999/999",
    b"/log/tile/0/x999/x999/x999/x999/x999/x999/x999/x999/999",
    b"/log/tile/Entries/000",
    "/log/tile/0/٠٠٠".encode(),
    b"/log/tile/0/%30%30%30.p/8",
    b"/log/tile/0/%ff",
]
NO_ADDRESSES = [b"/log/../log/tile", b"/log/tile", b"/log", b"/log/tiles/0/000", b"/log/entry/0/0"]
REFUSED = [
    ("/log/entry/24", 404, "entry_unknown"),
    ("/log/receipt/24", 404, "entry_unknown"),
    ("/log/entry/9223372036854775807", 404, "entry_unknown"),
    ("/log/entry/9223372036854775808", 400, "parameter_invalid"),
    ("/log/entry/007", 400, "parameter_invalid"),
    ("/log/entry/-1", 400, "parameter_invalid"),
    ("/log/receipt/+1", 400, "parameter_invalid"),
    ("/log/blob/" + "0" * 64, 404, "blob_unknown"),
    ("/log/blob/" + "A" * 64, 400, "parameter_invalid"),
    ("/log/proof/inclusion?index=2&size=25", 422, "proof_range_invalid"),
    ("/log/proof/inclusion?index=9&size=9", 422, "proof_range_invalid"),
    ("/log/proof/inclusion?index=2", 400, "parameter_invalid"),
    ("/log/proof/inclusion?index=two&size=9", 400, "parameter_invalid"),
    (f"/log/proof/inclusion?index=0&size={2**63}", 400, "parameter_invalid"),
    (f"/log/proof/inclusion?index=0&size={10**30}", 400, "parameter_invalid"),
    ("/log/proof/consistency?old=0&new=9", 422, "proof_range_invalid"),
    ("/log/proof/consistency?old=9&new=8", 422, "proof_range_invalid"),
    ("/log/proof/consistency?old=-1&new=8", 400, "parameter_invalid"),
]


async def checkpoint_of(site: Served) -> Checkpoint:
    """The published checkpoint, once its signature is good."""
    key = parse_verifier_key((await site.client.get("/log/key")).text.strip())
    return open_checkpoint((await site.client.get("/log/checkpoint")).content, key).checkpoint


async def download(site: Served, size: int) -> tuple[list[bytes], dict[str, tuple[bytes, ...]]]:
    """Every entry and every hash tile of a log of some size."""
    entries: list[bytes] = []
    for entry_tile in entry_tiles(size):
        answer = await site.client.get(f"/log/{format_path(entry_tile)}")
        assert answer.status_code == 200
        entries += parse_entries(answer.content, entry_tile.width)
    hashes = {}
    for hash_tile in hash_tiles(size):
        answer = await site.client.get(f"/log/{format_path(hash_tile)}")
        assert answer.status_code == 200
        hashes[format_path(hash_tile)] = parse_hashes(answer.content, hash_tile.width)
    return entries, hashes


async def test_an_auditor_rebuilds_the_whole_tree_from_tiles_while_the_log_grows(site: Served) -> None:
    await site.grow(600)

    async def keep_growing() -> None:
        for _ in range(5):
            await site.grow(40)

    growing = asyncio.create_task(keep_growing())
    for _ in range(3):
        checkpoint = await checkpoint_of(site)
        entries, hashes = await download(site, checkpoint.size)
        leaves = [leaf_hash(entry) for entry in entries]
        assert len(leaves) == checkpoint.size
        assert root_of(leaves) == checkpoint.root
        assert b"".join(b"".join(hashes[path]) for path in sorted(hashes) if path.startswith("tile/0/")) == b"".join(
            leaves
        )
        node = tile_node(checkpoint.size, lambda tile: hashes[format_path(tile)])  # noqa: B023 - read at once
        assert node(8, 1) == root_of(leaves[256:512])
    await growing
    assert (await checkpoint_of(site)).size == site.service.ledger.size


async def test_whole_tiles_are_kept_for_ever_by_whoever_may_have_them(site: Served) -> None:
    await site.grow(300)
    whole = await site.client.get("/log/tile/0/000")
    assert whole.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (await site.client.get("/log/tile/0/000.p/9")).headers["cache-control"] == "public, max-age=60"
    named = await site.client.get("/log/tile/0/000", headers={"Authorization": "Bearer x"})
    assert named.headers["cache-control"] == "private, max-age=31536000, immutable"


async def test_a_tile_beyond_the_checkpoint_is_unknown(site: Served) -> None:
    for path in BEYOND:
        status, body = await site.ask_raw(f"/log/tile/{path}".encode())
        assert (status, json.loads(body)["code"]) == (404, "tile_unknown"), path


async def test_a_tile_has_one_spelling(site: Served) -> None:
    for path in OTHER_SPELLINGS:
        status, body = await site.ask_raw(path)
        assert (status, json.loads(body)["code"]) == (400, "tile_path_invalid"), path


async def test_what_is_no_place_of_the_log_is_no_address(site: Served) -> None:
    for path in NO_ADDRESSES:
        status, body = await site.ask_raw(path)
        assert (status, json.loads(body)["code"]) == (404, "address_unknown"), path


async def test_an_entry_and_its_receipt_are_exact(site: Served) -> None:
    entry = (await site.client.get("/log/entry/3")).content
    receipt = (await site.client.get("/log/receipt/3")).content
    key = parse_verifier_key((await site.client.get("/log/key")).text.strip())
    verify_receipt(parse_receipt(receipt), entry, key)
    assert receipt == await site.service.ledger.receipt(3)


async def test_what_the_log_has_not_is_refused_in_words(site: Served) -> None:
    for path, status, code in REFUSED:
        answer = await site.client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (status, code), path


async def test_proofs_lead_from_what_was_seen_to_the_checkpoint(site: Served) -> None:
    old = await checkpoint_of(site)
    await site.grow(13)
    new = await checkpoint_of(site)
    consistency = (await site.client.get(f"/log/proof/consistency?old={old.size}&new={new.size}")).json()
    verify_consistency(
        old=old.size, old_root=old.root, new=new.size, new_root=new.root, proof=_hashes(consistency["proof"])
    )
    inclusion = (await site.client.get(f"/log/proof/inclusion?index=5&size={new.size}")).json()
    leaf = leaf_hash((await site.client.get("/log/entry/5")).content)
    verify_inclusion(leaf=leaf, index=5, size=new.size, proof=_hashes(inclusion["proof"]), root=new.root)


async def test_the_bundle_verifies_and_has_a_name(site: Served) -> None:
    await site.grow(700)
    answer = await site.client.get("/log/bundle")
    size = site.service.ledger.size
    assert answer.headers["content-disposition"] == f'attachment; filename="log-{size}.bundle"'
    assert answer.headers["cache-control"] == "no-store"
    report = verify([answer.content], key=(await site.client.get("/log/key")).text.strip())
    assert report.holds
    assert report.size == size


async def test_a_text_is_there_until_it_is_erased(site: Served) -> None:
    await site.grow(1)
    hashed, blob = text("Let us.")
    answer = await site.client.get(f"/log/blob/{hashed}")
    assert (answer.content, answer.headers["cache-control"]) == (blob, "no-store")
    assert (await site.client.get(f"/log/blob/{'1' * 64}")).status_code == 404
    await site.service.ledger.submit(RedactText(text=TextHash(hashed), reason="personal_data"), actor=OFFICER)
    gone = await site.client.get(f"/log/blob/{hashed}")
    assert (gone.status_code, gone.json()["code"]) == (410, "text_gone")


async def test_whoever_stops_reading_a_bundle_stops_the_reading(site: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    await site.grow(2_000)
    pages = _count_pages(site, monkeypatch)
    gone, messages = asyncio.Event(), []

    async def receive() -> dict[str, Any]:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        messages.append(message)
        if message["type"] == "http.response.body":
            gone.set()
            await asyncio.Event().wait()

    async with asyncio.timeout(10):
        await site.app(site.scope("/log/bundle"), receive, send)  # type: ignore[arg-type]  # our own
    assert messages[0]["status"] == 200
    assert len(messages) == 2
    assert pages[0] < 4
    assert not site.service.published.downloads.locked()
    assert site.service.published.downloads._value == published._DOWNLOADS


async def test_a_bundle_that_nobody_takes_is_given_up(site: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_files, "_PATIENCE", 0.0)

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    async def send(_: Any) -> None:
        await asyncio.Event().wait()

    async with asyncio.timeout(10):
        await site.app(site.scope("/log/bundle"), receive, send)  # type: ignore[arg-type]  # our own
    assert site.service.published.downloads._value == published._DOWNLOADS


async def test_only_so_many_bundles_are_sent_at_once(site: Served) -> None:
    for _ in range(published._DOWNLOADS):
        await site.service.published.downloads.acquire()
    busy = await site.client.get("/log/bundle")
    assert (busy.status_code, busy.json()["code"]) == (503, "bundle_busy")
    assert busy.headers["retry-after"]


def _hashes(proof: list[str]) -> list[bytes]:
    return [base64.b64decode(step) for step in proof]


def _count_pages(site: Served, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts how many pages of entries are read."""
    counted, run = [0], site.service.engine.run_querystring

    async def counting(query: Any, *args: Any, **more: Any) -> Any:
        counted[0] += 'FROM "log_entry"' in str(query)
        return await run(query, *args, **more)

    monkeypatch.setattr(site.service.engine, "run_querystring", counting)
    return counted
