from hypothesis import given
from hypothesis import strategies as st

from app.store.tree import frontier_of, position
from governance.log.merkle import Frontier


def test_positions_are_dense_and_in_the_order_of_completion() -> None:
    frontier = Frontier()
    made = [position(level, index) for _ in range(300) for level, index, _ in frontier.append_nodes(bytes(32))]
    assert made == list(range(len(made)))


@given(size=st.integers(0, 10_000))
def test_a_tree_is_made_of_one_complete_node_for_each_binary_one(size: int) -> None:
    covered = [leaf for level, index in frontier_of(size) for leaf in range(index << level, (index + 1) << level)]
    assert covered == list(range(size))
    assert len(frontier_of(size)) == size.bit_count()
