import asyncio
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.demo import story
from app.demo.people import FIGURES, PASSWORD, welcome
from app.demo.place import Place, PlaceServed, PlaceTaken
from app.demo.story import DemoFalse, run_demo
from app.services.accounts.signing_in import sign_in
from app.services.serving import serving
from governance.instants import Instant, later
from governance.verifier import verify

GOLDEN = Path(__file__).parent / "story.txt"
TODAY = Instant("2026-03-01T15:00:00.000000Z")


def told(directory: Path, today: Instant, *, fresh: bool = False) -> str:
    lines: list[str] = []
    run_demo(directory, fresh=fresh, say=lines.append, clock=lambda: today)
    text = "\n".join(lines) + "\n"
    return re.sub(r"\d{4}-\d\d-\d\d", "····-··-··", text).replace(str(directory), "DIR")


def test_the_story_is_the_one_that_was_agreed(tmp_path: Path) -> None:
    assert told(tmp_path / "demo", TODAY) == GOLDEN.read_text()


@pytest.mark.parametrize("days", [59, 120, 306, 731])
def test_it_is_the_same_on_every_day_of_the_calendar(tmp_path: Path, days: int) -> None:
    assert told(tmp_path / "demo", later(TODAY, timedelta(days=days))) == GOLDEN.read_text()


def test_its_last_vote_is_still_open_when_it_is_told(tmp_path: Path) -> None:
    lines: list[str] = []
    run_demo(tmp_path, fresh=False, say=lines.append, clock=lambda: TODAY)
    (paused,) = (line for line in lines if "The story pauses here" in line)
    assert timedelta(0) <= date.fromisoformat(TODAY[:10]) - date.fromisoformat(paused[:10]) < timedelta(days=6)


def test_later_the_federation_has_gone_on_by_itself(tmp_path: Path) -> None:
    told(tmp_path / "demo", TODAY)
    again = told(tmp_path / "demo", later(TODAY, timedelta(days=30)))
    assert again.startswith("Found the federation that an earlier demo left in DIR.")
    assert "460 entries" in GOLDEN.read_text()
    assert "460 entries" not in again


def test_only_what_a_demo_made_is_taken_away(tmp_path: Path) -> None:
    place = Place(tmp_path)
    with place.take():
        place.finish()
    (tmp_path / "notes").write_text("mine")
    place.clear()
    assert not place.lived_through
    assert (tmp_path / "notes").exists()
    place.take()


def test_a_directory_with_anything_else_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("mine")
    with pytest.raises(PlaceTaken):
        Place(tmp_path).take()
    assert [path.name for path in tmp_path.iterdir()] == ["notes"]


def test_a_demo_that_does_not_verify_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(story, "verify", lambda chunks: verify([b"".join(chunks)[:-1]]))
    with pytest.raises(DemoFalse):
        told(tmp_path / "demo", TODAY)


def test_who_is_printed_can_sign_in_with_the_printed_password(tmp_path: Path) -> None:
    told(tmp_path, TODAY)

    async def sign_everybody_in() -> set[str]:
        async with serving(Place(tmp_path).settings, clock=lambda: TODAY) as service:
            return {
                (
                    await sign_in(
                        service.accounts, email=figure.address, password=PASSWORD, device="test", network="127.0.0.1"
                    )
                ).account
                for figure in FIGURES
            }

    assert len(asyncio.run(sign_everybody_in())) == len(FIGURES)
    shown = "\n".join(welcome("http://here"))
    assert all(word in shown for word in (PASSWORD, "http://here/api", *(figure.address for figure in FIGURES)))


def test_a_demo_that_is_served_is_not_begun_again(tmp_path: Path) -> None:
    place = Place(tmp_path)
    with place.take():
        place.finish()
    with place.kept(), pytest.raises(PlaceServed):
        run_demo(tmp_path, fresh=True, say=str, clock=lambda: TODAY)
    assert place.lived_through
