"""Tiles: the paths and contents under which a log serves its hashes and entries as files that never change.

Source: c2sp.org/tlog-tiles. A full tile has 256 items, a partial one 1 to 255. The hashes of a tile of level L are the
complete Merkle nodes of level 8 * L. Paths are relative to the log's prefix.
"""

import re
from collections.abc import Callable, Iterator, Sequence

import msgspec

from governance.log.errors import ProofRangeInvalid, TileInvalid, TilePathInvalid
from governance.log.merkle import Node, root_of
from governance.log.spelling import HASH_LENGTH, NUMBER_LIMIT, check_hash, check_number

WIDTH = 256
MAX_LEVEL = 63
MAX_ENTRY = 65_535
"""The longest entry in bytes: its length stands in 16 bits."""
_HEIGHT = 8
_PREFIX = 2
_LONGEST = 80
_SHOWN = 80
_PATH = re.compile(r"tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([0-9]{1,3}))?", re.ASCII)


class HashTile(msgspec.Struct, frozen=True, kw_only=True):
    """`width` hashes of a level, from hash `index` * 256 on.

    Raises, when made:
        TilePathInvalid: level, index or width is out of range.
    """

    level: int
    index: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        if not 0 <= self.level <= MAX_LEVEL:
            raise TilePathInvalid(f"There are tiles of levels 0 to {MAX_LEVEL}, and none of level {self.level}.")
        _check_tile(self.index, self.width)


class EntryTile(msgspec.Struct, frozen=True, kw_only=True):
    """`width` entries, from entry `index` * 256 on.

    Raises, when made:
        TilePathInvalid: index or width is out of range.
    """

    index: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        _check_tile(self.index, self.width)


