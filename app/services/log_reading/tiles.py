"""Tiles from the tables: the log as an auditor downloads it."""

from typing import Final

from app.ledger.errors import LogDamaged
from app.services.log_reading.errors import TileUnknown
from app.services.serving import Service
from app.store.log_reading import entries, nodes
from governance.log.tiles import WIDTH, EntryTile, HashTile, build_hashes, format_entries, format_path

_BITS: Final = 8


async def read_tile(service: Service, tile: HashTile | EntryTile) -> bytes:
    """The content of a tile. It never changes, because nothing of it lies beyond a signed checkpoint.

    Raises:
        TileUnknown: the log is not that long, or not yet.
        LogDamaged: the database lacks a part of it.
    """
    level = tile.level if isinstance(tile, HashTile) else 0
    first = tile.index * WIDTH
    size = (await service.published.reaching((first + tile.width) << _BITS * level)).size
    there = (size >> _BITS * level) - first
    if there < tile.width:
        raise TileUnknown(
            f"The log has {size} entries, and {format_path(tile)} is not covered by them"
            + (f", but {max(there, 0)} of its items are. Ask for the partial tile of that width." if there > 0 else ".")
        )
    run = service.engine.run_querystring
    if isinstance(tile, HashTile):
        wanted = [(_BITS * level, first + offset) for offset in range(tile.width)]
        found = await nodes(run, wanted)
        if len(found) < tile.width:
            raise LogDamaged(f"Hashes of {format_path(tile)} are missing. Restore the database.")
        return build_hashes(tile, lambda at, index: found[at, index])
    stored = await entries(run, first, first + tile.width)
    if len(stored) < tile.width:
        raise LogDamaged(f"Entries of {format_path(tile)} are missing. Restore the database.")
    return format_entries([one.data for one in stored])
