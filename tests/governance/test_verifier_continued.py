"""What the verifier says of a log that went on after a loss: that it did, and whatever is not as it was signed."""

from typing import Any

import msgspec
import pytest

from governance.log.keys import SigningKey, format_verifier_key
from governance.report import Report
from governance.verifier import verify
from tests.governance.forging import rewritten
from tests.governance.lost import AFTER, bundle_of, go_on, last_word, restored
from tests.governance.small import small_world
from tests.governance.test_verifier import KEY_TEXT, detail, failed
from tests.governance.world import DAY, KEY, ORIGIN, Founded

AFTER_TEXT = format_verifier_key(AFTER.verifier_key)


def continued(**changes: Any) -> tuple[Founded, Founded, int]:
    """A federation, what goes on after it lost entries, and how many are left."""
    world = Founded(3)
    world.submit()
    size = len(world.entries)
    world.wait(8 * DAY)
    left = restored(world, size)
    go_on(left, world.entries, **changes)
    left.wait(8 * DAY)
    return world, left, size


def test_both_bundles_hold_each_under_its_own_key_and_the_loss_is_told() -> None:
    world, left, size = continued()
    assert verify([world.bundle()], key=KEY_TEXT).holds
    report = verify([bundle_of(left)], key=AFTER_TEXT)
    assert report.holds
    (told,) = report.continuations
    assert (told.seq, told.signed, told.lost) == (size, len(world.entries), len(world.entries) - size)
    assert (told.origin_before, told.key_before) == (ORIGIN, KEY_TEXT)
    assert (told.origin, told.key) == (report.origin, report.key) == (AFTER.verifier_key.name, AFTER_TEXT)
    assert told.at == left.records[size].at


def test_whoever_knows_the_key_before_is_told_why_it_is_not_that() -> None:
    _, left, _ = continued()
    report = verify([bundle_of(left)], key=KEY_TEXT)
    assert failed(report) == ["key"]
    assert "named the one after it when entries were lost" in detail(report, "key")
    stranger = verify([bundle_of(left)], key=format_verifier_key(SigningKey(name=ORIGIN, seed=bytes(32)).verifier_key))
    assert "named the one after" not in detail(stranger, "key")


def foreign(bundle: bytes) -> Report:
    report = verify([bundle])
    assert failed(report) == ["entries"]
    assert detail(report, "entries").endswith("[bundle_foreign]")
    return report


def test_the_header_names_the_key_with_which_the_log_ends() -> None:
    _, left, _ = continued()
    foreign(bundle_of(left, KEY))
    small = small_world()
    foreign(bundle_of(small, AFTER))


def test_where_nothing_is_known_to_be_lost_the_last_word_is_about_what_is_there() -> None:
    world = Founded(3)
    go_on(world, world.entries)
    assert verify([bundle_of(world)], key=AFTER_TEXT).continuations[0].lost == 0
    other = Founded(3)
    go_on(other, other.entries, lost=last_word([*other.entries[:-1], b"{}"]))
    report = verify([bundle_of(other)])
    assert failed(report) == ["checkpoints"]
    assert detail(report, "checkpoints").endswith("[root_mismatch]")


@pytest.mark.parametrize(("lost", "check"), [("nothing", "checkpoints"), (None, "rules")])
def test_nobody_else_lets_a_log_go_on(lost: str | None, check: str) -> None:
    world, left, size = continued()
    stranger = SigningKey(name=ORIGIN, seed=bytes(32))
    forged = msgspec.structs.replace(left.records[size].body, lost=lost or last_word(world.entries, stranger))
    left.records[size] = msgspec.structs.replace(left.records[size], body=forged)
    assert failed(verify([rewritten(left.records[: size + 1], left.blobs)])) == [check]
