"""One key after another: staged beside the log's while the log is made to name it, and in its place once that is committed.

`log.key.next` is the key that is to follow. When it has, the key before is in `log.key.<id>` and the memory of what it signed in
`log.signed.<id>`, both by the id of that key: whoever holds them could still sign what was, so they are kept as safe as the key.
"""

from contextlib import suppress
from pathlib import Path
from typing import Final

from app.security import keys
from app.security.signed import LastSigned, SignedFile, SignedFileInvalid, SignedMissing
from governance.log.checkpoint import Checkpoint
from governance.log.keys import SigningKey, VerifierKey, format_verifier_key
from governance.log.successor import sign_successor

NEXT_FILE: Final = "log.key.next"


def staged(directory: Path) -> SigningKey | None:
    """The key that is to follow, if one was staged; refuses as `keys.load` does."""
    try:
        return keys.load(directory, NEXT_FILE)
    except keys.KeyMissing:
        return None


def stage(directory: Path, *, name: str, seed: bytes) -> SigningKey:
    """Make the key that is to follow, unless it was made under this name before; refuses as `keys.create` does."""
    found = staged(directory)
    if found is not None and found.verifier_key.name == name:
        return found
    (directory / NEXT_FILE).unlink(missing_ok=True)
    return keys.create(directory, name=name, seed=seed, file=NEXT_FILE)


def last_word(directory: Path, last: LastSigned, successor: VerifierKey) -> bytes:
    """What the log's key says last: the newest checkpoint that it signed, and the key after it; refuses as `keys.load` does."""
    key = keys.load(directory)
    checkpoint = Checkpoint(origin=key.verifier_key.name, size=last.size, root=last.root)
    return sign_successor(checkpoint, successor, key)


def follow(keys_dir: Path, signed_dir: Path, last: LastSigned) -> None:
    """Put the staged key in place of the log's, and begin its memory with `last`. Killed anywhere, it can be done again.

    Raises:
        KeyMissing: none is staged.
        KeyUnreadable, SignedUnwritable: the files cannot be written.
    """
    key, after = keys.load(keys_dir).verifier_key, keys.load(keys_dir, NEXT_FILE).verifier_key
    before = key.key_id.hex()
    try:
        with suppress(FileExistsError):
            (keys_dir / keys.kept_file(key)).hardlink_to(keys_dir / keys.KEY_FILE)
        keys.sync_directory(keys_dir)
        SignedFile(signed_dir, before).set_aside()
        SignedFile(signed_dir, after.key_id.hex()).begin(last)
        # Last: until then the key that is here does not fit the memory, and nothing can be signed.
        (keys_dir / NEXT_FILE).replace(keys_dir / keys.KEY_FILE)
        keys.sync_directory(keys_dir)
    except OSError as error:
        raise keys.KeyUnreadable(f"The keys in {keys_dir} cannot be written: {error.strerror}.") from None


def exchange(keys_dir: Path, signed_dir: Path, key: str) -> None:
    """Put the staged key in place of the log's, once the same log names it: it remembers what the key before signed.

    Where the key is in place already, nothing is done. Killed anywhere, it can be done again.

    Raises:
        KeyMissing: this key is not staged here.
        KeyUnreadable, SignedMissing, SignedFileInvalid: the files cannot be read or written.
    """
    present = keys.load(keys_dir).verifier_key
    if format_verifier_key(present) == key:
        return
    after = staged(keys_dir)
    if after is None or format_verifier_key(after.verifier_key) != key:
        raise keys.KeyMissing(
            f"The log is signed by {key} now, and that key is not in {keys_dir}. Copy it there from where it was made, as "
            f"{NEXT_FILE}, and start again."
        )
    try:
        last = SignedFile(signed_dir, present.key_id.hex()).read()
    except SignedFileInvalid:
        last = SignedFile(signed_dir, after.verifier_key.key_id.hex()).read()
    follow(keys_dir, signed_dir, last)


def finish(keys_dir: Path, signed_dir: Path) -> bool:
    """Bring an exchange to its end that was broken off when the memory was the new key's already; whether there was one."""
    after = staged(keys_dir)
    if after is None or after.verifier_key.name != keys.load(keys_dir).verifier_key.name:
        return False
    with suppress(SignedFileInvalid, SignedMissing):
        # Nothing but an exchange makes a memory for a key that is staged.
        SignedFile(signed_dir, after.verifier_key.key_id.hex()).read()
        exchange(keys_dir, signed_dir, format_verifier_key(after.verifier_key))
        return True
    return False
