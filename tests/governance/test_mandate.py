from datetime import timedelta
from typing import Any

import pytest

from governance.ids import MandateId, OfficeId
from governance.instants import Instant
from governance.mandate import Mandate, Office, check_mandate_id, check_office, office_digest
from tests.governance.acting import refused

OFFICE = Office(id=OfficeId("board"), title="Board", powers=("record_standing",), seats=3, term=timedelta(days=365))


def office(**changes: Any) -> Office:
    fields = {name: getattr(OFFICE, name) for name in OFFICE.__struct_fields__}
    return Office(**{**fields, **changes})


def test_a_mandate_begins_with_its_start_and_has_ended_at_its_end() -> None:
    start, end = Instant("2026-03-01T00:00:00.000000Z"), Instant("2026-04-01T00:00:00.000000Z")
    mandate = Mandate(id=MandateId("m"), role="delegate", starts=start, ends=end)
    assert [mandate.in_force(Instant(at)) for at in ("2026-02-28T23:59:59.999999Z", start)] == [False, True]
    assert [mandate.in_force(Instant(at)) for at in ("2026-03-31T23:59:59.999999Z", end)] == [True, False]
    assert Mandate(id=MandateId("m"), role="delegate", starts=start).in_force(Instant("9999-01-01T00:00:00.000000Z"))


@pytest.mark.parametrize(
    "mandate", ["", "operator", "m-" + "0" * 31, "m-" + "0" * 33, "m-" + "A" * 32, f"m-{'0' * 32}\n"]
)
def test_a_mandate_id_is_128_bits_in_lower_case_hex(mandate: str) -> None:
    with refused("mandate_invalid"):
        check_mandate_id(MandateId(mandate))
    check_mandate_id(MandateId("m-0123456789abcdef0123456789abcdef"))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"seats": 1},
        {"seats": 100},
        {"term": None},
        {"term": timedelta(days=1)},
        {"term": timedelta(days=3660)},
        {"powers": ()},
    ],
)
def test_an_office_that_can_be_held_is_fine(changes: dict[str, Any]) -> None:
    check_office(office(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"id": ""},
        {"id": "The board"},
        {"id": "board\n"},
        {"id": "a" * 81},
        {"title": " "},
        {"title": "a" * 121},
        {"title": "Board\nof all"},
        {"powers": ("record_standing", "record_standing")},
        {"seats": 0},
        {"seats": 101},
        {"term": timedelta(hours=23)},
        {"term": timedelta(days=3661)},
    ],
)
def test_an_office_that_could_not_be_held_or_named_is_refused(changes: dict[str, Any]) -> None:
    with refused("mandate_invalid"):
        check_office(office(**changes))


def test_the_digest_of_an_office_changes_with_everything_in_it() -> None:
    others = [
        office(title="The board"),
        office(powers=()),
        office(seats=4),
        office(term=None),
        office(id=OfficeId("b")),
    ]
    assert len({office_digest(one) for one in (OFFICE, *others)}) == 6
    assert office_digest(office()) == "cfe859e8719b6955ac6f0f5a246c4e677879e208612a78bd8be90255fb9646d0"
