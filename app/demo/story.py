"""The demonstration: founding, ratification, an admission, a vote without quorum and its second call, a change of the charter.

It is lived through with the same commands that members use and a clock of its own, which ends before now, and it leaves two
proposals under way. The bundle it writes is verified offline at the end.
"""

import shutil
from collections.abc import Callable
from datetime import timedelta
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from app.clock import now
from app.demo.living import Living
from app.services.auditing import write_bundle_file
from app.services.founding import found
from app.services.opening import opened
from app.settings import Settings, SQLiteDatabase
from governance.charter import ArticleContent, Replace
from governance.effect import Admit, AmendCharter, Ratify, Resolve
from governance.errors import RochdaleError
from governance.ids import CoopId, Digest
from governance.instants import day_of, later, start_of
from governance.verifier import Report, verify

Say = Callable[[str], object]
_DAY: Final = timedelta(days=1)
_DAYS: Final = 150
_MARK: Final = "this is a demo of rochdale\n"


class PlaceTaken(RochdaleError):
    """This directory holds something that no demo has made."""

    code = "place_taken"


def demo_settings(place: Path) -> Settings:
    """Where a demo keeps its database and keys: apart from everything real, whatever the environment says."""
    keys = place / "keys"
    return Settings(database=SQLiteDatabase(path=place / "federation.sqlite"), keys_dir=keys, signed_dir=keys)


async def run_demo(place: Path, *, fresh: bool, say: Say) -> None:
    """Live through the demonstration in a directory, or find what an earlier one left there; verify its log offline.

    Raises:
        PlaceTaken: the directory is not empty and not a demo's; nothing in it is touched.
    """
    mark, lived = place / "demo", place / "lived"
    if place.exists() and any(place.iterdir()) and not mark.exists():
        raise PlaceTaken(f"{place} holds something else than a demo. Name another directory with --home.")
    if fresh or not lived.exists():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        mark.write_text(_MARK)
        await _live(demo_settings(place), say)
        lived.touch()
    else:
        say(f"Found the federation that an earlier demo left in {place}. (`make demo-fresh` begins again.)")
    report = await _verify(place)
    _say_report(report, place, say)


async def _live(settings: Settings, say: Say) -> None:
    start = start_of(day_of(later(now(), -_DAYS * _DAY)))
    living = Living(later(start, timedelta(hours=10)), say)
    with as_file(files("app.demo") / "data") as data:
        founded = await found(data, settings, clock=living.clock)
    say(f"{living.day}  {founded.name} is founded: {founded.coops} coops, {founded.cooperators} worker-members.")
    async with opened(settings, clock=living.clock) as parts:
        await living.begin(parts, founded.stewards)
        await _decide(living, founded.digest)
        living.pause()


async def _decide(living: Living, digest: Digest) -> None:
    everybody = [CoopId(f"c{number}") for number in range(1, 70)]
    applicant = Admit(
        name="Tejedora de Código",
        country="UY",
        category="full",
        cooperators=9,
        services=("Full-stack development", "Accessibility"),
        steward=living.mandate(),
    )
    ratify = await living.submit(CoopId("c1"), Ratify(digest=digest), "Ratify the founding")
    admit = await living.submit(CoopId("c4"), applicant, "Admit Tejedora de Código", sponsors=[CoopId("c9")])
    tools = await living.submit(CoopId("c12"), Resolve(), "Share one calendar of events")
    await living.until_open(tools)
    await living.vote(tools, yes=everybody[3:9], no=everybody[20:22])
    await living.until_open(admit)
    await living.vote(admit, yes=everybody[:41], no=everybody[41:47], abstain=everybody[47:50])
    await living.until_open(tools)
    await living.vote(tools, yes=everybody[3:14], no=everybody[20:24])
    await living.until_open(ratify)
    await living.vote(ratify, yes=everybody[:52], no=everybody[52:55])
    await living.until_done(ratify)
    article = next(one for one in living.state.charter.articles if "democracy" in one.id)
    text = f"{article.content.text}\n\nEvery member can check every result without trusting whoever runs the server."
    content = ArticleContent(heading=article.content.heading, section=article.content.section, text=text)
    change = AmendCharter(
        base=living.state.charter.version,
        operations=(Replace(article=article.id, base=article.base, text=living.text(content)),),
    )
    charter = await living.submit(CoopId("c30"), change, "Say in the charter that results can be checked")
    await living.until_open(charter)
    await living.vote(charter, yes=everybody[:44], no=everybody[60:66])
    await living.until_done(charter)
    await living.submit(CoopId("c17"), Resolve(), "Meet once a year in person")


async def _verify(place: Path) -> Report:
    bundle = place / "federation.bundle"
    async with opened(demo_settings(place)) as parts:
        await write_bundle_file(parts.ledger, bundle)
    with bundle.open("rb") as file:
        return verify(iter(lambda: file.read(65_536), b""))


def _say_report(report: Report, place: Path, say: Say) -> None:
    say("")
    say(f"The log of {report.federation} has {report.size} entries. Its bundle was written and verified offline:")
    for check in report.checks:
        say(f"  {check.status.replace('_', ' '):<12} {check.name:<12} {check.detail}")
    if not report.holds:
        raise DemoFalse("The demo's own log does not verify. Please report this; it should be impossible.")
    say("")
    say("Look closer, as an auditor would:")
    say(f"  rochdale --home {place} key")
    say(f"  rochdale verify {place}/federation.bundle --json")


class DemoFalse(RochdaleError):
    """The demonstration's log does not verify."""

    code = "demo_false"
