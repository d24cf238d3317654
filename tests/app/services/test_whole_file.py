import os
import threading
from pathlib import Path

import pytest

from app.services.whole_file import whole_file


class Interrupted(Exception):
    pass


def half_written(path: Path) -> None:
    with whole_file(path) as file:
        file.write(b"half")
        raise Interrupted


def test_a_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    with whole_file(tmp_path / "f") as file:
        file.write(b"all of it")
        assert not (tmp_path / "f").exists()
    assert (tmp_path / "f").read_bytes() == b"all of it"
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


def test_after_an_error_the_older_file_is_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"older")
    with pytest.raises(Interrupted):
        half_written(tmp_path / "f")
    assert (tmp_path / "f").read_bytes() == b"older"
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


def test_a_name_as_long_as_the_system_allows_can_be_written(tmp_path: Path) -> None:
    with whole_file(tmp_path / ("n" * 255)) as file:
        file.write(b"x")
    assert (tmp_path / ("n" * 255)).read_bytes() == b"x"


def test_a_link_keeps_pointing_where_it_does(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("target")
    with whole_file(tmp_path / "link") as file:
        file.write(b"x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_bytes() == b"x"


def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    with whole_file(pipe) as file:
        file.write(b"through it")
    reader.join(10)
    assert read == [b"through it"]
    assert pipe.is_fifo()


@pytest.mark.parametrize(("place", "error"), [(".", IsADirectoryError), ("no/such", FileNotFoundError)])
def test_where_no_file_can_be_it_says_which_place(tmp_path: Path, place: str, error: type[OSError]) -> None:
    with pytest.raises(error) as refused, whole_file(tmp_path / place):
        pass
    assert str(tmp_path) in str(refused.value.filename)
    assert refused.value.strerror
