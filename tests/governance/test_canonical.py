import datetime as dt
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from governance.canonical import (
    Malformed,
    NotCanonical,
    NumberNotAllowed,
    WrongShape,
    decoder_for,
    encode,
)
from governance.errors import FormatError
from governance.exact import NotExact, exact_text


class Thing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    zeal: Fraction | None = None
    count: int
    name: str = ""
    parts: tuple[str, ...] = ()
    table: Mapping[str, int] = {}


read = decoder_for(Thing)
read_any: Callable[[bytes], Any] = decoder_for(Any)

SAFE = st.integers(-(2**53) + 1, 2**53 - 1)
TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
KEYS = st.text(st.characters(max_codepoint=127), max_size=6)
PLAIN: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | SAFE | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
THINGS = st.builds(
    Thing,
    zeal=st.none() | st.fractions(max_denominator=10**9),
    count=SAFE,
    name=TEXT,
    parts=st.lists(TEXT, max_size=3).map(tuple),
    table=st.dictionaries(KEYS, SAFE, max_size=4),
)


@given(PLAIN)
def test_what_is_written_is_what_rfc_8785_writes(value: Any) -> None:
    assert encode(value) == rfc8785.dumps(value)


@given(THINGS)
def test_a_struct_is_written_as_rfc_8785_writes_its_fields_and_read_back(thing: Thing) -> None:
    fields: dict[str, Any] = {"count": thing.count}
    fields |= {"zeal": exact_text(thing.zeal)} if thing.zeal is not None else {}
    fields |= {name: value for name in ("name", "parts", "table") if (value := getattr(thing, name))}
    data = encode(thing)
    assert data == rfc8785.dumps(fields)
    assert read(data) == thing


@pytest.mark.parametrize("number", [0, 1, -1, 10**15, 2**53 - 1, -(2**53) + 1])
def test_integers_below_two_to_the_53_are_written_and_read(number: int) -> None:
    data = b'{"count":%d}' % number
    assert encode(Thing(count=number)) == data
    assert read(data).count == number


@pytest.mark.parametrize("number", [2**53, -(2**53), 10**16, 2**64, 10**40])
def test_integers_from_two_to_the_53_on_are_refused_both_ways(number: int) -> None:
    with pytest.raises(NumberNotAllowed):
        encode({"a": [number]})
    with pytest.raises(NumberNotAllowed):
        read_any(b"[%d]" % number)
    with pytest.raises(NumberNotAllowed):
        read(b'{"count":%d}' % number)


@pytest.mark.parametrize("number", [0.0, 1.5, -1.0, 1e300, 1e-7])
def test_floats_are_refused_wherever_they_stand(number: float) -> None:
    for value in (number, [number], [1, number], {"a": number}, {"a": [2**50, number]}):
        with pytest.raises(NumberNotAllowed):
            encode(value)


@pytest.mark.parametrize("data", [b"1.5", b"[0,1.0]", b'{"a":1e3}', b'{"a":"x","b":-0.5}', b"[1E5]"])
def test_a_float_in_json_is_never_read(data: bytes) -> None:
    with pytest.raises(FormatError):
        read_any(data)


@pytest.mark.parametrize(
    "text",
    [
        "1.5",
        '":1.5',
        ",2.5,",
        "[1e9",
        '":9999999999999999999',
        ",12345678901234567890",
        '\\":1.5',
        '"',
        "\\",
        "é,1.5",
        "",
    ],
)
def test_texts_may_look_like_numbers(text: str) -> None:
    values: list[Any] = [text, [1, text], {"a": text, "b": 7}]
    for value in values:
        assert encode(value) == rfc8785.dumps(value)
        assert read_any(encode(value)) == value


@pytest.mark.parametrize("key", ["é", "\U0001f600", "\uffff", "ä,1"])
def test_a_key_outside_ascii_is_refused(key: str) -> None:
    with pytest.raises(NotCanonical, match="ASCII"):
        encode({key: 1})
    with pytest.raises(NotCanonical, match="ASCII"):
        read_any(f'{{"{key}":1}}'.encode())


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(NotCanonical, match="surrogate"):
        encode("\ud800")


def test_endless_nesting_is_refused_both_ways() -> None:
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(NotCanonical, match="deep"):
        encode(value)
    with pytest.raises(Malformed, match="deep"):
        read_any(b"[" * 100_000)


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b'{"count":1', b'{"count":1}}', b'{"count":1}x', b"{'count':1}", b'{"count":01}', b'{"count":1,}'],
)
def test_broken_json_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        read(data)


@pytest.mark.parametrize("data", [b'"\xff"', b'"\\ud800"', b'"\\ude00\\ud800"', b'"\x01"'])
def test_bytes_that_are_no_text_are_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        read_any(data)


@pytest.mark.parametrize(
    "data",
    [
        b"[]",
        b"null",
        b"{}",
        b'{"count":"1"}',
        b'{"count":true}',
        b'{"count":1.0}',
        b'{"count":null}',
        b'{"count":1,"other":2}',
        b'{"count":1,"parts":"x"}',
        b'{"count":1,"zeal":1}',
        b'{"count":1,"zeal":[1]}',
    ],
)
def test_another_shape_is_refused(data: bytes) -> None:
    with pytest.raises(WrongShape):
        read(data)


@pytest.mark.parametrize("text", ["0.5", "2/4", "+1", "01", "1/0", "", " 1", "1/1", "-0"])
def test_a_fraction_has_one_spelling(text: str) -> None:
    with pytest.raises(NotExact):
        read(b'{"count":1,"zeal":"%s"}' % text.encode())


@pytest.mark.parametrize(
    "data",
    [
        b'{"count": 1}',
        b' {"count":1}',
        b'{"count":1}\n',
        b'{"count":1,"count":1}',
        b'{"count":2,"count":1}',
        b'{"name":"x","count":1}',
        b'{"count":1,"name":"\\u0041"}',
        b'{"count":1,"name":"\\/"}',
        b'{"count":1,"name":"\\u001F"}',
        b'{"c\\u006funt":1}',
        b'{"count":-0}',
        b'{"count":1,"name":""}',
        b'{"count":1,"parts":[]}',
        b'{"count":1,"zeal":null}',
        b'{"count":1,"table":{"b":1,"a":1}}',
    ],
)
def test_another_spelling_of_a_right_value_is_refused(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        read(data)


@given(THINGS, st.data())
def test_no_flipped_bit_reads_as_the_same_value(thing: Thing, data: st.DataObject) -> None:
    good = bytearray(encode(thing))
    place = data.draw(st.integers(0, len(good) * 8 - 1))
    good[place // 8] ^= 1 << place % 8
    try:
        other = read(bytes(good))
    except FormatError:
        return
    assert other != thing


@given(st.binary(max_size=40))
def test_any_bytes_are_read_back_equal_or_refused(data: bytes) -> None:
    try:
        value = read_any(data)
    except FormatError:
        return
    assert encode(value) == data


def test_a_type_without_a_spelling_is_an_error_of_the_program() -> None:
    with pytest.raises(TypeError, match="complex"):
        encode(1j)
    with pytest.raises(WrongShape, match="complex"):
        decoder_for(complex)(b'"1"')


def test_a_date_keeps_its_one_spelling() -> None:
    # msgspec knows dates and durations; they pass through the same comparison of bytes.
    decode = decoder_for(dt.timedelta)
    assert decode(b'"P14D"') == dt.timedelta(days=14)
    with pytest.raises(NotCanonical):
        decode(b'"PT336H"')
