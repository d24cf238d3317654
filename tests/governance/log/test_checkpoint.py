import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import FormatError
from governance.log.checkpoint import (
    Checkpoint,
    format_checkpoint,
    open_checkpoint,
    parse_checkpoint,
    read_checkpoint,
    sign_checkpoint,
)
from governance.log.cosignature import cosign
from governance.log.errors import CheckpointInvalid, KeyTypeWrong, NoteUnsigned, OriginWrong
from governance.log.keys import SigningKey
from governance.log.note import Note, add_signatures, format_note, parse_note, sign_note
from tests.governance.log.invented import ENTRIES, LOG, WITNESS, note_over
from tests.governance.log.vector_files import Vector, data_of, refusal_of, vectors

LINES = st.text(st.characters(exclude_categories=["Cs"], min_codepoint=32), min_size=1)
CHECKPOINTS = st.builds(
    Checkpoint,
    origin=LINES,
    size=st.integers(0, 2**63 - 1),
    root=st.binary(min_size=32, max_size=32),
    extensions=st.lists(LINES, max_size=3).map(tuple),
)
THREE = read_checkpoint(note_over(ENTRIES))


@vectors("checkpoint")
def test_checkpoints_are_read_as_the_vectors_say(vector: Vector) -> None:
    body = data_of(vector)
    assert refusal_of(lambda: parse_checkpoint(body)) == vector["error"]
    if vector["error"] is None:
        assert format_checkpoint(parse_checkpoint(body)) == body


@given(CHECKPOINTS)
def test_a_checkpoint_is_read_as_it_was_written(checkpoint: Checkpoint) -> None:
    assert parse_checkpoint(format_checkpoint(checkpoint)) == checkpoint


@given(st.binary() | st.binary().map(lambda data: format_checkpoint(THREE) + data))
def test_no_bytes_do_more_than_be_refused(body: bytes) -> None:
    try:
        checkpoint = parse_checkpoint(body)
    except FormatError:
        return
    assert format_checkpoint(checkpoint) == body


def test_a_line_that_is_no_text_is_refused() -> None:
    for line in ("", "a\nb", "\ud800"):
        with pytest.raises(CheckpointInvalid):
            Checkpoint(origin=line, size=3, root=THREE.root)
        with pytest.raises(CheckpointInvalid):
            Checkpoint(origin="x", size=3, root=THREE.root, extensions=(line,))


def test_a_checkpoint_is_opened_with_the_witnesses_that_are_known() -> None:
    note = add_signatures(note_over(ENTRIES), [cosign(WITNESS, format_checkpoint(THREE), 5)])
    alone = open_checkpoint(note, LOG.verifier_key)
    both = open_checkpoint(note, LOG.verifier_key, [WITNESS.verifier_key])
    assert alone.checkpoint == both.checkpoint == THREE
    assert alone.cosigned == ()
    assert [(one.key, one.time) for one in both.cosigned] == [(WITNESS.verifier_key, 5)]


def test_a_checkpoint_that_only_witnesses_signed_is_refused() -> None:
    body = format_checkpoint(THREE)
    note = format_note(Note(text=body, signatures=(cosign(WITNESS, body, 5),)))
    with pytest.raises(NoteUnsigned, match="only witnesses"):
        open_checkpoint(note, LOG.verifier_key, [WITNESS.verifier_key])


def test_a_log_signs_and_opens_only_its_own_origin() -> None:
    other = SigningKey(name="other.example/log", seed=bytes(32))
    with pytest.raises(OriginWrong):
        sign_checkpoint(THREE, other)
    with pytest.raises(OriginWrong):
        open_checkpoint(sign_note(format_checkpoint(THREE), other), other.verifier_key)


def test_keys_of_the_log_and_of_witnesses_cannot_be_exchanged() -> None:
    note = note_over(ENTRIES)
    with pytest.raises(KeyTypeWrong):
        open_checkpoint(note, WITNESS.verifier_key)
    with pytest.raises(KeyTypeWrong):
        open_checkpoint(note, LOG.verifier_key, [LOG.verifier_key])
    named = Checkpoint(origin=WITNESS.verifier_key.name, size=3, root=THREE.root)
    with pytest.raises(KeyTypeWrong):
        sign_checkpoint(named, WITNESS)


def test_what_a_checkpoint_says_can_be_read_without_a_key() -> None:
    assert parse_note(note_over(ENTRIES)).text == format_checkpoint(THREE)
    assert (THREE.origin, THREE.size) == ("coop.example/log", 3)
