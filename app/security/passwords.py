"""Passwords: prepared, judged, hashed with Argon2id (RFC 9106) and checked, off the event loop.

Preparation follows the OpaqueString profile of RFC 8265 in what it lets through: case is kept, every space is U+0020, and
control, unassigned and private characters are refused. In one thing it departs from it: NFKC in place of NFC, as NIST
SP 800-63B asks, so that a full-width keyboard types the same password as any other.
"""

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from governance.errors import Refusal, RochdaleError
from governance.value import Value

T = TypeVar("T")
SHORTEST: Final = 12
"""Characters of a password, at least."""
LONGEST: Final = 1_024
"""Bytes of a password in UTF-8, at most."""
_VARIED: Final = 5
_SALT: Final = 16
_AT_ONCE: Final = 2
_WAITING: Final = 256
# Co, Cs, Cn, Cc: private, half a surrogate pair, unassigned (its normal form could still change), control.
_UNTYPED: Final = frozenset({"Cc", "Cn", "Co", "Cs"})


class PasswordRefused(Refusal):
    """This cannot be a password."""

    code = "password_refused"


class PasswordTooShort(PasswordRefused):
    """The password is too short."""

    code = "password_too_short"


class PasswordTooLong(PasswordRefused):
    """The password is too long."""

    code = "password_too_long"


class PasswordTooPlain(PasswordRefused):
    """The password is too easily guessed."""

    code = "password_too_plain"


class PasswordUntypable(PasswordRefused):
    """The password has a character that cannot be typed the same way again."""

    code = "password_untypable"


class PasswordsBusy(RochdaleError):
    """Too many passwords are waiting to be checked. Try again in a moment."""

    code = "passwords_busy"


class Parameters(Value):
    """What a hash costs: passes, memory in KiB, lanes."""

    passes: int
    memory: int
    lanes: int


PARAMETERS: Final = Parameters(passes=3, memory=65_536, lanes=4)
"""The second recommended option of RFC 9106, section 4: three passes over 64 MiB in four lanes."""


class Passwords:
    """Hashes and checks, a bounded number at a time; the rest waits in a bounded queue."""

    __slots__ = ("_hasher", "_nobody", "_threads", "_waiting")

    def __init__(self, parameters: Parameters = PARAMETERS) -> None:
        """Take the costs of new hashes; older ones are still read, whatever they cost."""
        self._hasher = PasswordHasher(
            time_cost=parameters.passes,
            memory_cost=parameters.memory,
            parallelism=parameters.lanes,
            hash_len=32,
            salt_len=_SALT,
            type=Type.ID,
        )
        # What an account without a hash is checked against, so that the answer takes as long as for one with.
        self._nobody = self._hasher.hash("nobody's password", salt=bytes(_SALT))
        self._threads = ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="passwords")
        self._waiting = 0

    async def hash(self, password: str, salt: bytes, *known: str) -> str:
        """The hash to be stored of a new password, with 16 random bytes.

        Raises:
            PasswordRefused: by one of its subclasses, as `judge` does.
            PasswordsBusy: too many are waiting.
        """
        prepared = judge(password, *known)
        return await self._run(lambda: self._hasher.hash(prepared, salt=salt))

    async def check(self, password: str, stored: str | None) -> bool:
        """Whether it is the password of a hash. Without one it is not, after just as much work.

        Raises:
            PasswordsBusy: too many are waiting.
        """
        prepared = _prepare(password)
        right = await self._run(lambda: self._verify(stored or self._nobody, prepared or ""))
        return right and stored is not None and prepared is not None

    async def hash_known(self, password: str, salt: bytes) -> str:
        """The hash of a password that was just found right, whatever would be asked of a new one; refuses as `check` does."""
        prepared = _prepare(password) or b""
        return await self._run(lambda: self._hasher.hash(prepared, salt=salt))

    def outdated(self, stored: str) -> bool:
        """Whether a hash was made with other costs than today's, and is to be made again when the password is known."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False)

    def _verify(self, stored: str, prepared: bytes | str) -> bool:
        try:
            return self._hasher.verify(stored, prepared)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= _WAITING:
            raise PasswordsBusy("Many people are signing in just now. Try again in a moment.")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def judge(password: str, *known: str) -> bytes:
    """A new password as it is hashed. `known` are words that it cannot consist of, such as its owner's address.

    Raises:
        PasswordTooShort: under 12 characters.
        PasswordTooLong: over 1,024 bytes.
        PasswordTooPlain: under five different characters, or one of the words that are known.
        PasswordUntypable: a control, private or unassigned character.
    """
    prepared = _prepare(password)
    if prepared is None:
        if _fits(password):
            raise PasswordUntypable("Leave out control characters and private signs: not every keyboard types them.")
        raise PasswordTooLong(f"A password has at most {LONGEST:,} bytes. Use a shorter one.")
    text = prepared.decode()
    if len(text) < SHORTEST:
        raise PasswordTooShort(f"A password has at least {SHORTEST} characters. Several words make a good one.")
    plain = text.casefold()
    if len(set(plain)) < _VARIED or any(plain in (word.casefold(), word.casefold() * 2) for word in known):
        raise PasswordTooPlain("This is guessed at once. Use several words that belong together only for you.")
    return prepared


def _fits(password: str) -> bool:
    return len(password) <= LONGEST and len(password.encode("utf-8", "surrogatepass")) <= LONGEST


def _prepare(password: str) -> bytes | None:
    """The bytes that are hashed, or None where there can be no such password."""
    if not _fits(password):
        return None
    normal = unicodedata.normalize("NFKC", password)
    spaced = "".join(" " if unicodedata.category(letter) == "Zs" else letter for letter in normal)
    if any(unicodedata.category(letter) in _UNTYPED for letter in spaced):
        return None
    return spaced.encode()
