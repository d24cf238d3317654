"""Bundles rewritten by somebody who holds the log's key: digest, root and signature are right, and what stands in them is not."""

import json
import re
from collections.abc import Iterator

import msgspec
import pytest

from governance.facts import founding, polls
from governance.ids import OPERATOR
from governance.log.keys import SigningKey, format_verifier_key
from governance.records import Record, write_record
from governance.report import Report
from governance.verifier import verify
from tests.governance.forging import bundled, index_of, inserted, left_out, renumbered, rewritten
from tests.governance.rich import rich_world
from tests.governance.small import small_world
from tests.governance.world import KEY, ORIGIN, Founded

OTHER_KEY = SigningKey(name=ORIGIN, seed=bytes(range(1, 33)))
SMALL, RICH = small_world(), rich_world()


def failed(report: Report) -> list[str]:
    return [check.name for check in report.checks if check.status == "failed"]


def detail(report: Report) -> str:
    return next(check.detail for check in report.checks if check.status == "failed")


def with_entries(world: Founded, order: list[int]) -> bytes:
    """The log with its entries, as they are, in another order, some of them left out or twice."""
    return bundled([world.entries[at] for at in order], [world.records[at] for at in order], world.blobs)


@pytest.mark.parametrize("world", [SMALL, RICH], ids=["small", "rich"])
def test_a_log_bundled_anew_holds(world: Founded) -> None:
    assert with_entries(world, list(range(len(world.entries)))) == world.bundle()
    assert rewritten(world.records, world.blobs) == world.bundle()
    assert verify([world.bundle()]).holds


def orders(world: Founded) -> Iterator[list[int]]:
    whole = list(range(len(world.entries)))
    for at in whole[:-1]:
        yield [*whole[:at], *whole[at + 1 :]]
        yield [*whole[:at], at + 1, at, *whole[at + 2 :]]
    for at in whole:
        yield [*whole[: at + 1], *whole[at:]]


def test_every_dropped_doubled_or_swapped_entry_is_found_though_digest_and_signature_are_right() -> None:
    for order in orders(SMALL):
        report = verify([with_entries(SMALL, order)])
        assert failed(report) == ["rules"]


@pytest.mark.parametrize("slice_", range(4))
def test_every_dropped_doubled_or_swapped_entry_of_a_rich_log_is_found(slice_: int) -> None:
    for number, order in enumerate(orders(RICH)):
        if number % 32 == slice_:
            report = verify([with_entries(RICH, order)])
            assert failed(report)[0] in ("rules", "format")


def test_any_two_entries_that_are_swapped_are_found() -> None:
    whole = list(range(len(SMALL.entries)))
    for one in whole:
        for other in whole[one + 1 :]:
            order = list(whole)
            order[one], order[other] = other, one
            assert failed(verify([with_entries(SMALL, order)])) == ["rules"]


def renumberings(records: list[Record]) -> Iterator[tuple[str, list[Record]]]:
    """The log without a record, with it twice, or exchanged with the next, and all positions and times made to fit."""
    for at, record in enumerate(records[:-1]):
        yield f"without {record.type}", left_out(records, at)
        one, other = record, records[at + 1]
        swapped = [msgspec.structs.replace(other, at=one.at), msgspec.structs.replace(one, at=other.at)]
        yield f"{other.type} before {one.type}", renumbered([*records[:at], *swapped, *records[at + 2 :]])
    for at, record in enumerate(records):
        yield f"{record.type} twice", inserted(records, at, record.body, record.actor, record.at)


def test_even_where_positions_and_times_are_made_to_fit_only_the_order_of_ballots_can_be_changed() -> None:
    """Which of two coops voted first changes nothing: the one thing that a key alone allows, and receipts show it."""
    legal = {name for name, records in renumberings(SMALL.records) if verify([rewritten(records, SMALL.blobs)]).holds}
    assert legal == {"ballot.cast before ballot.cast"}


def test_a_log_cut_at_its_end_is_legal_and_only_who_saw_it_longer_can_tell() -> None:
    for length in range(1, len(SMALL.entries)):
        report = verify([with_entries(SMALL, list(range(length)))])
        assert (report.holds, report.size) == (True, length)


def test_a_log_without_any_entry_shows_nothing() -> None:
    report = verify([with_entries(SMALL, [])])
    assert failed(report) == ["entries"]
    assert detail(report).endswith("[log_empty]")


def test_a_ballot_that_was_turned_round_is_found_by_its_count() -> None:
    at = index_of(SMALL.records, polls.BallotCast)
    turned = msgspec.structs.replace(SMALL.records[at].body, choice="no")
    records = list(SMALL.records)
    records[at] = msgspec.structs.replace(records[at], body=turned)
    report = verify([rewritten(records, SMALL.blobs)])
    assert failed(report) == ["rules"]
    assert re.search(r"Entry \d+ \(poll.closed\) .* \[record_illegal\]$", detail(report))


def test_a_log_signed_by_another_key_than_its_first_entry_names_is_found() -> None:
    report = verify([bundled(SMALL.entries, SMALL.records, SMALL.blobs, OTHER_KEY)])
    assert failed(report) == ["entries"]
    assert detail(report).endswith("[bundle_foreign]")


def test_a_log_founded_anew_under_another_key_holds_and_is_told_apart_by_its_key_only() -> None:
    genesis = founding.LogGenesis(origin=ORIGIN, key=format_verifier_key(OTHER_KEY.verifier_key), protocol=1)
    records = [msgspec.structs.replace(SMALL.records[0], body=genesis)]
    entries = [write_record(record) for record in records]
    bundle = bundled(entries, records, {}, OTHER_KEY)
    assert verify([bundle]).holds
    report = verify([bundle], key=format_verifier_key(KEY.verifier_key))
    assert failed(report) == ["key"]
    assert not report.holds


def test_of_a_bit_altered_in_an_entry_and_signed_again_only_nonces_and_times_within_the_rules_are_left_free() -> None:
    for at, entry in enumerate(SMALL.entries):
        for byte in range(at % 6, len(entry), 6):
            flipped = bytearray(entry)
            flipped[byte] ^= 1 << byte % 8
            report = verify(
                [bundled([*SMALL.entries[:at], bytes(flipped), *SMALL.entries[at + 1 :]], SMALL.records, SMALL.blobs)]
            )
            if report.holds:
                before, after = (json.loads(each) for each in (entry, bytes(flipped)))
                assert {name for name in before if before[name] != after[name]} <= {"nonce", "at"}


def test_an_unknown_version_of_a_record_stops_the_verifier_with_a_message_of_its_own() -> None:
    last = SMALL.entries[-1]
    for newer in (last.replace(b'"v":1}', b'"v":2}'), last.replace(b"proposal.enacted", b"proposal.undone")):
        report = verify([bundled([*SMALL.entries[:-1], newer], SMALL.records, SMALL.blobs)])
        assert failed(report) == ["entries"]
        assert "Use a newer version of rochdale." in detail(report)
        assert detail(report).endswith("[record_unknown]")


def test_a_record_of_the_operator_is_found_wherever_it_is_put() -> None:
    late = SMALL.records[index_of(SMALL.records, founding.CoopFounded)]
    for at in range(len(SMALL.records)):
        assert failed(verify([rewritten(inserted(SMALL.records, at, late.body, OPERATOR), SMALL.blobs)])) == ["rules"]
