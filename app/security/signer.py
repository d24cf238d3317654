"""The signer: releases checkpoints, each written down before it leaves (decision 16)."""

from contextlib import suppress
from pathlib import Path

from app.security import keys
from app.security.signed import LastSigned, SignedFile
from app.security.vouching import vouch
from governance.errors import RochdaleError
from governance.log.checkpoint import Checkpoint, sign_checkpoint
from governance.log.keys import SigningKey, VerifierKey, parse_verifier_key
from governance.log.rotation import sign_by_both, sign_rotation


class Signer:
    """The log's key with its memory. It blocks while the disk syncs; call it off the event loop."""

    def __init__(self, key: SigningKey, signed: SignedFile, directory: Path) -> None:
        """Take a key, the file of what it signed last, and the directory of the keys before it."""
        self._key = key
        self._signed = signed
        self._directory = directory
        self._before: tuple[str, SigningKey | None] = ("", None)

    @property
    def verifier_key(self) -> VerifierKey:
        """The public half of the key."""
        return self._key.verifier_key

    def last(self) -> LastSigned:
        """The largest log that was ever signed."""
        return self._signed.read()

    def release(self, size: int, root: bytes, besides: str | None = None) -> bytes:
        """The signed checkpoint of a log, by the key before as well where `besides` names that and it is still there.

        Ed25519 is deterministic, so that a size signed before gives the same bytes again. Of a size below the last one the
        caller has proved that it is the beginning of the log.

        Raises:
            RootSignedTwice: this size was signed last, with another root.
            SignedUnwritable, SignedMissing, SignedFileInvalid: it could not be written down, and is not signed.
        """
        checkpoint = self._written_down(size, root)
        second = None if besides is None else self._kept(besides)
        return sign_checkpoint(checkpoint, self._key) if second is None else sign_by_both(checkpoint, self._key, second)

    def agree(self, size: int, root: bytes, after: SigningKey) -> bytes:
        """What this key and the one after it say of a log that the other is to sign from there on; refuses as `release` does."""
        return sign_rotation(self._written_down(size, root), self._key, after)

    def vouch(self, digest: bytes) -> bytes:
        """The log's word on a backup with this SHA-256."""
        return vouch(digest, self._key)

    def _written_down(self, size: int, root: bytes) -> Checkpoint:
        self._signed.advance(size, root)
        return Checkpoint(origin=self.verifier_key.name, size=size, root=root)

    def _kept(self, text: str) -> SigningKey | None:
        if self._before[0] != text:
            key = parse_verifier_key(text)
            found = None
            # Its signature is an aid to those who do not know the new key yet: without the file there is only the new one.
            with suppress(RochdaleError):
                found = keys.load(self._directory, keys.kept_file(key))
            self._before = (text, found if found is not None and found.verifier_key == key else None)
        return self._before[1]


def create_signer(keys_dir: Path, signed_dir: Path, *, name: str, seed: bytes) -> Signer:
    """Make a new log's key and the file of what it signed; refuses as `keys.create` and `SignedFile.start` do."""
    key = keys.create(keys_dir, name=name, seed=seed)
    signed = _signed_file(key, signed_dir)
    signed.start()
    return Signer(key, signed, keys_dir)


def load_signer(keys_dir: Path, signed_dir: Path) -> Signer:
    """The signer of a log whose key is there; refuses as `keys.load` and `SignedFile.read` do."""
    key = keys.load(keys_dir)
    signed = _signed_file(key, signed_dir)
    signed.read()
    return Signer(key, signed, keys_dir)


def start_signed(keys_dir: Path, signed_dir: Path) -> None:
    """Begin the memory of a key that was made elsewhere and mounted; leaves one that is there."""
    _signed_file(keys.load(keys_dir), signed_dir).start()


def _signed_file(key: SigningKey, directory: Path) -> SignedFile:
    return SignedFile(directory, key.verifier_key.key_id.hex())
