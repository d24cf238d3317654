import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import FormatError
from governance.facts.polls import BallotCast
from governance.facts.registry import FACTS, NAMES
from governance.ids import OPERATOR, MandateId
from governance.instants import Instant
from governance.log.merkle import leaf_hash
from governance.records import LARGEST_ENTRY, RecordTooLarge, read_record, seal, write_record
from tests.governance.rich import rich_world
from tests.governance.small import small_world

ROOM = Path(__file__).parents[1] / "vectors" / "records"
AT = Instant("2026-03-01T12:00:00.000000Z")


def load(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((ROOM / f"{name}.json").read_text(encoding="utf-8"))["vectors"]
    return found


VALID, INVALID = load("valid"), load("invalid")


def named(vector: dict[str, Any]) -> str:
    return str(vector["description"])


def refusal_of(entry: bytes) -> str | None:
    try:
        read_record(entry)
    except FormatError as error:
        assert error.detail.endswith((".", "?"))
        return error.code
    return None


@pytest.mark.parametrize("vector", VALID, ids=named)
def test_the_bytes_of_each_type_of_record_are_frozen(vector: dict[str, Any]) -> None:
    entry = vector["entry"].encode()
    record = read_record(entry)
    assert vector["description"].partition(" ")[0] == record.type
    assert type(record.body) is FACTS[record.type, record.v]
    assert write_record(record) == entry
    again = seal(record.body, seq=record.seq, at=record.at, actor=record.actor, nonce=bytes.fromhex(record.nonce))
    assert again == record
    assert leaf_hash(entry).hex() == vector["leaf"]


@pytest.mark.parametrize("vector", VALID, ids=named)
def test_the_bytes_are_those_of_rfc_8785(vector: dict[str, Any]) -> None:
    assert rfc8785.dumps(json.loads(vector["entry"])) == vector["entry"].encode()


def test_every_line_of_the_registry_has_a_vector() -> None:
    read = [read_record(vector["entry"].encode()) for vector in VALID]
    assert {(record.type, record.v) for record in read} == set(FACTS)


@pytest.mark.parametrize("vector", INVALID, ids=named)
def test_what_is_no_entry_is_refused_with_its_code(vector: dict[str, Any]) -> None:
    assert refusal_of(vector["entry"].encode()) == vector["code"]


def test_an_entry_has_65535_bytes_at_most() -> None:
    space = LARGEST_ENTRY - len(write_record(seal(_long(""), seq=1, at=AT, actor=OPERATOR, nonce=bytes(16))))
    fits, too_long = (
        seal(_long("a" * (space + more)), seq=1, at=AT, actor=OPERATOR, nonce=bytes(16)) for more in (0, 1)
    )
    assert read_record(write_record(fits)) == fits
    with pytest.raises(RecordTooLarge) as caught:
        write_record(too_long)
    assert caught.value.code == "record_too_large"
    assert refusal_of(msgspec.json.encode(too_long, order="sorted")) == "record_too_large"


def _long(service: str) -> Any:
    body = next(record.body for record in rich_world().records if record.type == "coop.services_declared")
    return msgspec.structs.replace(body, services=(service,))


def test_what_is_nested_without_end_or_counted_in_hundreds_of_digits_is_refused_and_no_crash() -> None:
    rule = next(vector["entry"] for vector in VALID if "rule.founded" in vector["description"])
    majority = '"majority":[{"more_than":"1/2","of":"yes+no"}]'
    assert majority in rule
    deep = rule.replace(majority, '"majority":[' + '{"any_of":[' * 3000 + "]}" * 3000 + "]")
    digits = rule.replace('"sponsors":1', '"sponsors":1' + "0" * 5000)
    assert refusal_of(deep.encode()) == "json_malformed"
    assert refusal_of(digits.encode()) is not None
    assert refusal_of(b"[" * 60_000) == "json_wrong_shape"


def test_the_fields_of_a_ballot_stand_in_the_order_of_the_alphabet() -> None:
    """A ballot is read by writing its fields as they stand, so their order has to be the canonical one."""
    assert list(BallotCast.__struct_fields__) == sorted(BallotCast.__struct_fields__)
    ballot = next(record for record in rich_world().records if record.type == "ballot.cast")
    assert list(ballot.__struct_fields__) == sorted(ballot.__struct_fields__)


@pytest.mark.parametrize("version", [0, -1, 2**53, 2**63, 2**64, 10**30])
def test_positions_that_no_log_has_are_refused_or_left_to_the_rules_which_compare_them(version: int) -> None:
    for kind in ("ballot.cast", "coop.left"):
        record = next(record for record in rich_world().records if record.type == kind)
        entry = write_record(record).replace(f'"seq":{record.seq},'.encode(), f'"seq":{version},'.encode())
        refusal = refusal_of(entry)
        assert refusal is not None or read_record(entry).seq == version


@given(st.binary(max_size=80))
def test_no_bytes_crash_the_reader(data: bytes) -> None:
    assert refusal_of(data) is not None


ENTRIES = st.sampled_from(small_world().entries)


@given(ENTRIES, st.data())
def test_an_entry_with_a_part_cut_out_or_put_in_is_refused_or_read_back_as_it_is(
    entry: bytes, data: st.DataObject
) -> None:
    begin = data.draw(st.integers(0, len(entry)))
    end = data.draw(st.integers(begin, min(begin + 40, len(entry))))
    put_in = data.draw(st.sampled_from([b"", b"0", b'"', b",", b"{}", b"\\", b"e9", b".0", b"\xff", b'"v":1']))
    changed = entry[:begin] + put_in + entry[end:]
    if refusal_of(changed) is None:
        assert write_record(read_record(changed)) == changed


def test_a_record_is_sealed_under_the_name_of_its_fact() -> None:
    for record in rich_world().records:
        assert (record.type, record.v) == NAMES[type(record.body)]
        sealed = seal(record.body, seq=7, at=AT, actor=MandateId("m"), nonce=bytes(range(16)))
        assert (sealed.seq, sealed.nonce) == (7, "000102030405060708090a0b0c0d0e0f")
