import stat
from pathlib import Path

import pytest

from app.security import keys
from governance.errors import RochdaleError
from governance.log.errors import KeyNameInvalid, SeedInvalid

SEED = bytes(range(32))
NAME = "coop.example/log"


def test_a_key_is_loaded_as_it_was_made(tmp_path: Path) -> None:
    made = keys.create(tmp_path / "keys", name=NAME, seed=SEED)
    assert keys.load(tmp_path / "keys").verifier_key == made.verifier_key


def test_a_key_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    keys.create(tmp_path / "keys", name=NAME, seed=SEED)
    assert stat.S_IMODE((tmp_path / "keys" / keys.KEY_FILE).stat().st_mode) == 0o600


def test_the_format_is_three_lines(tmp_path: Path) -> None:
    keys.create(tmp_path, name=NAME, seed=SEED)
    written = (tmp_path / keys.KEY_FILE).read_text()
    assert written == f"rochdale/log-key/v1\n{NAME}\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    keys.create(tmp_path, name=NAME, seed=SEED)
    with pytest.raises(keys.KeyExists):
        keys.create(tmp_path, name=NAME, seed=b"x" * 32)
    assert keys.load(tmp_path).verifier_key == keys.load(tmp_path).verifier_key


def test_a_key_that_cannot_be_leaves_no_file(tmp_path: Path) -> None:
    for name, seed, refusal in (("two words", SEED, KeyNameInvalid), (NAME, b"short", SeedInvalid)):
        with pytest.raises(refusal):
            keys.create(tmp_path, name=name, seed=seed)
    assert not list(tmp_path.iterdir())


def test_a_read_only_mount_is_enough_to_load(tmp_path: Path) -> None:
    keys.create(tmp_path / "keys", name=NAME, seed=SEED)
    (tmp_path / "keys" / keys.KEY_FILE).chmod(0o400)
    (tmp_path / "keys").chmod(0o500)
    try:
        assert keys.load(tmp_path / "keys").verifier_key.name == NAME
    finally:
        (tmp_path / "keys").chmod(0o700)


def test_a_missing_key_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(keys.KeyMissing):
        keys.load(tmp_path)


def test_a_key_that_is_a_directory_cannot_be_read_or_written(tmp_path: Path) -> None:
    (tmp_path / keys.KEY_FILE).mkdir()
    with pytest.raises(keys.KeyUnreadable):
        keys.load(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"rochdale/log-key/v1\n",
        b"rochdale/log-key/v2\ncoop.example/log\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        b"rochdale/log-key/v1\ncoop.example/log\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        b"rochdale/log-key/v1\ncoop.example/log\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\nmore",
        b"rochdale/log-key/v1\ncoop.example/log\nc2VjcmV0\n",
        b"rochdale/log-key/v1\ncoop.example/log\nsecret!\n",
        b"\xff\xfe",
    ],
)
def test_a_damaged_key_is_refused_without_showing_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / keys.KEY_FILE).write_bytes(content)
    with pytest.raises(keys.KeyFileInvalid) as refused:
        keys.load(tmp_path)
    error: BaseException | None = refused.value
    while error is not None:
        assert "ecret" not in str(error)
        error = error.__cause__
    assert isinstance(refused.value, RochdaleError)
