"""The keys that sign access tokens: a directory of Ed25519 seeds, of which the newest known everywhere signs.

`tokens/NAME.key` below the keys' directory is three lines of ASCII: `rochdale/token-key/v1`, the instant it was made, and its
seed in base64. Which of the keys signs, and which are still good, follows from these instants alone: nothing is written to use
one or to stop using one, so a read-only mount does. A key is known by its thumbprint (RFC 7638, RFC 8037 appendix A.3).
"""

import base64
import hashlib
import hmac
import os
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.security.keys import sync_directory
from governance.errors import FormatError, RochdaleError
from governance.instants import Instant, later, moment
from governance.log.spelling import format_base64, parse_base64
from governance.value import Value

FOLDER: Final = "tokens"
LIFETIME: Final = timedelta(minutes=10)
"""How long an access token is good."""
LEEWAY: Final = timedelta(seconds=5)
"""How far the clocks of two nodes may differ."""
PROPAGATION: Final = timedelta(minutes=10)
"""How long a new key is only known, before it signs: until every node, and whoever keeps the key set, has read it."""
_RELOAD: Final = timedelta(minutes=1)
_RELOAD_UNKNOWN: Final = timedelta(seconds=5)
_MAGIC: Final = "rochdale/token-key/v1"
_SUFFIX: Final = ".key"
_LONGEST: Final = 4_096
_SEED: Final = 32


class TokenKeyMissing(RochdaleError):
    """There is no key to sign access tokens with."""

    code = "token_key_missing"


class TokenKeyInvalid(FormatError):
    """This is not a key for access tokens."""

    code = "token_key_invalid"


class TokenKeyUnwritable(RochdaleError):
    """The key for access tokens cannot be read or written."""

    code = "token_key_unwritable"


class TokenKey(Value):
    """A key, and when it was made."""

    id: str
    created: Instant
    private: Ed25519PrivateKey
    seed: bytes

    def __repr__(self) -> str:
        """Without the secret."""
        return f"TokenKey(id={self.id!r}, created={self.created!r})"

    @property
    def public(self) -> Ed25519PublicKey:
        """The half that verifies."""
        return self.private.public_key()


class PublicKey(Value):
    """A key as a JSON Web Key set shows it (RFC 7517, RFC 8037)."""

    kid: str
    x: str
    kty: str = "OKP"
    crv: str = "Ed25519"
    alg: str = "EdDSA"
    use: str = "sig"


class Rotated(Value):
    """What a rotation did: the new key, from when it signs, and the keys that were removed."""

    key: str
    signs_from: Instant
    retired: tuple[str, ...]


class KeySet(Value):
    """A JSON Web Key set: what `/.well-known/jwks.json` answers."""

    keys: tuple[PublicKey, ...]


class TokenKeys:
    """The keys of a directory, read again every minute, so that a rotation needs no restart."""

    __slots__ = ("_folder", "_keys", "_read")

    def __init__(self, keys_dir: Path) -> None:
        """Name the keys' directory; nothing is read yet."""
        self._folder = keys_dir / FOLDER
        self._keys: tuple[TokenKey, ...] = ()
        self._read: Instant | None = None

    def signing(self, now: Instant) -> TokenKey:
        """The key that signs: the newest that is old enough to be known everywhere, or else the oldest of all.

        Raises:
            TokenKeyMissing: there is none.
            TokenKeyInvalid, TokenKeyUnwritable: one cannot be read.
        """
        return _signing(self._current(now, _RELOAD), now)

    def verifying(self, kid: str, now: Instant) -> TokenKey | None:
        """The key of that id, if tokens that it signed can still be good; refuses as `signing` does."""
        for patience in (_RELOAD, _RELOAD_UNKNOWN):
            for key in _good(self._current(now, patience), now):
                if key.id == kid:
                    return key
        return None

    def key_set(self, now: Instant) -> KeySet:
        """Every key that verifies now, or soon will; refuses as `signing` does."""
        return KeySet(keys=tuple(_shown(key) for key in _good(self._current(now, _RELOAD), now)))

    def derive(self, domain: bytes, now: Instant) -> bytes:
        """A secret of 32 bytes for another purpose, from the oldest key: it lasts until that key is retired."""
        return hmac.digest(self._current(now, _RELOAD)[0].seed, domain, hashlib.sha256)

    def _current(self, now: Instant, patience: timedelta) -> tuple[TokenKey, ...]:
        if self._read is None or not self._keys or abs(moment(now) - moment(self._read)) >= patience:
            self._keys = _load(self._folder)
            self._read = now
        if not self._keys:
            raise TokenKeyMissing(
                f"There is no key in {self._folder}. `rochdale token-key rotate` makes one, as does starting the service; or "
                "mount it there."
            )
        return self._keys


