"""Sealing a stream to public keys, and opening it again, in bounded memory: the age format (age-encryption.org/v1).

A server that makes backups needs the public key only, so it cannot read them. The encryption runs on a thread of its own, which
asks the event loop for the next piece, or hands it the next.
"""

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import Future
from typing import Any, BinaryIO, Final, TypeVar, cast

import pyrage

from app.services.backing_up.errors import BackupDamaged, BackupKeyWrong, BackupTruncated, BackupUnknown
from app.services.backing_up.keys import Identity, Recipient

T = TypeVar("T")
_MAGIC: Final = b"age-encryption.org/v1\n"
_PIECE: Final = 1_048_576
"""Bytes that are handed over at once."""


async def seal(pieces: AsyncIterator[bytes], file: BinaryIO, recipients: Sequence[Recipient]) -> None:
    """Write the pieces to a file, encrypted so that each of the recipients can read them.

    Raises:
        Exception: what the pieces or the file raise; then the file is not whole.
    """
    source, sink = _Source(pieces, asyncio.get_running_loop()), _Remembering(file)
    try:
        await asyncio.to_thread(pyrage.encrypt_io, _as_file(source), _as_file(sink), [one.key for one in recipients])
    except (pyrage.EncryptError, OSError):
        _raise_first(source.error, sink.error)
        raise
    finally:
        source.stopped = True


async def unseal(file: BinaryIO, identities: Sequence[Identity], take: Callable[[bytes], Awaitable[None]]) -> None:
    """Give what a file holds to `take`, piece by piece. Only when this returns was everything whole and unaltered.

    Raises:
        BackupUnknown: the file is not encrypted as backups are.
        BackupKeyWrong: none of the keys opens it.
        BackupTruncated, BackupDamaged: its end is missing; or it was altered.
        Exception: what `take` or the file raises.
    """
    if file.read(len(_MAGIC)) != _MAGIC:
        raise BackupUnknown("This file does not begin like a backup. Is it the right one?")
    file.seek(0)
    source, sink = _Counting(file), _Sink(take, asyncio.get_running_loop())
    try:
        await asyncio.to_thread(_open, source, sink, identities)
    except pyrage.DecryptError as error:
        _raise_first(source.error, sink.error)
        if "No matching keys" in str(error):
            raise BackupKeyWrong(
                "None of the keys given opens it: it was sealed to another one. Name the file that `rochdale backup-key` "
                "wrote for the recipient of this backup."
            ) from error
        raise _broken(source) from error
    except OSError as error:
        _raise_first(source.error, sink.error)
        raise _broken(source) from error
    finally:
        sink.stopped = True


def _raise_first(*errors: BaseException | None) -> None:
    """Raise the error that was the cause, in place of what the encryption says of it."""
    for error in errors:
        if error is not None:
            raise error


def _open(source: "_Counting", sink: "_Sink", identities: Sequence[Identity]) -> None:
    pyrage.decrypt_io(_as_file(source), _as_file(sink), [one.key for one in identities])
    sink.finish()


def _broken(source: "_Counting") -> BackupDamaged | BackupTruncated:
    if source.exhausted:
        return BackupTruncated(
            "Its end is missing or damaged. Copy it again from where it was kept, or take another one."
        )
    return BackupDamaged("Bytes of it are not those that were written. Copy it again, or take another one.")


def _as_file(one: "_Remembering | _Counting | _Source | _Sink") -> io.BufferedIOBase:
    """What the library's types ask for; it calls `read`, or `write` and `flush`, and nothing else."""
    return cast("io.BufferedIOBase", one)


class _Remembering:
    """A file to write to that remembers why it failed: the encryption passes on no more than words."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.error: Exception | None = None

    def write(self, data: bytes) -> int:
        try:
            return self._file.write(data)
        except Exception as error:
            self.error = error
            raise

    def flush(self) -> None:
        self._file.flush()


class _Counting:
    """A file to read from that knows when it was read to its end."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.exhausted = False
        self.error: Exception | None = None

    def read(self, most: int = -1) -> bytes:
        try:
            data = self._file.read(most)
        except Exception as error:
            self.error = error
            raise
        self.exhausted = self.exhausted or not data
        return data


class _Looped:
    """What the encrypting thread uses to let something happen on the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.stopped = False
        self.error: BaseException | None = None

    def _happen(self, work: Awaitable[T]) -> T:
        async def happening() -> T:
            return await work

        try:
            waited: Future[T] = asyncio.run_coroutine_threadsafe(happening(), self._loop)
            return waited.result()
        except BaseException as error:
            self.error = error
            raise

    def _refuse_stopped(self) -> None:
        if self.stopped:
            # No InterruptedError: at that the library would try again for ever.
            raise RuntimeError("nobody waits for this any more")


class _Source(_Looped):
    """A file to read from whose bytes come from an asynchronous iterator."""

    def __init__(self, pieces: AsyncIterator[bytes], loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self._pieces = pieces
        self._pending = io.BytesIO()

    def read(self, most: int = -1) -> bytes:
        while True:
            self._refuse_stopped()
            data = self._pending.read(most)
            if data:
                return data
            piece: Any = self._happen(anext(self._pieces, None))
            if piece is None:
                return b""
            self._pending = io.BytesIO(piece)


class _Sink(_Looped):
    """A file to write to whose bytes go to an asynchronous function, many at once."""

    def __init__(self, take: Callable[[bytes], Awaitable[None]], loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self._take = take
        self._pending = bytearray()

    def write(self, data: bytes) -> int:
        self._pending += data
        if len(self._pending) >= _PIECE:
            self.finish()
        return len(data)

    def flush(self) -> None:
        """Nothing: what is pending goes on when it is enough, or at the end."""

    def finish(self) -> None:
        """Hand over what is pending."""
        self._refuse_stopped()
        piece = bytes(self._pending)
        self._pending.clear()
        self._happen(self._take(piece))
