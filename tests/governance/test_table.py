from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from governance.table import Table

KEYS = st.integers(0, 5)
VALUES = st.integers(0, 3).map(str)


class Layers(RuleBasedStateMachine):
    """Overlays of overlays, each beside a plain dict that is copied where the table is overlaid."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[Table[int, str]] = [Table()]
        self.models: list[dict[int, str]] = [{}]

    @initialize(content=st.dictionaries(KEYS, VALUES))
    def begin(self, content: dict[int, str]) -> None:
        for key, value in content.items():
            self.tables[0].put(key, value)
        self.models[0].update(content)

    @rule(key=KEYS, value=VALUES)
    def put(self, key: int, value: str) -> None:
        self.tables[-1].put(key, value)
        self.models[-1][key] = value

    @rule(key=KEYS)
    def remove(self, key: int) -> None:
        self.tables[-1].remove(key)
        self.models[-1].pop(key, None)

    @rule()
    def overlay(self) -> None:
        self.tables.append(Table(self.tables[-1]))
        self.models.append(dict(self.models[-1]))

    @rule()
    def merge(self) -> None:
        self.tables[-1].merge()
        if len(self.models) > 1:
            self.models[-2] = dict(self.models[-1])

    @rule()
    def drop(self) -> None:
        if len(self.tables) > 1:
            self.tables.pop()
            self.models.pop()

    @invariant()
    def each_layer_is_like_its_dict(self) -> None:
        for table, model in zip(self.tables, self.models, strict=True):
            assert dict(table.items()) == model
            assert sorted(table.values()) == sorted(model.values())
            assert len(table) == len(model)
            for key in range(6):
                assert table.get(key) == model.get(key)
                assert (key in table) == (key in model)


TestLayers: Any = Layers.TestCase
TestLayers.settings = settings(max_examples=50, stateful_step_count=30)


@given(st.lists(KEYS))
def test_a_table_keeps_the_order_in_which_keys_first_came(keys: list[int]) -> None:
    plain: Table[int, str] = Table()
    below: Table[int, str] = Table()
    laid_over = Table(below)
    for at, key in enumerate(keys):
        plain.put(key, str(at))
        (below if at < len(keys) // 2 else laid_over).put(key, str(at))
    assert list(laid_over.items()) == list(plain.items())
    laid_over.merge()
    assert list(below.items()) == list(plain.items())


def test_each_key_is_listed_once_however_many_layers_have_it() -> None:
    below: Table[str, int] = Table()
    below.put("a", 1)
    over = Table(below)
    over.put("a", 2)
    assert list(over.items()) == [("a", 2)]
    assert list(below.items()) == [("a", 1)]


def test_an_overlay_that_was_merged_has_nothing_of_its_own_any_more() -> None:
    below: Table[str, int] = Table()
    over = Table(below)
    over.put("a", 1)
    over.remove("b")
    over.merge()
    below.put("a", 2)
    below.put("b", 3)
    assert dict(over.items()) == {"a": 2, "b": 3}
