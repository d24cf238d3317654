import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.security.vouching import check_vouched, vouch
from app.services.backing_up.errors import BackupTruncated
from app.services.backing_up.frames import (
    End,
    Entries,
    Frame,
    FrameReader,
    FrameWriter,
    Header,
    KeptBlob,
    LoggedEntry,
    Rows,
    SignedHead,
)
from governance.errors import RochdaleError
from governance.instants import Instant
from governance.log.checkpoint import Checkpoint, read_checkpoint, sign_checkpoint
from governance.log.errors import NoteUnsigned
from governance.log.keys import SigningKey

CELL = st.none() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=5) | st.binary(max_size=5)
FRAME = st.one_of(
    st.builds(Header, origin=st.text(), key=st.text(), created=st.just(Instant("x")), tables=st.just({"t": ("a",)})),
    st.builds(
        Entries,
        start=st.integers(0, 9),
        entries=st.lists(st.builds(LoggedEntry, data=st.binary(), batch_end=st.integers(0, 2**53))).map(tuple),
    ),
    st.builds(KeptBlob, kind=st.text(), first_use=st.integers(0, 9), data=st.binary()),
    st.builds(SignedHead, note=st.binary()),
    st.builds(Rows, table=st.text(), rows=st.lists(st.lists(CELL).map(tuple)).map(tuple)),
)
KEY = SigningKey(name="coop.example/log", seed=bytes(32))


@given(st.lists(FRAME, min_size=1, max_size=6), st.integers(1, 50))
def test_frames_come_out_as_they_went_in_whatever_the_pieces(frames: list[Frame], length: int) -> None:
    writer, reader = FrameWriter(), FrameReader()
    data = b"".join(writer.bytes_of(frame) for frame in frames)
    digest = writer.digest
    data += writer.bytes_of(End(note=b"note"))
    found = []
    for start in range(0, len(data), length):
        found += reader.feed(data[start : start + length])
    reader.finish()
    assert found == [*frames, End(note=b"note")]
    assert reader.digest == digest


def test_a_stream_that_stops_before_its_end_is_refused() -> None:
    writer, reader = FrameWriter(), FrameReader()
    data = writer.bytes_of(SignedHead(note=b"x")) + writer.bytes_of(End(note=b"y"))
    reader.feed(data[:-1])
    with pytest.raises(BackupTruncated):
        reader.finish()


def test_the_logs_word_on_a_backup_is_on_that_one_and_is_no_checkpoint() -> None:
    note = vouch(bytes(32), KEY)
    check_vouched(note, bytes(32), KEY.verifier_key)
    with pytest.raises(NoteUnsigned):
        check_vouched(note, b"1" * 32, KEY.verifier_key)
    with pytest.raises(NoteUnsigned):
        check_vouched(note, bytes(32), SigningKey(name=KEY.verifier_key.name, seed=b"1" * 32).verifier_key)
    with pytest.raises(RochdaleError):
        read_checkpoint(note)
    checkpoint = Checkpoint(origin=KEY.verifier_key.name, size=1, root=bytes(32))
    with pytest.raises(NoteUnsigned):
        check_vouched(sign_checkpoint(checkpoint, KEY), bytes(32), KEY.verifier_key)
