"""The signer: releases checkpoints, each written down before it leaves (decision 16)."""

from pathlib import Path

from app.security import keys
from app.security.signed import LastSigned, SignedFile
from app.security.vouching import vouch
from governance.log.checkpoint import Checkpoint, sign_checkpoint
from governance.log.keys import SigningKey, VerifierKey


class Signer:
    """The log's key with its memory. It blocks while the disk syncs; call it off the event loop."""

    def __init__(self, key: SigningKey, signed: SignedFile) -> None:
        """Take a key and the file of what it signed last."""
        self._key = key
        self._signed = signed

    @property
    def verifier_key(self) -> VerifierKey:
        """The public half of the key."""
        return self._key.verifier_key

    def last(self) -> LastSigned:
        """The largest log that was ever signed."""
        return self._signed.read()

    def release(self, size: int, root: bytes) -> bytes:
        """The signed checkpoint of a log.

        Ed25519 is deterministic, so that a size signed before gives the same bytes again. Of a size below the last one the
        caller has proved that it is the beginning of the log.

        Raises:
            RootSignedTwice: this size was signed last, with another root.
            SignedUnwritable, SignedMissing, SignedFileInvalid: it could not be written down, and is not signed.
        """
        self._signed.advance(size, root)
        return sign_checkpoint(Checkpoint(origin=self.verifier_key.name, size=size, root=root), self._key)

    def vouch(self, digest: bytes) -> bytes:
        """The log's word on a backup with this SHA-256."""
        return vouch(digest, self._key)


def create_signer(keys_dir: Path, signed_dir: Path, *, name: str, seed: bytes) -> Signer:
    """Make a new log's key and the file of what it signed; refuses as `keys.create` and `SignedFile.start` do."""
    key = keys.create(keys_dir, name=name, seed=seed)
    signed = _signed_file(key, signed_dir)
    signed.start()
    return Signer(key, signed)


def load_signer(keys_dir: Path, signed_dir: Path) -> Signer:
    """The signer of a log whose key is there; refuses as `keys.load` and `SignedFile.read` do."""
    key = keys.load(keys_dir)
    signed = _signed_file(key, signed_dir)
    signed.read()
    return Signer(key, signed)


def start_signed(keys_dir: Path, signed_dir: Path) -> None:
    """Begin the memory of a key that was made elsewhere and mounted; leaves one that is there."""
    _signed_file(keys.load(keys_dir), signed_dir).start()


def _signed_file(key: SigningKey, directory: Path) -> SignedFile:
    return SignedFile(directory, key.verifier_key.key_id.hex())