def create(keys_dir: Path, *, now: Instant, seed: bytes) -> TokenKey:
    """Make another key from 32 random bytes. It signs after the propagation delay, the first one at once.

    Raises:
        TokenKeyUnwritable: the directory cannot be written, as a read-only mount.
    """
    folder = keys_dir / FOLDER
    key = _key(seed, now)
    path = folder / f"{key.id}{_SUFFIX}"
    beside = folder / f".{key.id}.{os.getpid()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Written beside and renamed: whoever reads the directory meanwhile sees no half key.
        file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(file, "wb") as opened:
            opened.write(f"{_MAGIC}\n{now}\n{format_base64(seed)}\n".encode())
            opened.flush()
            os.fsync(opened.fileno())
        beside.rename(path)
        sync_directory(folder)
    except OSError as error:
        raise TokenKeyUnwritable(
            f"{path} cannot be written: {error.strerror}. Where the keys are a read-only mount, add a key to what is mounted."
        ) from None
    return key


def create_first(keys_dir: Path, *, now: Instant, seed: bytes) -> bool:
    """Make the first key where there is none, and say whether that was so; refuses as `create` does."""
    if _load(keys_dir / FOLDER):
        return False
    create(keys_dir, now=now, seed=seed)
    return True


def retire(keys_dir: Path, *, now: Instant) -> tuple[str, ...]:
    """Remove the keys whose last token has expired, and name them; refuses as `create` does."""
    folder = keys_dir / FOLDER
    keys = _load(folder)
    gone = {key.id for key in keys} - {key.id for key in _good(keys, now)}
    try:
        for path in folder.glob(f"*{_SUFFIX}"):
            if _read(path).id in gone:
                path.unlink()
    except OSError as error:
        raise TokenKeyUnwritable(f"A key in {folder} cannot be removed: {error.strerror}.") from None
    return tuple(sorted(gone))


def rotate(keys_dir: Path, *, now: Instant, seed: bytes) -> Rotated:
    """Make another key from 32 random bytes, and remove those that nothing needs any more; refuses as `create` does."""
    key = create(keys_dir, now=now, seed=seed)
    return Rotated(key=key.id, signs_from=signs_from(keys_dir, key.id) or now, retired=retire(keys_dir, now=now))


def signs_from(keys_dir: Path, kid: str) -> Instant | None:
    """From when a key of the directory signs, None where there is no such key."""
    keys = _load(keys_dir / FOLDER)
    for place, key in enumerate(keys):
        if key.id == kid:
            return later(key.created, PROPAGATION) if place else key.created
    return None


def _signing(keys: tuple[TokenKey, ...], now: Instant) -> TokenKey:
    known = [key for key in keys if later(key.created, PROPAGATION) <= now]
    return known[-1] if known else keys[0]


def _good(keys: tuple[TokenKey, ...], now: Instant) -> list[TokenKey]:
    """The keys without those that stopped signing so long ago that none of their tokens is good."""
    stopped = {
        key.id for key, following in pairwise(keys) if later(following.created, PROPAGATION + LIFETIME + LEEWAY) <= now
    }
    return [key for key in keys if key.id not in stopped]


def _load(folder: Path) -> tuple[TokenKey, ...]:
    """All keys, the oldest first."""
    try:
        found = {key.id: key for key in map(_read, sorted(folder.glob(f"*{_SUFFIX}")))}
    except OSError as error:
        raise TokenKeyUnwritable(f"{folder} cannot be read: {error.strerror}.") from None
    return tuple(sorted(found.values(), key=lambda key: (key.created, key.id)))


def _read(path: Path) -> TokenKey:
    with path.open("rb") as opened:
        data = opened.read(_LONGEST)
    try:
        magic, created, seed, rest = data.decode("ascii").split("\n")
        moment(Instant(created))
        if magic == _MAGIC and not rest:
            return _key(parse_base64(seed), Instant(created))
    except (ValueError, RochdaleError):
        # As with the log's key: neither the words nor the cause may show part of the secret.
        pass
    raise TokenKeyInvalid(f"{path} is not a key as `rochdale token-key rotate` writes it. Restore it, or remove it.")


def _key(seed: bytes, created: Instant) -> TokenKey:
    if len(seed) != _SEED:
        raise TokenKeyInvalid(f"The seed of a key has {_SEED} bytes.")
    private = Ed25519PrivateKey.from_private_bytes(seed)
    return TokenKey(id=_thumbprint(private.public_key()), created=created, private=private, seed=seed)


def _thumbprint(public: Ed25519PublicKey) -> str:
    members = f'{{"crv":"Ed25519","kty":"OKP","x":"{_url64(public.public_bytes_raw())}"}}'
    return _url64(hashlib.sha256(members.encode()).digest())


def _shown(key: TokenKey) -> PublicKey:
    return PublicKey(kid=key.id, x=_url64(key.public.public_bytes_raw()))


def _url64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
