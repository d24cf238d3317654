import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.log.errors import (
    ConsistencyFalse,
    DecimalInvalid,
    FrontierInvalid,
    HashLengthWrong,
    InclusionFalse,
    ProofRangeInvalid,
)
from governance.log.merkle import (
    EMPTY_ROOT,
    MAX_PROOF,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from tests.governance.log.invented import leaves, node_of
from tests.governance.log.vector_files import Vector, load, refusal_of, vectors

LARGEST = 70
LEAVES = leaves(3_000)
NODE = node_of(LEAVES)


def defined_root(hashes: list[bytes]) -> bytes:
    """RFC 9162 section 2.1.1, word for word."""
    if not hashes:
        return hashlib.sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return hashlib.sha256(b"\x01" + defined_root(hashes[:split]) + defined_root(hashes[split:])).digest()


ROOTS_OF_HALF = (defined_root(LEAVES[:4]), defined_root(LEAVES[4:8]))
ROOTS = [defined_root(LEAVES[:size]) for size in range(LARGEST + 1)]


@vectors("tree")
def test_roots_are_those_of_certificate_transparency(vector: Vector) -> None:
    entries = [bytes.fromhex(leaf) for leaf in vector["leaves"]]
    assert root_of(leaf_hash(entry) for entry in entries).hex() == vector["root"]


@vectors("inclusion")
def test_inclusion_proofs_are_judged_as_the_vectors_say(vector: Vector) -> None:
    def judge() -> None:
        verify_inclusion(
            leaf=bytes.fromhex(vector["leaf"]),
            index=vector["index"],
            size=vector["size"],
            proof=[bytes.fromhex(step) for step in vector["proof"]],
            root=bytes.fromhex(vector["root"]),
        )

    assert refusal_of(judge) == vector["error"]


@vectors("consistency")
def test_consistency_proofs_are_judged_as_the_vectors_say(vector: Vector) -> None:
    def judge() -> None:
        verify_consistency(
            old=vector["old"],
            old_root=bytes.fromhex(vector["old_root"]),
            new=vector["new"],
            new_root=bytes.fromhex(vector["new_root"]),
            proof=[bytes.fromhex(step) for step in vector["proof"]],
        )

    assert refusal_of(judge) == vector["error"]


def test_the_proofs_of_the_vectors_are_those_that_are_made() -> None:
    hashes = [leaf_hash(bytes.fromhex(leaf)) for leaf in load("tree")["vectors"][-1]["leaves"]]
    node = node_of(hashes)
    for vector in load("inclusion")["vectors"]:
        if vector["error"] is None:
            made = inclusion_proof(vector["index"], vector["size"], node)
            assert [step.hex() for step in made] == vector["proof"]
    for vector in load("consistency")["vectors"]:
        if vector["error"] is None:
            made = consistency_proof(vector["old"], vector["new"], node)
            assert [step.hex() for step in made] == vector["proof"]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert Frontier().root() == EMPTY_ROOT == hashlib.sha256(b"").digest()
    assert Frontier().size == 0


def test_leaves_and_nodes_are_told_apart() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)


def test_the_frontier_gives_the_root_of_the_definition_at_every_size() -> None:
    frontier = Frontier()
    for size in range(LARGEST + 1):
        assert frontier.size == size
        assert frontier.root() == ROOTS[size]
        frontier.append(LEAVES[size])


@given(st.integers(0, len(LEAVES)))
def test_the_frontier_gives_the_root_of_the_definition_for_larger_trees(size: int) -> None:
    assert root_of(LEAVES[:size]) == defined_root(LEAVES[:size])


@given(st.integers(0, 300), st.integers(0, 40))
def test_a_frontier_goes_on_from_what_was_stored(size: int, more: int) -> None:
    frontier = Frontier()
    for leaf in LEAVES[:size]:
        frontier.append(leaf)
    resumed = Frontier.resume(frontier.size, frontier.hashes)
    for leaf in LEAVES[size : size + more]:
        resumed.append(leaf)
    assert resumed.size == size + more
    assert resumed.root() == root_of(LEAVES[: size + more])


