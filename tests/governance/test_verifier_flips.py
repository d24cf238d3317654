"""Every single-bit flip over a small bundle, every truncation, and every addition at its end is found; none is a crash.

As one piece, the digest finds a flip before anything else is looked at; in chunks, frames are verified before the digest
comes, so that the flip meets every other check first. The second is done for each bit only where ROCHDALE_TEST_EVERY_BIT is set.
"""

import os
from collections.abc import Iterator

import pytest

from governance.log.bundle_order import FRAME, MAGIC
from governance.report import Report
from governance.verifier import verify
from tests.governance.small import small_world

BUNDLE = small_world().bundle()
SLICES = 8
CHUNK = 64
EVERY_BIT = bool(os.environ.get("ROCHDALE_TEST_EVERY_BIT"))


def flips(slice_: int, *, every: bool) -> Iterator[bytes]:
    """The bundle with one bit flipped: each bit of the bytes in a slice, or one of each byte in turn."""
    for at in range(slice_, len(BUNDLE), SLICES):
        for bit in range(8) if every else (at // SLICES % 8,):
            flipped = bytearray(BUNDLE)
            flipped[at] ^= 1 << bit
            yield bytes(flipped)


def chunks(bundle: bytes) -> list[bytes]:
    return [bundle[at : at + CHUNK] for at in range(0, len(bundle), CHUNK)]


def failed(report: Report) -> list[str]:
    return [check.name for check in report.checks if check.status == "failed"]


def test_the_bundle_holds_before_anything_is_flipped() -> None:
    assert verify([BUNDLE]).holds
    assert verify(chunks(BUNDLE)) == verify([BUNDLE]) == verify(bytes([byte]) for byte in BUNDLE)


@pytest.mark.parametrize("slice_", range(SLICES))
def test_every_single_bit_flip_is_found_in_one_piece(slice_: int) -> None:
    for flipped in flips(slice_, every=True):
        report = verify([flipped])
        assert not report.holds
        assert failed(report) == ["format"]


@pytest.mark.parametrize("slice_", range(SLICES))
def test_every_flip_is_found_in_a_stream(slice_: int) -> None:
    for flipped in flips(slice_, every=EVERY_BIT):
        report = verify(chunks(flipped))
        assert not report.holds
        assert len(failed(report)) == 1


def test_flips_in_a_stream_are_found_by_each_check_that_looks_at_what_was_flipped() -> None:
    found = {failed(verify(chunks(flipped)))[0] for flipped in flips(0, every=False)}
    assert found == {"format", "entries", "rules", "checkpoints"}


def cuts(slice_: int) -> Iterator[int]:
    """Where to cut: around each end of a frame and at some bytes between, or at every byte of a slice."""
    ends = {0, len(MAGIC)}
    while (end := max(ends)) < len(BUNDLE):
        ends.add(end + FRAME.size + FRAME.unpack_from(BUNDLE, end)[1])
    near = {end + offset for end in ends for offset in range(-2, FRAME.size + 2)}
    for length in range(slice_, len(BUNDLE), SLICES):
        if EVERY_BIT or length in near or length % 15 == 0:
            yield length


@pytest.mark.parametrize("slice_", range(SLICES))
def test_every_truncation_is_found(slice_: int) -> None:
    for length in cuts(slice_):
        report = verify(chunks(BUNDLE[:length]))
        assert not report.holds
        assert failed(report) == ["format"]


@pytest.mark.parametrize("tail", [b"\0", b"\n", b"E", BUNDLE])
def test_anything_after_the_end_is_found(tail: bytes) -> None:
    for pieces in ([BUNDLE + tail], [BUNDLE, tail]):
        assert failed(verify(pieces)) == ["format"]
