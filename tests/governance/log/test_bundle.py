import hashlib
import struct
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import RochdaleError
from governance.log.blob import MAX_BLOB, address, electorate_blob, text_blob
from governance.log.bundle import (
    BlobFrame,
    BundleWriter,
    CheckpointFrame,
    EntryFrame,
    Frame,
    HeaderFrame,
    read_bundle,
    read_runs,
)
from governance.log.checkpoint import read_checkpoint
from governance.log.errors import (
    BlobDomainUnknown,
    BundleFrameLengthWrong,
    BundleHeaderInvalid,
    BundleOrderWrong,
    BundleSizeWrong,
    BundleTrailing,
    BundleTruncated,
    KeyTypeWrong,
    OriginWrong,
)
from governance.log.keys import SigningKey, parse_verifier_key
from governance.log.note import sign_note
from tests.governance.log.invented import ENTRIES, LOG, WITNESS, note_over
from tests.governance.log.vector_files import Vector, data_of, load, refusal_of, vectors

MAGIC = b"rochdale/bundle/v1\n"
TEXT = text_blob(bytes(range(32)), b"a text")
ROLL = electorate_blob(b"a roll")


def write_again(frames: Iterable[Frame]) -> bytes:
    pieces: list[bytes] = []
    writer = BundleWriter(pieces.append)
    for frame in frames:
        match frame:
            case HeaderFrame():
                writer.header(frame.key, frame.size)
            case BlobFrame():
                writer.blob(frame.blob)
            case EntryFrame():
                writer.entry(frame.entry)
            case CheckpointFrame():
                writer.checkpoint(frame.note)
    writer.close()
    return b"".join(pieces)


def small_bundle() -> bytes:
    header = HeaderFrame(key=LOG.verifier_key, size=3)
    first, *rest = (EntryFrame(entry=entry) for entry in ENTRIES)
    blobs = [BlobFrame(address=address(blob), blob=blob) for blob in (TEXT, ROLL)]
    return write_again([header, first, checkpoint_over(1), *blobs, *rest, checkpoint_over(3)])


def checkpoint_over(size: int) -> CheckpointFrame:
    note = note_over(ENTRIES[:size])
    return CheckpointFrame(checkpoint=read_checkpoint(note), note=note)


def raw_frames(bundle: bytes) -> list[bytes]:
    """The frames before the end, as they stand."""
    frames, position = [], len(MAGIC)
    while bundle[position : position + 1] != b"Z":
        end = position + 5 + struct.unpack_from(">I", bundle, position + 1)[0]
        frames.append(bundle[position:end])
        position = end
    return frames


def sealed(frames: Iterable[bytes]) -> bytes:
    """Frames under a digest that fits them, whatever they are."""
    body = MAGIC + b"".join(frames)
    return body + b"Z\0\0\0\x20" + hashlib.sha256(body).digest()


SMALL = small_bundle()


