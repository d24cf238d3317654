import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pyrage
import pytest

from app.security.keys import KeyExists
from app.services.backing_up.errors import BackupKeyInvalid, BackupUnknown
from app.services.backing_up.keys import Identity, Recipient, make_identity, read_identities, read_recipients
from app.services.backing_up.sealing import seal, unseal
from governance.instants import Instant
from tests.app.services.backing_up.kept import IDENTITY, TO

pytestmark = pytest.mark.anyio
AT = Instant("2026-03-01T12:00:00.000000Z")
PIECE = bytes(range(256)) * 1_000


async def pieces(number: int) -> AsyncIterator[bytes]:
    for nth in range(number):
        yield bytes([nth]) + PIECE


async def opened(data: bytes, identity: Identity = IDENTITY) -> bytes:
    found = bytearray()

    async def take(piece: bytes) -> None:
        found.extend(piece)

    await unseal(io.BytesIO(data), [identity], take)
    return bytes(found)


async def sealed(number: int) -> bytes:
    file = io.BytesIO()
    await seal(pieces(number), file, TO)
    return file.getvalue()


@pytest.mark.parametrize("number", [0, 1, 30])
async def test_what_was_sealed_is_opened_again_and_by_any_tool_for_age(number: int) -> None:
    data = await sealed(number)
    wanted = b"".join([piece async for piece in pieces(number)])
    assert await opened(data) == wanted
    assert pyrage.decrypt(data, [IDENTITY.key]) == wanted


async def test_each_of_several_recipients_can_open_it() -> None:
    other = Identity(pyrage.x25519.Identity.generate())
    file = io.BytesIO()
    await seal(pieces(1), file, [*TO, Recipient(other.key.to_public())])
    assert await opened(file.getvalue()) == await opened(file.getvalue(), other)


async def test_pieces_are_taken_and_given_as_they_come_and_not_kept() -> None:
    file = io.BytesIO()
    held: list[int] = []

    async def counted() -> AsyncIterator[bytes]:
        for nth in range(40):
            held.append(nth * len(PIECE) - file.tell())
            yield PIECE

    await seal(counted(), file, TO)
    assert max(held) < 2 * len(PIECE)
    lengths: list[int] = []

    async def take(piece: bytes) -> None:
        lengths.append(len(piece))

    await unseal(io.BytesIO(file.getvalue()), [IDENTITY], take)
    assert len(lengths) > 5
    assert sum(lengths) == 40 * len(PIECE)


class Refused(Exception):
    """What a test raises."""


class Broken(io.BytesIO):
    """A file that fails."""

    def write(self, data: object) -> int:
        raise Refused(data)

    def read(self, most: int | None = -1) -> bytes:
        if self.tell() > 100_000:
            raise Refused
        return super().read(most)


async def failing() -> AsyncIterator[bytes]:
    yield PIECE
    raise Refused


async def test_an_error_of_the_pieces_or_of_a_file_comes_out_as_itself() -> None:
    with pytest.raises(Refused):
        await seal(failing(), io.BytesIO(), TO)
    with pytest.raises(Refused):
        await seal(pieces(3), Broken(), TO)
    with pytest.raises(Refused):
        await unseal(Broken(await sealed(3)), [IDENTITY], ignore)


async def ignore(_: bytes) -> None:
    pass


async def test_an_error_of_whoever_takes_the_pieces_comes_out_as_itself() -> None:
    async def take(_: bytes) -> None:
        raise Refused

    for number in (1, 30):
        with pytest.raises(Refused):
            await unseal(io.BytesIO(await sealed(number)), [IDENTITY], take)


async def test_sealing_that_is_cancelled_ends() -> None:
    begun, file = asyncio.Event(), io.BytesIO()

    async def endless() -> AsyncIterator[bytes]:
        while True:
            begun.set()
            yield PIECE

    task = asyncio.create_task(seal(endless(), file, TO))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_what_is_not_encrypted_is_told_from_what_is_damaged() -> None:
    for data in (b"", b"SQLite format 3\x00", b"age-encryption.org/v2\n"):
        with pytest.raises(BackupUnknown):
            await opened(data)


def test_an_identity_is_written_once_for_its_owner_only_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "key"
    recipient = make_identity(path, AT)
    assert path.stat().st_mode & 0o777 == 0o600
    (identity,) = read_identities(path)
    assert str(identity.key.to_public()) == str(recipient)
    assert [str(one) for one in read_recipients(f" {recipient}\n{TO[0]} ")] == [str(recipient), str(TO[0])]
    with pytest.raises(KeyExists):
        make_identity(path, AT)
    assert "SECRET" not in repr(identity)


def test_what_is_no_recipient_is_refused_and_a_secret_is_never_repeated(tmp_path: Path) -> None:
    for text in ("", "age1", str(IDENTITY.key), str(IDENTITY.key).lower(), f"{TO[0]} x"):
        with pytest.raises(BackupKeyInvalid) as refused:
            read_recipients(text)
        assert str(IDENTITY.key)[20:] not in refused.value.detail
    path = tmp_path / "key"
    for data in (b"", b"# nothing\n", b"\xff", str(IDENTITY.key)[:-1].encode(), f"{IDENTITY.key}\nmore".encode()):
        path.write_bytes(data)
        with pytest.raises(BackupKeyInvalid) as refused:
            read_identities(path)
        assert str(IDENTITY.key)[20:40] not in refused.value.detail
    path.write_text(f"\ufeff# one\r\n\r\n{IDENTITY.key}\r\n", encoding="utf-8")
    assert len(read_identities(path)) == 1
