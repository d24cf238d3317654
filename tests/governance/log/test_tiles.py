import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import RochdaleError
from governance.log.errors import DecimalInvalid, HashLengthWrong, ProofRangeInvalid, TileInvalid, TilePathInvalid
from governance.log.merkle import consistency_proof, inclusion_proof, leaf_hash, root_of
from governance.log.tiles import (
    MAX_ENTRY,
    WIDTH,
    EntryTile,
    HashTile,
    build_hashes,
    entry_tiles,
    format_entries,
    format_hashes,
    format_path,
    hash_tiles,
    parse_entries,
    parse_hashes,
    parse_path,
    tile_node,
)
from tests.governance.log.invented import leaves, node_of
from tests.governance.log.vector_files import Vector, data_of, refusal_of, vectors

INDICES = st.integers(0, 2**63 - 1) | st.integers(0, 2_000)
WIDTHS = st.integers(1, WIDTH)
TILES = st.builds(HashTile, level=st.integers(0, 63), index=INDICES, width=WIDTHS) | st.builds(
    EntryTile, index=INDICES, width=WIDTHS
)
HASHES = st.binary(min_size=32, max_size=32)
# Above 65,536 entries a third level of tiles begins: a few entries more reach it.
LEAVES = leaves(70_000)
NODE = node_of(LEAVES)


@vectors("tile_path")
def test_paths_are_read_as_the_vectors_say(vector: Vector) -> None:
    path = vector["path"]
    assert refusal_of(lambda: parse_path(path)) == vector["error"]
    if vector["error"] is None:
        tile = parse_path(path)
        assert getattr(tile, "level", None) == vector["level"]
        assert (tile.index, tile.width) == (vector["index"], vector["width"])
        assert format_path(tile) == path


@vectors("tile_entries")
def test_entry_tiles_are_read_as_the_vectors_say(vector: Vector) -> None:
    content, width = data_of(vector), vector["width"]
    assert refusal_of(lambda: parse_entries(content, width)) == vector["error"]
    if vector["error"] is None:
        assert format_entries(parse_entries(content, width)) == content


@vectors("tile_hashes")
def test_hash_tiles_are_read_as_the_vectors_say(vector: Vector) -> None:
    content, width = data_of(vector), vector["width"]
    assert refusal_of(lambda: parse_hashes(content, width)) == vector["error"]
    if vector["error"] is None:
        assert format_hashes(parse_hashes(content, width)) == content


@given(TILES)
def test_a_path_is_read_as_it_was_written(tile: HashTile | EntryTile) -> None:
    assert parse_path(format_path(tile)) == tile


@given(st.text() | st.text("0123456789x/.p").map(lambda text: f"tile/0/{text}"))
def test_no_path_does_more_than_be_refused(path: str) -> None:
    try:
        tile = parse_path(path)
    except TilePathInvalid:
        return
    assert format_path(tile) == path


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=20) | st.just([b"", b"x" * MAX_ENTRY] * 3))
def test_entries_are_read_as_they_were_written(entries: list[bytes]) -> None:
    assert parse_entries(format_entries(entries), len(entries)) == tuple(entries)


@given(st.lists(HASHES, min_size=1, max_size=WIDTH))
def test_hashes_are_read_as_they_were_written(hashes: list[bytes]) -> None:
    assert parse_hashes(format_hashes(hashes), len(hashes)) == tuple(hashes)


@given(st.binary(max_size=200), st.integers(0, 6))
def test_no_content_does_more_than_be_refused(content: bytes, width: int) -> None:
    try:
        entries = parse_entries(content, width)
    except TileInvalid:
        return
    assert format_entries(entries) == content


def test_an_entry_of_65536_bytes_is_refused() -> None:
    with pytest.raises(TileInvalid):
        format_entries([b"x" * (MAX_ENTRY + 1)])


@pytest.mark.parametrize("count", [0, 257])
def test_a_tile_has_1_to_256_items(count: int) -> None:
    with pytest.raises(TileInvalid):
        format_entries([b""] * count)
    with pytest.raises(TileInvalid):
        format_hashes([bytes(32)] * count)
    with pytest.raises(TilePathInvalid):
        EntryTile(index=0, width=count)


def test_a_tile_holds_only_hashes_of_32_bytes() -> None:
    with pytest.raises(HashLengthWrong):
        format_hashes([b"x" * 31, b"x" * 33])


