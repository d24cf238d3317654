"""Where the hashes of complete subtrees are stored: one number each, dense, in the order in which they become complete.

Source: `StoredHashIndex` of golang.org/x/mod/sumdb/tlog. So appending only ever adds rows at the end, and the one whole
number is the primary key in both engines.
"""

from collections.abc import Iterable


def position(level: int, index: int) -> int:
    """The position of the node (level, index): how many nodes become complete before it."""
    # The node becomes complete with its last leaf, right after the nodes below it on that leaf's path.
    last_leaf = ((index + 1) << level) - 1
    return 2 * last_leaf - last_leaf.bit_count() + level


def frontier_of(size: int) -> list[tuple[int, int]]:
    """The nodes that a tree of `size` leaves is made of, the largest first."""
    nodes = []
    start = 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            nodes.append((level, start >> level))
            start += 1 << level
    return nodes


def positions(nodes: Iterable[tuple[int, int]]) -> dict[int, tuple[int, int]]:
    """Each node by its position."""
    return {position(level, index): (level, index) for level, index in nodes}