def chunked(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def read(data: bytes, size: int) -> list[Frame]:
    return list(read_bundle(chunked(data, size)))


@vectors("bundle")
def test_bundles_are_judged_as_the_vectors_say(vector: Vector) -> None:
    data = data_of(vector)
    for size in (1, 7, len(data) + 1):
        assert refusal_of(partial(read, data, size)) == vector["error"]
    if vector["error"] is None:
        frames = list(read_bundle([data]))
        assert write_again(frames) == data
        assert isinstance(frames[0], HeaderFrame)
        assert frames[0].key == parse_verifier_key(load("bundle")["log_key"])


def test_the_frames_come_out_as_they_went_in() -> None:
    header, first, early, text, roll, second, third, last = read_bundle([SMALL])
    assert header == HeaderFrame(key=LOG.verifier_key, size=3)
    assert [first, second, third] == [EntryFrame(entry=entry) for entry in ENTRIES]
    assert early == checkpoint_over(1)
    assert last == checkpoint_over(3)
    assert text == BlobFrame(address=hashlib.sha256(TEXT).hexdigest(), blob=TEXT)
    assert roll == BlobFrame(address=hashlib.sha256(ROLL).hexdigest(), blob=ROLL)


@given(st.lists(st.integers(0, 60), max_size=40))
def test_chunks_of_any_size_give_the_same_frames(sizes: list[int]) -> None:
    cuts = [0]
    for size in sizes:
        cuts.append(min(len(SMALL), cuts[-1] + size))
    chunks = [SMALL[start:end] for start, end in pairwise([*cuts, len(SMALL)])]
    runs = list(read_runs(chunks))
    assert len(runs) == len(chunks)
    assert list(chain.from_iterable(runs)) == list(read_bundle(chunks)) == list(read_bundle([SMALL]))


BLOBS = st.binary(max_size=90).map(electorate_blob) | st.binary(max_size=9).map(lambda text: text_blob(bytes(32), text))


@given(st.lists(st.binary(max_size=300), max_size=12), st.data())
def test_what_is_read_and_written_again_gives_the_same_bytes(entries: list[bytes], data: st.DataObject) -> None:
    frames: list[Frame] = [HeaderFrame(key=LOG.verifier_key, size=len(entries))]
    for index, entry in enumerate(entries):
        blobs = data.draw(st.lists(BLOBS, max_size=2, unique=True))
        frames += [BlobFrame(address=address(blob), blob=blob) for blob in blobs]
        frames.append(EntryFrame(entry=entry))
        if index + 1 == len(entries) or data.draw(st.booleans()):
            note = note_over(entries[: index + 1])
            frames.append(CheckpointFrame(checkpoint=read_checkpoint(note), note=note))
    if not entries:
        frames.append(checkpoint_over(0))
    bundle = write_again(frames)
    assert list(read_bundle(chunked(bundle, data.draw(st.integers(1, 400))))) == frames


def test_every_single_bit_flip_is_found() -> None:
    for bit in range(len(SMALL) * 8):
        altered = bytearray(SMALL)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises(RochdaleError):
            list(read_bundle([bytes(altered)]))


def test_every_bundle_cut_off_is_found() -> None:
    for length in range(len(SMALL)):
        with pytest.raises(BundleTruncated):
            list(read_bundle([SMALL[:length]]))


@given(st.binary(), st.integers(0, len(SMALL)), st.integers(0, 200), st.integers(1, 64))
def test_no_bytes_do_more_than_be_refused(noise: bytes, place: int, cut: int, size: int) -> None:
    data = SMALL[:place] + noise + SMALL[place + cut :]
    try:
        frames = list(read_bundle(chunked(data, size)))
    except RochdaleError:
        return
    assert data == SMALL
    assert write_again(frames) == data


@given(st.binary(max_size=200))
def test_no_header_does_more_than_be_refused(payload: bytes) -> None:
    frame = b"H" + struct.pack(">I", len(payload)) + payload
    with pytest.raises(RochdaleError):
        list(read_bundle([sealed([frame, *raw_frames(SMALL)[1:]])]))


FRAMES = raw_frames(SMALL)
KINDS = [chr(frame[0]) for frame in FRAMES]


def test_the_frames_under_a_new_digest_are_the_bundle_again() -> None:
    assert KINDS == ["H", "E", "C", "B", "B", "E", "E", "C"]
    assert sealed(FRAMES) == SMALL


@pytest.mark.parametrize("place", range(len(FRAMES)))
def test_a_frame_left_out_is_found_even_under_a_new_digest(place: int) -> None:
    data = sealed([*FRAMES[:place], *FRAMES[place + 1 :]])
    # The verifier knows which blobs entries need; a checkpoint in between is needed by nothing.
    left_to_the_verifier = KINDS[place] == "B" or place == 2
    assert (refusal_of(lambda: list(read_bundle([data]))) is None) == left_to_the_verifier


@pytest.mark.parametrize("place", range(len(FRAMES)))
def test_a_frame_doubled_is_found_even_under_a_new_digest(place: int) -> None:
    with pytest.raises((BundleOrderWrong, BundleSizeWrong)):
        list(read_bundle([sealed([*FRAMES[:place], FRAMES[place], *FRAMES[place:]])]))


@pytest.mark.parametrize("place", range(len(FRAMES) - 1))
def test_neighbours_exchanged_are_found_or_left_to_the_verifier(place: int) -> None:
    first, second = FRAMES[place : place + 2]
    data = sealed([*FRAMES[:place], second, first, *FRAMES[place + 2 :]])
    # Blobs among each other, after an early checkpoint or before it, and after their entry: their use decides.
    # Entries among each other: the root decides.
    left_to_the_verifier = {KINDS[place], KINDS[place + 1]} in ({"B"}, {"C", "B"}, {"B", "E"}, {"E"})
    assert (refusal_of(lambda: list(read_bundle([data]))) is None) == left_to_the_verifier
    with pytest.raises(RochdaleError):
        list(read_bundle([data[:-32] + SMALL[-32:]]))


def test_frames_come_before_the_digest_was_compared() -> None:
    altered = SMALL.replace(b"log.genesis", b"log.generis")
    read: list[Frame] = []
    with pytest.raises(RochdaleError):
        read.extend(read_bundle(chunked(altered, 100)))
    frames = read_bundle(chunked(altered, 100))
    assert isinstance(next(frames), HeaderFrame)
    assert next(frames) == EntryFrame(entry=ENTRIES[0].replace(b"genesis", b"generis"))


def test_something_after_the_end_is_found_in_a_later_chunk() -> None:
    assert list(read_bundle([SMALL, b"", b""])) == list(read_bundle([SMALL]))
    with pytest.raises(BundleTrailing):
        list(read_bundle([SMALL, b"", b"\n"]))


def test_large_frames_pass_through_small_chunks() -> None:
    blob, entry = electorate_blob(bytes(MAX_BLOB - 23)), b"x" * 65_535
    header = HeaderFrame(key=LOG.verifier_key, size=1)
    note = note_over([entry])
    frames: list[Frame] = [
        header,
        BlobFrame(address=address(blob), blob=blob),
        EntryFrame(entry=entry),
        CheckpointFrame(checkpoint=read_checkpoint(note), note=note),
    ]
    assert len(blob) == MAX_BLOB
    assert list(read_bundle(chunked(write_again(frames), 1_000))) == frames


def test_the_writer_gives_out_pieces_before_the_end() -> None:
    lengths: list[int] = []
    writer = BundleWriter(lambda piece: lengths.append(len(piece)))
    writer.header(LOG.verifier_key, 100)
    for _ in range(100):
        writer.entry(b"x" * 10_000)
    assert len(lengths) > 10
    assert max(lengths) < 80_000


def test_a_refused_frame_leaves_nothing_behind_and_the_bundle_goes_on() -> None:
    pieces: list[bytes] = []
    writer = BundleWriter(pieces.append)
    with pytest.raises(BundleOrderWrong):
        writer.entry(ENTRIES[0])
    with pytest.raises(KeyTypeWrong):
        writer.header(WITNESS.verifier_key, 3)
    for size in (-1, 2**53):
        with pytest.raises(BundleHeaderInvalid):
            writer.header(LOG.verifier_key, size)
    long_name = SigningKey(name="x" * 2_100, seed=bytes(32))
    with pytest.raises(BundleFrameLengthWrong):
        writer.header(long_name.verifier_key, 3)
    writer.header(LOG.verifier_key, 3)
    with pytest.raises(BundleOrderWrong):
        writer.header(LOG.verifier_key, 3)
    writer.entry(ENTRIES[0])
    with pytest.raises(BundleSizeWrong):
        writer.checkpoint(note_over(ENTRIES))
    other = SigningKey(name="other.example/log", seed=bytes(32))
    with pytest.raises(OriginWrong):
        writer.checkpoint(sign_note(b"other.example/log\n1\n" + note_over(ENTRIES[:1]).split(b"\n")[2] + b"\n", other))
    writer.checkpoint(note_over(ENTRIES[:1]))
    with pytest.raises(BundleOrderWrong):
        writer.checkpoint(note_over(ENTRIES[:1]))
    with pytest.raises(BlobDomainUnknown):
        writer.blob(b"of no known sort")
    writer.blob(TEXT)
    with pytest.raises(BundleOrderWrong):
        writer.blob(TEXT)
    writer.blob(ROLL)
    with pytest.raises(BundleFrameLengthWrong):
        writer.entry(b"x" * 65_536)
    writer.entry(ENTRIES[1])
    writer.entry(ENTRIES[2])
    with pytest.raises(BundleSizeWrong):
        writer.entry(ENTRIES[2])
    with pytest.raises(BundleSizeWrong):
        writer.close()
    writer.checkpoint(note_over(ENTRIES))
    writer.close()
    assert b"".join(pieces) == SMALL
    with pytest.raises(BundleOrderWrong):
        writer.close()
    with pytest.raises(BundleOrderWrong):
        writer.blob(ROLL)
    assert b"".join(pieces) == SMALL