def format_path(tile: HashTile | EntryTile) -> str:
    """The tile's path, such as `tile/0/x001/x234/067.p/8`."""
    number = f"{tile.index:03d}"
    # Whole groups of three digits; all but the last carry an x, so that no file has a directory's name.
    number = number.zfill(-(-len(number) // 3) * 3)
    groups = [number[start : start + 3] for start in range(0, len(number), 3)]
    path = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    kind = "entries" if isinstance(tile, EntryTile) else str(tile.level)
    return f"tile/{kind}/{path}" + ("" if tile.width == WIDTH else f".p/{tile.width}")


def parse_path(path: str) -> HashTile | EntryTile:
    """Read what `format_path` writes.

    Raises:
        TilePathInvalid: any other spelling, such as leading zeros, or a number out of range.
    """
    match = _PATH.fullmatch(path[:_LONGEST])
    if match:
        index = int(match[2].replace("x", "").replace("/", ""))
        width = WIDTH if match[3] is None else int(match[3])
        tile: HashTile | EntryTile
        if match[1] == "entries":
            tile = EntryTile(index=index, width=width)
        else:
            tile = HashTile(level=int(match[1]), index=index, width=width)
        if format_path(tile) == path:
            return tile
    raise TilePathInvalid(
        f"{path[:_SHOWN]!r} is not the path of a tile. Write it like tile/0/x001/234 or tile/entries/000.p/17."
    )


def hash_tiles(size: int, since: int = 0) -> Iterator[HashTile]:
    """The hash tiles that a log of `size` entries has, and had not in the same width at the size `since`.

    Raises:
        DecimalInvalid: a size is below 0, or 2**63 or more.
    """
    level, hashes, before = 0, check_number(size), check_number(since)
    while hashes:
        for index, width in _grown(hashes, before):
            yield HashTile(level=level, index=index, width=width)
        level, hashes, before = level + 1, hashes >> _HEIGHT, before >> _HEIGHT


def entry_tiles(size: int, since: int = 0) -> Iterator[EntryTile]:
    """The entry tiles that a log of `size` entries has, and had not in the same width at the size `since`.

    Raises:
        DecimalInvalid: a size is below 0, or 2**63 or more.
    """
    for index, width in _grown(check_number(size), check_number(since)):
        yield EntryTile(index=index, width=width)


def build_hashes(tile: HashTile, node: Node) -> bytes:
    """The content of a hash tile, from the stored nodes of the tree."""
    first = tile.index * WIDTH
    return b"".join(node(_HEIGHT * tile.level, first + offset) for offset in range(tile.width))


def format_hashes(hashes: Sequence[bytes]) -> bytes:
    """The content of a hash tile with these hashes.

    Raises:
        TileInvalid: there are not 1 to 256.
        HashLengthWrong: one has not 32 bytes.
    """
    _check_items(len(hashes))
    return b"".join(check_hash(one) for one in hashes)


def parse_hashes(content: bytes, width: int) -> tuple[bytes, ...]:
    """Read the hashes of a tile that is `width` wide.

    Raises:
        TileInvalid: the content is shorter or longer.
    """
    _check_items(width)
    if len(content) != width * HASH_LENGTH:
        raise TileInvalid(f"A hash tile {width} wide has {width * HASH_LENGTH} bytes, and this has {len(content)}.")
    return tuple(content[start : start + HASH_LENGTH] for start in range(0, len(content), HASH_LENGTH))


def format_entries(entries: Sequence[bytes]) -> bytes:
    """The content of an entry tile: each entry behind its length in 16 bits, big-endian.

    Raises:
        TileInvalid: there are not 1 to 256, or one is over 65,535 bytes long.
    """
    _check_items(len(entries))
    for entry in entries:
        if len(entry) > MAX_ENTRY:
            raise TileInvalid(
                f"An entry has at most {MAX_ENTRY} bytes, and this has {len(entry)}. Log its hash instead."
            )
    return b"".join(len(entry).to_bytes(_PREFIX, "big") + entry for entry in entries)


def parse_entries(content: bytes, width: int) -> tuple[bytes, ...]:
    """Read the entries of a tile that is `width` wide.

    Raises:
        TileInvalid: it ends within an entry, or has fewer or more.
    """
    _check_items(width)
    entries: list[bytes] = []
    position = 0
    for _ in range(width):
        start = position + _PREFIX
        position = start + int.from_bytes(content[position:start], "big")
        if max(start, position) > len(content):
            raise TileInvalid(f"The tile ends within entry {len(entries)} of {width}. Fetch it again.")
        entries.append(content[start:position])
    if position != len(content):
        raise TileInvalid(f"The tile has {len(content) - position} bytes after its {width} entries. Fetch it again.")
    return tuple(entries)


def tile_node(size: int, read: Callable[[HashTile], Sequence[bytes]]) -> Node:
    """A reader of tree nodes, for proofs, that takes them from the tiles of a log of `size` entries."""

    def node(level: int, index: int) -> bytes:
        tile_level, above = divmod(level, _HEIGHT)
        count = 1 << above
        number, offset = divmod(index << above, WIDTH)
        width = min(WIDTH, (size >> _HEIGHT * tile_level) - number * WIDTH)
        if not 0 <= offset <= width - count:
            raise ProofRangeInvalid(f"A log of {size} entries has no complete node {index} of level {level}.")
        hashes = read(HashTile(level=tile_level, index=number, width=width))
        return root_of(hashes[offset : offset + count])

    return node


def _grown(total: int, before: int) -> Iterator[tuple[int, int]]:
    """Index and width of the tiles that hold items from `before` up to `total`."""
    first = before // WIDTH * WIDTH
    if before < total:
        yield from ((start // WIDTH, min(WIDTH, total - start)) for start in range(first, total, WIDTH))


def _check_tile(index: int, width: int) -> None:
    if not 0 <= index < NUMBER_LIMIT:
        raise TilePathInvalid(f"A tile's index is from 0 to 2**63 - 1, and this is {index}.")
    if not 0 < width <= WIDTH:
        raise TilePathInvalid(f"A tile is 1 to {WIDTH} wide, and this {width}.")


def _check_items(width: int) -> None:
    if not 0 < width <= WIDTH:
        raise TileInvalid(f"A tile has 1 to {WIDTH} items, and this has {width}.")
