import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import RochdaleError
from governance.log.checkpoint import format_checkpoint, read_checkpoint
from governance.log.cosignature import cosign
from governance.log.errors import DecimalInvalid, HashLengthWrong, NoteInvalid, QuorumMissing, ReceiptInvalid
from governance.log.keys import KeyType, SigningKey
from governance.log.merkle import MAX_PROOF, inclusion_proof, leaf_hash
from governance.log.note import add_signatures, parse_verifier_key, sign_note
from governance.log.receipt import (
    MAX_EXTRA,
    MAX_RECEIPT,
    Receipt,
    _check_note,
    format_receipt,
    parse_receipt,
    verify_receipt,
)
from tests.governance.log.invented import ENTRIES, LOG, WITNESS, node_of, note_over
from tests.governance.log.vector_files import Vector, data_of, load, refusal_of, vectors

FILE = load("receipt")
NOTE = note_over(ENTRIES)
HASHES = st.binary(min_size=32, max_size=32)
FROZEN: str = FILE["vectors"][0]["text"]


@vectors("receipt")
def test_receipts_are_judged_as_the_vectors_say(vector: Vector) -> None:
    data = data_of(vector)
    log_key = parse_verifier_key(FILE["log_key"])
    witness_keys = [parse_verifier_key(key) for key in FILE["witness_keys"]]

    def judge() -> None:
        verify_receipt(parse_receipt(data), vector["entry"].encode(), log_key, witness_keys, vector["quorum"])

    assert refusal_of(judge) == vector["error"]
    if vector["error"] is None:
        assert format_receipt(parse_receipt(data)) == data


def test_the_frozen_receipt_is_made_again_byte_for_byte() -> None:
    proof = inclusion_proof(2, 3, node_of([leaf_hash(entry) for entry in ENTRIES]))
    body = format_checkpoint(read_checkpoint(NOTE))
    note = add_signatures(NOTE, [cosign(WITNESS, body, 1_700_000_000)])
    assert format_receipt(Receipt(index=2, proof=proof, note=note)) == FROZEN.encode()


def test_a_receipt_tells_the_checkpoint_and_who_countersigned_when() -> None:
    receipt = parse_receipt(FROZEN.encode())
    opened = verify_receipt(receipt, ENTRIES[2], LOG.verifier_key, [WITNESS.verifier_key], 1)
    assert opened.checkpoint == receipt.checkpoint == read_checkpoint(NOTE)
    assert [(one.key, one.time) for one in opened.cosigned] == [(WITNESS.verifier_key, 1_700_000_000)]
    assert verify_receipt(receipt, ENTRIES[2], LOG.verifier_key).cosigned == ()


@given(
    st.builds(
        Receipt,
        index=st.integers(0, 2**63 - 1),
        proof=st.lists(HASHES, max_size=MAX_PROOF).map(tuple),
        note=st.just(NOTE),
        extra=st.none() | st.binary(min_size=1),
    )
)
def test_a_receipt_is_read_as_it_was_written(receipt: Receipt) -> None:
    assert parse_receipt(format_receipt(receipt)) == receipt


@given(st.binary() | st.binary().map(lambda data: b"c2sp.org/tlog-proof@v1\nindex 2\n" + data + NOTE))
def test_no_bytes_do_more_than_be_refused(data: bytes) -> None:
    try:
        receipt = parse_receipt(data)
    except RochdaleError:
        return
    assert format_receipt(receipt) == data


def test_a_receipt_with_any_one_bit_altered_is_refused() -> None:
    for bit in range(len(FROZEN.encode()) * 8):
        altered = bytearray(FROZEN.encode())
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises(RochdaleError):
            verify_receipt(parse_receipt(bytes(altered)), ENTRIES[2], LOG.verifier_key, [WITNESS.verifier_key], 1)


def test_extra_data_changes_nothing_that_is_proven() -> None:
    plain = parse_receipt(FROZEN.encode())
    extra = Receipt(index=plain.index, proof=plain.proof, note=plain.note, extra=b"anything")
    assert verify_receipt(extra, ENTRIES[2], LOG.verifier_key) == verify_receipt(plain, ENTRIES[2], LOG.verifier_key)


def test_one_witness_under_two_names_counts_once() -> None:
    body = format_checkpoint(read_checkpoint(NOTE))
    alias = SigningKey(name="alias.example/w1", seed=bytes(range(32, 64)), kind=KeyType.WITNESS)
    other = SigningKey(name="witness.example/w2", seed=bytes(range(64, 96)), kind=KeyType.WITNESS)
    proof = parse_receipt(FROZEN.encode()).proof

    def verify(second: SigningKey) -> None:
        note = add_signatures(NOTE, [cosign(WITNESS, body, 1), cosign(second, body, 1)])
        receipt = Receipt(index=2, proof=proof, note=note)
        keys = [WITNESS.verifier_key, second.verifier_key]
        verify_receipt(receipt, ENTRIES[2], LOG.verifier_key, keys, 2)

    verify(other)
    with pytest.raises(QuorumMissing):
        verify(alias)


def test_a_receipt_cannot_be_made_from_wrong_parts() -> None:
    for extra in (b"", b"x" * (MAX_EXTRA + 1)):
        with pytest.raises(ReceiptInvalid):
            Receipt(index=0, proof=(), note=NOTE, extra=extra)
    with pytest.raises(ReceiptInvalid):
        Receipt(index=0, proof=(bytes(32),) * (MAX_PROOF + 1), note=NOTE)
    with pytest.raises(HashLengthWrong):
        Receipt(index=0, proof=(b"",), note=NOTE)
    with pytest.raises(NoteInvalid):
        Receipt(index=0, proof=(), note=b"")
    for index in (-1, 2**63):
        with pytest.raises(DecimalInvalid):
            Receipt(index=index, proof=(), note=NOTE)


def test_a_receipt_that_is_too_large_is_refused_unread() -> None:
    with pytest.raises(ReceiptInvalid, match="at most"):
        parse_receipt(b"x" * (MAX_RECEIPT + 1))
    with pytest.raises(ReceiptInvalid, match="at most 63"):
        parse_receipt(b"c2sp.org/tlog-proof@v1\nindex 0\n" + b"x\n" * 64 + b"\n" + NOTE)


def test_the_largest_receipt_is_read() -> None:
    body = format_checkpoint(read_checkpoint(NOTE)) + b"x" * 65_000 + b"\n"
    note = sign_note(body, LOG)
    receipt = Receipt(index=2**63 - 1, proof=(bytes(32),) * MAX_PROOF, note=note, extra=b"x" * MAX_EXTRA)
    assert parse_receipt(format_receipt(receipt)) == receipt
    assert len(format_receipt(receipt)) <= MAX_RECEIPT


def test_the_receipts_of_one_note_read_it_once() -> None:
    _check_note.cache_clear()
    for index in range(3):
        Receipt(index=index, proof=(), note=bytes(NOTE))
    assert _check_note.cache_info().misses == 1