@given(st.integers(0, 100))
def test_a_copy_grows_on_its_own(size: int) -> None:
    frontier = Frontier()
    for leaf in LEAVES[:size]:
        frontier.append(leaf)
    twin = frontier.copy()
    twin.append(LEAVES[size])
    assert (frontier.size, frontier.root()) == (size, root_of(LEAVES[:size]))
    assert (twin.size, twin.root()) == (size + 1, root_of(LEAVES[: size + 1]))


def test_a_frontier_with_a_hash_too_few_or_too_many_is_refused() -> None:
    for count in (0, 1, 3):
        with pytest.raises(FrontierInvalid):
            Frontier.resume(6, LEAVES[:count])


def test_a_frontier_with_a_wrong_hash_or_size_is_refused() -> None:
    with pytest.raises(HashLengthWrong):
        Frontier.resume(1, [b"x" * 31])
    for size in (-1, 2**63):
        with pytest.raises(DecimalInvalid):
            Frontier.resume(size, [])


def test_the_frontier_reports_each_complete_node_once_with_its_hash() -> None:
    frontier, stored = Frontier(), dict[tuple[int, int], bytes]()
    for size, leaf in enumerate(LEAVES[:LARGEST]):
        for level, index, found in frontier.append_nodes(leaf):
            assert (level, index) not in stored
            assert found == defined_root(LEAVES[index << level : (index + 1) << level])
            stored[level, index] = found
        assert frontier.size == size + 1
        assert frontier.root() == ROOTS[size + 1]
    assert len(stored) == sum(LARGEST >> level for level in range(7))


def test_stored_nodes_are_all_that_any_proof_needs() -> None:
    frontier, stored = Frontier(), dict[tuple[int, int], bytes]()
    for size, leaf in enumerate(LEAVES[:LARGEST], 1):
        stored.update(((level, index), found) for level, index, found in frontier.append_nodes(leaf))
        for index in range(size):
            proof = inclusion_proof(index, size, lambda level, at: stored[level, at])
            assert proof == inclusion_proof(index, size, NODE)


def test_every_entry_of_every_small_log_is_proven() -> None:
    for size in range(1, LARGEST + 1):
        for index in range(size):
            proof = inclusion_proof(index, size, NODE)
            verify_inclusion(leaf=LEAVES[index], index=index, size=size, proof=proof, root=ROOTS[size])


def test_the_growth_of_every_small_log_is_proven() -> None:
    for new in range(1, LARGEST + 1):
        for old in range(1, new + 1):
            proof = consistency_proof(old, new, NODE)
            verify_consistency(old=old, old_root=ROOTS[old], new=new, new_root=ROOTS[new], proof=proof)


@given(st.data())
def test_entries_and_growth_of_larger_logs_are_proven(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, len(LEAVES)))
    old = data.draw(st.integers(1, new))
    root = root_of(LEAVES[:new])
    proof = inclusion_proof(old - 1, new, NODE)
    verify_inclusion(leaf=LEAVES[old - 1], index=old - 1, size=new, proof=proof, root=root)
    proof = consistency_proof(old, new, NODE)
    verify_consistency(old=old, old_root=root_of(LEAVES[:old]), new=new, new_root=root, proof=proof)


