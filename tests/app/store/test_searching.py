import pytest

from app.store.searching import folded, like


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Ñandú Ágil", "nandu agil"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Ｗide", "wide"),
        ("Ёлка", "елка"),
        ("协同", "协同"),
        ("", ""),
    ],
)
def test_a_name_is_folded_to_what_people_type(name: str, wanted: str) -> None:
    assert folded(name) == wanted


def test_folding_twice_changes_nothing() -> None:
    for name in ("Ñandú", "ﬁn", "İstanbul", "한국"):
        assert folded(folded(name)) == folded(name)


def test_what_is_special_in_a_pattern_is_taken_as_it_is() -> None:
    assert like("50%_!") == "%50!%!_!!%"
