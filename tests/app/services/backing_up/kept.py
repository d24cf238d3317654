"""A federation to back up, with rows in every table; backups opened, altered and sealed again."""

import asyncio
import io
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pyrage
from piccolo.columns import BigInt, Bytea
from piccolo.querystring import QueryString
from piccolo.table import Table

from app.ledger.asking import Idempotency
from app.security.signer import Signer
from app.services.backing_up.frames import End, Frame, FrameReader, FrameWriter
from app.services.backing_up.keys import Identity, Recipient
from app.services.backing_up.sealing import seal, unseal
from app.settings import Database, Settings
from app.store.changes import Cell, Changes, Put, columns, key_of, name_of
from app.store.engines import AnyEngine
from app.store.tables import FLEETING, KEPT, IdempotencyKey
from app.store.writing import writer_for
from governance.commands.polls import Cast
from governance.ids import PollId
from tests.app.ledger.small_federation import COOPS, Running, delegate

IDENTITY = Identity(pyrage.x25519.Identity.generate())
TO = (Recipient(IDENTITY.key.to_public()),)


def settings_of(place: Path, database: Database) -> Settings:
    """The settings of what `Running` has in a place."""
    return Settings(database=database, keys_dir=place / "keys", signed_dir=place / "keys")


async def lived(running: Running) -> PollId:
    """Let something happen in each table that a backup keeps, or leaves out. Gives a poll with the ballot of one coop."""
    await running.carry(await running.propose(words="First."))
    poll = await running.propose(words="Second.")
    statement = await running.ballot(poll, COOPS[0])
    asked = Idempotency(principal="p", operation="cast", key="k", fingerprint="f")
    await running.ledger.submit(Cast(statement=statement), actor=delegate(COOPS[0]), idempotency=asked)
    await invent_rows(running.engine, [table for table in (*KEPT, *FLEETING) if table is not IdempotencyKey])
    return poll


async def invent_rows(engine: AnyEngine, tables: Sequence[type[Table]], most: int = 3) -> None:
    """Rows of any content: the first is full, the others have nothing wherever that is allowed."""
    changes = Changes()
    for table in tables:
        for number in range(most):
            row: dict[str, Cell] = {}
            for column in table._meta.columns:
                name = column._meta.db_column_name
                if column._meta.null and number:
                    row[name] = None
                elif isinstance(column, BigInt):
                    row[name] = number
                elif isinstance(column, Bytea):
                    row[name] = bytes([0, number, 255])
                else:
                    row[name] = f"{name} \u00fc{number}"
            changes.add(Put(table=table, row=row))
    writer = writer_for(engine)
    await writer.open()
    await writer.begin()
    await writer.write(changes)
    await writer.commit()
    await writer.close()


async def contents(engine: AnyEngine, tables: Sequence[type[Table]]) -> dict[str, list[tuple[object, ...]]]:
    """All rows of these tables, in an order that both engines have."""
    found = {}
    for table in tables:
        names = columns(table)
        listed = ", ".join(f'"{name}"' for name in names)
        rows = await engine.run_querystring(QueryString(f"SELECT {listed} FROM {name_of(table)}"))  # noqa: S608 - names are ours
        key = names.index(key_of(table))
        found[name_of(table)] = sorted(
            (tuple(row[name] for name in names) for row in rows), key=lambda row: str(row[key])
        )
    return found


async def opened_frames(path: Path) -> list[Frame]:
    """The frames of a backup."""
    reader, frames = FrameReader(), list[Frame]()

    async def take(piece: bytes) -> None:
        frames.extend(reader.feed(piece))

    with path.open("rb") as file:
        await unseal(file, [IDENTITY], take)
    reader.finish()
    return frames


def plain_bytes(path: Path) -> bytes:
    """What stands in a backup before it is encrypted, as another tool for age shows it."""
    return pyrage.decrypt(path.read_bytes(), [IDENTITY.key])


async def seal_frames(path: Path, frames: Sequence[Frame], signer: Signer | None) -> None:
    """Write a backup of these frames. With a signer, its end is vouched for anew, whatever the last frame says."""
    writer, pieces = FrameWriter(), list[bytes]()
    for frame in frames:
        last = End(note=signer.vouch(writer.digest)) if signer is not None and isinstance(frame, End) else frame
        pieces.append(writer.bytes_of(last))
    await seal_bytes(path, b"".join(pieces))


async def seal_bytes(path: Path, data: bytes) -> None:
    """Write an encrypted file with anything in it."""

    async def pieces() -> AsyncIterator[bytes]:
        yield data

    file = io.BytesIO()
    await seal(pieces(), file, TO)
    await asyncio.to_thread(path.write_bytes, file.getvalue())
