"""The verifier's checks, each held and failed by itself, and what its report says."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from governance.commands.proposals import Comment
from governance.commands.register import RedactText
from governance.log.blob import text_blob
from governance.log.bundle import BlobFrame, BundleWriter, CheckpointFrame, EntryFrame, HeaderFrame, read_bundle
from governance.log.checkpoint import Checkpoint, sign_checkpoint
from governance.log.keys import SigningKey, format_verifier_key
from governance.report import TITLES, Report, fingerprint_of
from governance.verifier import _Run, verify
from tests.governance.rich import rich_world
from tests.governance.small import small_world
from tests.governance.world import KEY, ORIGIN, Founded, World

KEY_TEXT = format_verifier_key(KEY.verifier_key)
STRANGER = format_verifier_key(SigningKey(name=ORIGIN, seed=bytes(32)).verifier_key)
GOLDEN = Path(__file__).parents[1] / "vectors" / "verifier" / "report.json"


def statuses(report: Report) -> dict[str, str]:
    return {check.name: check.status for check in report.checks}


def failed(report: Report) -> list[str]:
    return [check.name for check in report.checks if check.status == "failed"]


def detail(report: Report, name: str) -> str:
    return next(check.detail for check in report.checks if check.name == name)


def rebuilt(
    world: World,
    *,
    drop: Callable[[bytes], bool] = lambda blob: False,
    before: Callable[[int, BundleWriter], None] = lambda at, writer: None,
    note: bytes | None = None,
) -> bytes:
    """The bundle again, without some blobs, with something before an entry or the checkpoint, or with another checkpoint."""
    pieces: list[bytes] = []
    writer = BundleWriter(pieces.append)
    at = 0
    for frame in read_bundle([world.bundle()]):
        match frame:
            case HeaderFrame(key=key, size=size):
                writer.header(key, size)
            case BlobFrame(blob=blob):
                if not drop(blob):
                    writer.blob(blob)
            case EntryFrame(entry=entry):
                before(at, writer)
                at += 1
                writer.entry(entry)
            case CheckpointFrame(note=signed):
                before(at, writer)
                writer.checkpoint(note or signed)
    writer.close()
    return b"".join(pieces)


def test_every_check_has_a_title_and_holds_for_an_honest_log() -> None:
    report = verify([rich_world().bundle()], key=KEY_TEXT)
    assert report.holds
    assert statuses(report) == dict.fromkeys(TITLES, "held")
    assert all(check.detail for check in report.checks)


def test_the_report_of_a_tiny_history_is_frozen() -> None:
    report = verify([small_world().bundle()], key=KEY_TEXT)
    said = msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n"
    assert said == GOLDEN.read_text(encoding="utf-8")


def test_a_key_that_was_not_given_is_reported_as_not_checked() -> None:
    report = verify([small_world().bundle()])
    assert report.holds
    assert statuses(report) == {**dict.fromkeys(TITLES, "held"), "key": "not_checked"}
    assert (report.key, report.fingerprint) == (KEY_TEXT, fingerprint_of(KEY_TEXT))


@pytest.mark.parametrize("key", [STRANGER, "", KEY_TEXT + "\n", KEY_TEXT.swapcase()])
def test_another_key_than_the_one_given_fails_and_the_rest_is_still_checked(key: str) -> None:
    report = verify([small_world().bundle()], key=key)
    assert not report.holds
    assert statuses(report) == {**dict.fromkeys(TITLES, "held"), "key": "failed"}
    assert detail(report, "key").endswith("[key_foreign]")


def test_a_fingerprint_is_eight_groups_of_four_digits() -> None:
    assert fingerprint_of(KEY_TEXT) == "8024 81ce 2ca6 b9cf afe7 d543 f217 2dee"


def test_what_is_no_bundle_fails_as_such_and_nothing_else_is_said_to_hold() -> None:
    report = verify([b"PK\x03\x04"])
    assert statuses(report) == {**dict.fromkeys(TITLES, "not_checked"), "format": "failed"}
    assert (report.holds, report.size, report.origin, report.key) == (False, 0, "", "")


def test_a_checkpoint_that_is_not_the_logs_fails() -> None:
    world = small_world()
    for key, root, code in (
        (SigningKey(name=ORIGIN, seed=bytes(32)), bytes(32), "note_unsigned"),
        (KEY, bytes(32), "root_mismatch"),
    ):
        note = sign_checkpoint(Checkpoint(origin=ORIGIN, size=len(world.entries), root=root), key)
        report = verify([rebuilt(world, note=note)])
        assert failed(report) == ["checkpoints"]
        assert detail(report, "checkpoints").endswith(f"[{code}]")


def test_checkpoints_in_between_are_checked_as_well() -> None:
    def signed(at: int, writer: BundleWriter) -> None:
        if at == 9:
            writer.checkpoint(sign_checkpoint(Checkpoint(origin=ORIGIN, size=9, root=bytes(32)), KEY))

    assert failed(verify([rebuilt(small_world(), before=signed)])) == ["checkpoints"]


def test_a_checkpoint_before_any_header_is_none() -> None:
    frame = next(frame for frame in read_bundle([small_world().bundle()]) if isinstance(frame, CheckpointFrame))
    _Run(None, None).take([frame])


def test_a_missing_voter_roll_fails() -> None:
    report = verify([rebuilt(small_world(), drop=lambda blob: blob.startswith(b"rochdale/electorate"))])
    assert failed(report) == ["electorates"]
    assert "1 voter rolls are missing" in detail(report, "electorates")


def test_a_missing_text_fails() -> None:
    report = verify([rebuilt(small_world(), drop=lambda blob: blob.startswith(b"rochdale/text"))])
    assert failed(report) == ["texts"]
    assert "1 texts are missing without a redaction" in detail(report, "texts")


def test_a_missing_text_whose_redaction_stands_in_the_log_is_told_and_does_not_fail() -> None:
    world = Founded(3)
    text = world.text("Personal things.")
    world.ask(Comment(proposal=world.submit(), text=text), world.c(2))
    world.ask(RedactText(text=text, reason="personal_data"), world.officer)
    for gone in (False, True):
        report = verify([rebuilt(world, drop=lambda blob: gone and b"Personal" in blob)])  # noqa: B023 - used at once
        assert report.holds
        assert [(one.text, one.seq, one.gone) for one in report.redactions] == [(text, len(world.records) - 1, gone)]
    assert failed(verify([rebuilt(world, drop=lambda blob: b"Its text" in blob)])) == ["texts"]


EXTRA = text_blob(bytes(32), b"Nobody names this.")


@pytest.mark.parametrize("where", [0, 5, 16, 21])
def test_a_blob_that_nothing_names_fails_wherever_it_stands(where: int) -> None:
    bundle = rebuilt(small_world(), before=lambda at, writer: writer.blob(EXTRA) if at == where else None)
    report = verify([bundle])
    assert failed(report) == ["format"]
    assert detail(report, "format").endswith("[blob_misplaced]")


def test_a_blob_that_comes_after_it_was_first_named_fails() -> None:
    text = next(blob for blob in small_world().blobs.values() if blob.startswith(b"rochdale/text"))
    late = rebuilt(
        small_world(),
        drop=lambda blob: blob == text,
        before=lambda at, writer: writer.blob(text) if at == 17 else None,
    )
    assert failed(verify([late])) == ["format"]


def test_progress_is_told_now_and_then_with_what_was_announced() -> None:
    told: list[tuple[int, int]] = []
    report = verify([small_world().bundle()], progress=lambda *seen: told.append(seen))
    assert told == [(0, report.size)]


def test_a_ratified_founding_and_the_numbers_of_records_are_told() -> None:
    tiny, rich = (verify([world.bundle()]) for world in (small_world(), rich_world()))
    assert (tiny.ratified, rich.ratified) == (False, True)
    assert sum(rich.entries.values()) == rich.size == len(rich_world().records)
    assert (tiny.federation, tiny.last) == ("Two", small_world().records[-1].at)