@given(st.integers(1, 2**62), st.data())
def test_no_proof_is_longer_than_the_formats_allow(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    assert len(inclusion_proof(index, size, lambda _level, _index: EMPTY_ROOT)) <= MAX_PROOF
    assert len(consistency_proof(index + 1, size, lambda _level, _index: EMPTY_ROOT)) <= MAX_PROOF


def mutations(proof: tuple[bytes, ...], data: st.DataObject) -> tuple[bytes, ...]:
    """Another proof: one bit flipped, one hash less, one hash more, or two neighbours exchanged."""
    steps = list(proof)
    place = data.draw(st.integers(0, len(steps)))
    if place == len(steps) or data.draw(st.booleans()):
        steps.insert(place, data.draw(st.sampled_from([*LEAVES[:4], *ROOTS[1:]])))
    elif data.draw(st.booleans()):
        del steps[place]
    elif place and data.draw(st.booleans()):
        steps[place - 1], steps[place] = steps[place], steps[place - 1]
    else:
        bit = data.draw(st.integers(0, 255))
        flipped = bytearray(steps[place])
        flipped[bit // 8] ^= 1 << bit % 8
        steps[place] = bytes(flipped)
    return tuple(steps)


@given(st.data())
def test_an_inclusion_proof_altered_anywhere_is_refused(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, LARGEST))
    index = data.draw(st.integers(0, size - 1))
    altered = mutations(inclusion_proof(index, size, NODE), data)
    with pytest.raises(InclusionFalse):
        verify_inclusion(leaf=LEAVES[index], index=index, size=size, proof=altered, root=ROOTS[size])


@given(st.data())
def test_a_consistency_proof_altered_anywhere_is_refused(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, LARGEST))
    old = data.draw(st.integers(1, new))
    altered = mutations(consistency_proof(old, new, NODE), data)
    with pytest.raises(ConsistencyFalse):
        verify_consistency(old=old, old_root=ROOTS[old], new=new, new_root=ROOTS[new], proof=altered)


def test_an_inclusion_proof_fits_no_other_place_entry_or_root() -> None:
    size = 11
    for index, other in pairwise([*range(size), 0]):
        proof = inclusion_proof(index, size, NODE)
        for leaf, place, root in (
            (LEAVES[other], index, ROOTS[size]),
            (LEAVES[index], other, ROOTS[size]),
            (LEAVES[index], index, ROOTS[size - 1]),
        ):
            with pytest.raises(InclusionFalse):
                verify_inclusion(leaf=leaf, index=place, size=size, proof=proof, root=root)


@pytest.mark.parametrize(("index", "size"), [(0, 8), (7, 8), (0, 2), (1, 1), (8, 8), (-1, 1), (0, 0)])
def test_the_root_itself_is_no_entry_although_it_leads_to_the_root(index: int, size: int) -> None:
    with pytest.raises(InclusionFalse):
        verify_inclusion(leaf=ROOTS[8], index=index, size=size, proof=(), root=ROOTS[8])


def test_an_inclusion_proof_of_another_length_is_refused_although_it_leads_to_the_root() -> None:
    proof = inclusion_proof(5, 8, NODE)
    with pytest.raises(InclusionFalse, match="too short"):
        verify_inclusion(leaf=LEAVES[5], index=5, size=8, proof=proof[:2], root=ROOTS_OF_HALF[1])
    longer = node_hash(LEAVES[0], ROOTS[8])
    with pytest.raises(InclusionFalse, match="too long"):
        verify_inclusion(leaf=LEAVES[5], index=5, size=8, proof=(*proof, LEAVES[0]), root=longer)


def test_a_consistency_proof_of_another_length_is_refused_although_it_leads_to_the_roots() -> None:
    proof = consistency_proof(6, 8, NODE)
    with pytest.raises(ConsistencyFalse, match="too short"):
        verify_consistency(old=6, old_root=NODE(1, 2), new=8, new_root=ROOTS_OF_HALF[1], proof=proof[:2])
    old_root, new_root = (node_hash(LEAVES[0], root) for root in (ROOTS[6], ROOTS[8]))
    with pytest.raises(ConsistencyFalse, match="too long"):
        verify_consistency(old=6, old_root=old_root, new=8, new_root=new_root, proof=(*proof, LEAVES[0]))


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (4, 3), (-1, 3)])
def test_there_is_no_proof_for_an_entry_outside_the_log(index: int, size: int) -> None:
    with pytest.raises(ProofRangeInvalid):
        inclusion_proof(index, size, NODE)


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 3), (4, 3), (-1, 3)])
def test_there_is_no_proof_from_nothing_or_from_a_larger_log(old: int, new: int) -> None:
    with pytest.raises(ProofRangeInvalid):
        consistency_proof(old, new, NODE)
