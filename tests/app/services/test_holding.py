import threading
from pathlib import Path

import pytest

from app.services.holding import Held


def test_a_second_one_waits_until_the_first_lets_go(tmp_path: Path) -> None:
    order: list[str] = []

    def second() -> None:
        with Held(tmp_path):
            order.append("second")

    with Held(tmp_path):
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
        order.append("first")
    waiting.join(10)
    assert order == ["first", "second"]


def test_what_is_no_directory_cannot_be_held(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(NotADirectoryError):
        Held(tmp_path / "file")