@pytest.mark.parametrize("level", [-1, 64])
def test_a_tile_of_a_level_that_is_not_there_is_refused(level: int) -> None:
    with pytest.raises(TilePathInvalid):
        HashTile(level=level, index=0)


@pytest.mark.parametrize("index", [-1, 2**63])
def test_a_tile_with_an_index_that_cannot_be_is_refused(index: int) -> None:
    with pytest.raises(TilePathInvalid):
        HashTile(level=0, index=index)


def test_70000_entries_have_the_tiles_of_the_specifications_example() -> None:
    tiles = list(hash_tiles(70_000))
    full = [tile for tile in tiles if tile.width == WIDTH]
    assert [tile.index for tile in full if tile.level == 0] == list(range(273))
    assert [tile.index for tile in full if tile.level == 1] == [0]
    assert [(tile.level, tile.index, tile.width) for tile in tiles if tile.width < WIDTH] == [
        (0, 273, 112),
        (1, 1, 17),
        (2, 0, 1),
    ]
    assert [(tile.index, tile.width) for tile in entry_tiles(70_000)][-2:] == [(272, 256), (273, 112)]


def test_256_entries_have_a_full_tile_and_a_partial_one_above_it() -> None:
    assert list(hash_tiles(256)) == [HashTile(level=0, index=0), HashTile(level=1, index=0, width=1)]
    assert list(hash_tiles(1)) == [HashTile(level=0, index=0, width=1)]
    assert list(entry_tiles(1)) == [EntryTile(index=0, width=1)]
    assert not list(hash_tiles(0))
    assert not list(entry_tiles(0))


@given(st.integers(0, 200_000), st.integers(0, 200_000))
def test_growing_writes_the_tiles_that_were_not_there_before(one: int, other: int) -> None:
    since, size = sorted((one, other))
    assert set(hash_tiles(size, since)) == set(hash_tiles(size)) - set(hash_tiles(since))
    assert set(entry_tiles(size, since)) == set(entry_tiles(size)) - set(entry_tiles(since))


def test_there_are_no_tiles_of_a_log_that_cannot_be() -> None:
    for size, since in ((-1, 0), (2**63, 0), (1, -1)):
        with pytest.raises(DecimalInvalid):
            list(hash_tiles(size, since))
        with pytest.raises(DecimalInvalid):
            list(entry_tiles(size, since))


def test_hash_tiles_are_built_from_the_nodes_of_the_tree() -> None:
    assert build_hashes(HashTile(level=0, index=1, width=3), NODE) == b"".join(LEAVES[256:259])
    above = parse_hashes(build_hashes(HashTile(level=1, index=0), NODE), 256)
    assert above[7] == root_of(LEAVES[7 * 256 : 8 * 256])
    assert build_hashes(HashTile(level=2, index=0, width=1), NODE) == root_of(above) == root_of(LEAVES[:65_536])


def test_the_entries_of_a_tile_hash_to_its_leaves() -> None:
    entries = [b"entry %d" % index for index in range(256)]
    content = format_entries(entries)
    assert [leaf_hash(entry) for entry in parse_entries(content, 256)] == LEAVES[:256]


def served(size: int) -> dict[HashTile, tuple[bytes, ...]]:
    return {tile: parse_hashes(build_hashes(tile, NODE), tile.width) for tile in hash_tiles(size)}


@given(st.integers(1, 1_500), st.data())
def test_tiles_are_all_that_any_proof_needs(size: int, data: st.DataObject) -> None:
    tiles = served(size)
    node = tile_node(size, tiles.__getitem__)
    index = data.draw(st.integers(0, size - 1))
    assert inclusion_proof(index, size, node) == inclusion_proof(index, size, NODE)
    assert consistency_proof(index + 1, size, node) == consistency_proof(index + 1, size, NODE)


def test_tiles_give_the_nodes_of_every_level() -> None:
    node = tile_node(70_000, served(70_000).__getitem__)
    for level, index in ((0, 69_999), (1, 7), (7, 545), (8, 272), (12, 16), (15, 1), (16, 0)):
        assert node(level, index) == root_of(LEAVES[index << level : (index + 1) << level])


@pytest.mark.parametrize(("level", "index"), [(0, 600), (1, 300), (8, 2), (9, 1), (10, 0), (40, 0), (0, -1)])
def test_tiles_have_no_node_that_is_not_complete(level: int, index: int) -> None:
    node = tile_node(600, served(600).__getitem__)
    with pytest.raises(RochdaleError) as refused:
        node(level, index)
    assert isinstance(refused.value, (ProofRangeInvalid, TilePathInvalid))
