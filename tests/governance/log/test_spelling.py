import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.log.errors import Base64Invalid, DecimalInvalid, HashLengthWrong
from governance.log.spelling import check_number, format_base64, parse_base64, parse_decimal, parse_hash


@given(st.integers(0, 2**63 - 1))
def test_a_number_is_read_as_it_was_written(number: int) -> None:
    assert parse_decimal(str(number)) == number


@given(st.text(max_size=6) | st.text("0123456789+-_ \n", max_size=21))
def test_a_number_has_one_spelling(text: str) -> None:
    try:
        number = parse_decimal(text)
    except DecimalInvalid:
        return
    assert str(number) == text


@pytest.mark.parametrize("number", [-1, 2**63])
def test_a_number_that_no_log_can_have_is_refused(number: int) -> None:
    with pytest.raises(DecimalInvalid):
        check_number(number)
    with pytest.raises(DecimalInvalid):
        parse_decimal(str(number))


@given(st.binary(min_size=1))
def test_bytes_are_read_from_base64_as_they_were_written(data: bytes) -> None:
    text = format_base64(data)
    assert text == base64.standard_b64encode(data).decode()
    assert parse_base64(text) == data


@given(st.text(max_size=6) | st.text("ABZaz019+/=-_ \n", max_size=9))
def test_base64_has_one_spelling(text: str) -> None:
    try:
        data = parse_base64(text)
    except Base64Invalid:
        return
    assert data
    assert format_base64(data) == text


@pytest.mark.parametrize("length", [1, 31, 33, 64])
def test_a_hash_has_32_bytes(length: int) -> None:
    with pytest.raises(HashLengthWrong):
        parse_hash(format_base64(bytes(length)))
