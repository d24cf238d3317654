"""What the verifier says of a log whose key was replaced: from which key to which, and whatever is signed by the wrong one."""

from governance.facts.rotating import LogKeyRotated
from governance.log.keys import SigningKey, format_verifier_key
from governance.records import write_record
from governance.verifier import verify
from tests.governance import lost
from tests.governance.forging import altered, bundled
from tests.governance.small import small_world
from tests.governance.test_verifier import KEY_TEXT, detail, failed
from tests.governance.turned import (
    SECOND,
    SECOND_TEXT,
    THIRD,
    THIRD_TEXT,
    agreed,
    bundle_signed,
    rotated_world,
    turn,
)
from tests.governance.world import KEY, ORIGIN, Founded


def test_the_chain_is_followed_from_the_first_key_to_the_last() -> None:
    world = Founded(6)
    proposal = world.submit()
    world.until_open(proposal)
    world.vote(proposal, yes=[1, 2])
    first = len(world.entries)
    turn(world)
    world.vote(proposal, yes=[3, 4, 5])
    turn(world, SECOND, THIRD)
    world.until_closed(proposal)
    bundle = bundled(world.entries, world.records, world.blobs, THIRD)
    report = verify([bundle], key=THIRD_TEXT)
    assert report.holds
    assert (report.origin, report.key) == (ORIGIN, THIRD_TEXT)
    assert [(one.key_before, one.key) for one in report.rotations] == [
        (KEY_TEXT, SECOND_TEXT),
        (SECOND_TEXT, THIRD_TEXT),
    ]
    assert (report.rotations[0].seq, report.rotations[0].at) == (first, world.records[first].at)
    for before in (KEY_TEXT, SECOND_TEXT):
        told = verify([bundle], key=before)
        assert failed(told) == ["key"]
        assert "until it named the one that replaced it" in detail(told, "key")
    stranger = verify([bundle], key=format_verifier_key(SigningKey(name=ORIGIN, seed=bytes(32)).verifier_key))
    assert failed(stranger) == ["key"]
    assert "until it named" not in detail(stranger, "key")


def test_the_header_names_the_key_with_which_the_log_ends() -> None:
    world = rotated_world()
    for key in (KEY, THIRD):
        report = verify([bundled(world.entries, world.records, world.blobs, key)])
        assert "entries" in failed(report) or "checkpoints" in failed(report)
        assert not report.holds
    assert failed(verify([bundle_signed(world, KEY, {len(world.entries): SECOND})])) == ["entries"]


def test_each_checkpoint_is_signed_by_the_key_of_its_size_or_the_last() -> None:
    world = Founded(3)
    turn(world)
    middle = len(world.entries)
    turn(world, SECOND, THIRD)
    end = len(world.entries)
    for before, between, holds in (
        (KEY, SECOND, True),
        (THIRD, THIRD, True),
        (KEY, KEY, False),
        (SECOND, SECOND, False),
        (KEY, SigningKey(name=ORIGIN, seed=bytes(32)), False),
    ):
        report = verify(
            [bundle_signed(world, THIRD, {middle - 1: before, middle: between, end: THIRD})], key=THIRD_TEXT
        )
        assert report.holds is holds
        assert holds or detail(report, "checkpoints").endswith("[note_unsigned]")
    late = verify([bundle_signed(world, THIRD, {end: SECOND})], key=THIRD_TEXT)
    assert failed(late) == ["checkpoints"]
    early = verify([bundle_signed(world, THIRD, {0: KEY, end: THIRD})])
    assert detail(early, "checkpoints").endswith("[note_unsigned]")


def test_a_checkpoint_of_a_log_that_went_on_has_the_last_key_only() -> None:
    world = Founded(3)
    lost.go_on(world, world.entries)
    after = SigningKey(name=lost.AFTER.verifier_key.name, seed=bytes(32))
    turn(world, lost.AFTER, after)
    report = verify([bundled(world.entries, world.records, world.blobs, after)])
    assert report.holds
    assert (len(report.continuations), len(report.rotations)) == (1, 1)


def test_both_keys_signed_what_stands_before_the_record() -> None:
    world = rotated_world()
    at = len(world.records) - 1
    other = agreed([*world.entries[:-2], b"{}"])

    def change(body: LogKeyRotated) -> LogKeyRotated:
        return LogKeyRotated(agreed=other, key=body.key)

    records = altered(world.records, at, change)
    entries = [write_record(record) for record in records]
    report = verify([bundled(entries, records, world.blobs, SECOND)])
    assert failed(report) == ["checkpoints"]
    assert detail(report, "checkpoints").endswith("[root_mismatch]")


def test_a_log_whose_key_was_not_replaced_tells_of_none() -> None:
    assert verify([small_world().bundle()]).rotations == ()
