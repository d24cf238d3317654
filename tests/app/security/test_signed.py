import os
from pathlib import Path

import pytest

from app.security import signed
from app.security.signed import (
    LastSigned,
    RootSignedTwice,
    SignedFile,
    SignedFileInvalid,
    SignedMissing,
    SignedUnwritable,
)
from app.security.signer import create_signer, load_signer, start_signed
from governance.log.checkpoint import open_checkpoint
from governance.log.merkle import EMPTY_ROOT

ONE, TWO, THREE = (bytes([number]) * 32 for number in (1, 2, 3))


@pytest.fixture
def file(tmp_path: Path) -> SignedFile:
    file = SignedFile(tmp_path, "e249a383")
    file.start()
    return file


def test_nothing_was_signed_at_the_start(file: SignedFile) -> None:
    assert file.read() == LastSigned(size=0, root=EMPTY_ROOT)


def test_the_last_size_is_kept(file: SignedFile, tmp_path: Path) -> None:
    for size, root in ((1, ONE), (5, TWO), (9, THREE)):
        file.advance(size, root)
        assert SignedFile(tmp_path, "e249a383").read() == LastSigned(size=size, root=root)


def test_an_earlier_size_changes_nothing(file: SignedFile) -> None:
    file.advance(5, TWO)
    file.advance(1, ONE)
    file.advance(5, TWO)
    assert file.read() == LastSigned(size=5, root=TWO)


def test_a_size_is_not_signed_with_two_roots(file: SignedFile) -> None:
    file.advance(5, TWO)
    with pytest.raises(RootSignedTwice):
        file.advance(5, THREE)


def test_starting_again_forgets_nothing(file: SignedFile) -> None:
    file.advance(5, TWO)
    file.start()
    assert file.read().size == 5


@pytest.mark.parametrize("cut", range(1, 85, 7))
def test_a_write_torn_by_a_power_cut_leaves_the_one_before(
    file: SignedFile, cut: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.advance(5, ONE)
    file.advance(70, TWO)
    write = os.pwrite

    def torn(descriptor: int, data: bytes, at: int) -> int:
        write(descriptor, data[:cut], at)
        raise OSError(5, "power cut")

    with monkeypatch.context() as patched:
        patched.setattr(os, "pwrite", torn)
        with pytest.raises(SignedUnwritable):
            file.advance(999, THREE)
    assert file.read() == LastSigned(size=70, root=TWO)
    file.advance(1000, THREE)
    assert file.read() == LastSigned(size=1000, root=THREE)


def test_the_file_is_synced_before_anything_goes_on(file: SignedFile, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    file.advance(5, ONE)
    assert len(synced) == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"nonsense", b"rochdale/last-signed/v1 e249a383\n", b"rochdale/last-signed/v1 e249a383\n" + b"x" * 168],
)
def test_a_damaged_file_is_refused(file: SignedFile, tmp_path: Path, content: bytes) -> None:
    (tmp_path / signed.SIGNED_FILE).write_bytes(content)
    with pytest.raises(SignedFileInvalid):
        file.read()


def test_a_file_with_something_behind_it_is_refused(file: SignedFile, tmp_path: Path) -> None:
    with (tmp_path / signed.SIGNED_FILE).open("ab") as opened:
        opened.write(b"\n")
    with pytest.raises(SignedFileInvalid):
        file.read()


def test_another_keys_file_is_refused(file: SignedFile, tmp_path: Path) -> None:
    assert file.read().size == 0
    with pytest.raises(SignedFileInvalid):
        SignedFile(tmp_path, "00000000").read()


def test_a_missing_file_is_not_begun_silently(tmp_path: Path) -> None:
    with pytest.raises(SignedMissing):
        SignedFile(tmp_path, "e249a383").advance(1, ONE)


def test_a_checkpoint_is_written_down_before_it_is_released(tmp_path: Path) -> None:
    signer = create_signer(tmp_path, tmp_path, name="coop.example/log", seed=bytes(32))
    note = signer.release(3, THREE)
    assert open_checkpoint(note, signer.verifier_key).checkpoint.size == 3
    assert load_signer(tmp_path, tmp_path).last() == LastSigned(size=3, root=THREE)


def test_nothing_is_signed_that_could_not_be_written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signer = create_signer(tmp_path, tmp_path, name="coop.example/log", seed=bytes(32))

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(SignedUnwritable):
        signer.release(3, THREE)


def test_a_key_on_a_read_only_mount_remembers_elsewhere(tmp_path: Path) -> None:
    create_signer(tmp_path / "keys", tmp_path / "elsewhere", name="coop.example/log", seed=bytes(32))
    assert not (tmp_path / "keys" / signed.SIGNED_FILE).exists()
    with pytest.raises(SignedMissing):
        load_signer(tmp_path / "keys", tmp_path / "data")
    start_signed(tmp_path / "keys", tmp_path / "data")
    assert load_signer(tmp_path / "keys", tmp_path / "data").last().size == 0
