"""Entries read together are what they are one by one: the same records, and the same refusal at the same place."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import FormatError
from governance.records import LARGEST_ENTRY, Record, read_record, read_records
from tests.governance.rich import rich_world

ENTRIES = tuple(rich_world().entries)
BALLOTS = tuple(entry for entry in ENTRIES if b'"type":"ballot.cast"' in entry)
ONE, OTHER = BALLOTS[:2]


def one_by_one(entries: Sequence[bytes]) -> tuple[list[Record], str | None]:
    records = []
    for entry in entries:
        try:
            records.append(read_record(entry))
        except FormatError as error:
            return records, error.code
    return records, None


def together(entries: Sequence[bytes]) -> tuple[list[Record], str | None]:
    records = []
    try:
        for record in read_records(entries):
            records.append(record)  # noqa: PERF402 - what came before a refusal is looked at
    except FormatError as error:
        return records, error.code
    return records, None


@pytest.mark.parametrize("entries", [(), ENTRIES[:1], BALLOTS[:1], BALLOTS, ENTRIES])
def test_a_log_read_together_is_the_log(entries: tuple[bytes, ...]) -> None:
    assert together(entries) == one_by_one(entries)
    assert together(entries)[1] is None


WRONG = [
    ONE + b"\n",
    b"\n" + ONE,
    b"",
    ONE.replace(b'"seq":', b'"seq": '),
    ONE.replace(b'"choice":"', b'"choice":"perhaps '),
    ONE.replace(b"T", b"t", 1),
    ONE.replace(b'"nonce":"', b'"nonce":"0'),
    ONE[: ONE.index(b'"nonce":"') + 9] + b"A" * 32 + ONE[ONE.index(b'","seq"') :],
    ONE[: ONE.index(b'"nonce":"') + 9] + b"g" * 32 + ONE[ONE.index(b'","seq"') :],
    ONE.replace(b'"origin":"', b'"origin":"' + b"a" * LARGEST_ENTRY),
    ONE[:-1] + b',"w":1}',
    b'{"v":1' + b',"type":"ballot.cast","v":1}',
    b"\xff" + b',"type":"ballot.cast","v":1}',
]


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("at", [0, 1, 2])
def test_what_is_wrong_with_one_is_said_of_that_one(wrong: bytes, at: int) -> None:
    entries = [BALLOTS[0], ENTRIES[0], BALLOTS[1]]
    entries.insert(at, wrong)
    records, code = together(entries)
    assert code is not None
    assert (records, code) == one_by_one(entries)
    assert len(records) == at


def test_two_records_are_not_read_from_one_entry_nor_one_from_two() -> None:
    half = len(OTHER) // 2
    for entries in (
        [ONE + b"\n" + OTHER],
        [ONE, ONE + b"\n" + OTHER, OTHER[:half], OTHER[half:]],
        [ONE + b"\n" + OTHER, b',"type":"ballot.cast","v":1}'],
        [ONE, b"\n", OTHER],
    ):
        assert together(entries) == one_by_one(entries)
        assert together(entries)[1] is not None


def test_nonces_of_another_length_do_not_make_up_for_each_other() -> None:
    begin = ONE.index(b'"nonce":"') + 9
    longer, shorter = ONE[:begin] + b"00" + ONE[begin:], ONE[:begin] + ONE[begin + 2 :]
    assert together([longer, shorter]) == one_by_one([longer, shorter])
    assert together([shorter, longer])[1] == "json_wrong_shape"


@given(st.lists(st.sampled_from([*BALLOTS[:6], *ENTRIES[:4], *WRONG]), max_size=8))
def test_reading_together_is_reading_one_by_one(entries: list[bytes]) -> None:
    assert together(entries) == one_by_one(entries)
