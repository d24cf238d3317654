"""The demonstration: founding, ratification, an admission, a vote without quorum and its second call, a change of the charter.

It is lived through with the same commands that members use and a clock of its own, which ends before now, and it leaves one
vote under way. The bundle it writes is verified offline at the end.
"""

import asyncio
import shlex
import textwrap
from collections.abc import Callable
from datetime import timedelta
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from app.clock import Clock, now
from app.demo.living import Living
from app.demo.people import FIGURES, let_in
from app.demo.place import Place
from app.services.auditing import write_bundle_file
from app.services.founding import found
from app.services.opening import opened
from app.services.preparing import prepare
from app.services.reporting import detail_of
from app.settings import Settings
from governance.charter import ArticleContent, Replace
from governance.effect import Admit, AmendCharter, Ratify, Resolve
from governance.errors import RochdaleError
from governance.ids import CoopId, Digest
from governance.instants import day_of, later, start_of
from governance.report import Report
from governance.verifier import verify

Say = Callable[[str], object]
_DAY: Final = timedelta(days=1)
_DAYS: Final = 112
"""How long ago the story begins: a few days more than it takes, so that its last vote is still open when it is told."""
_WIDTH: Final = 100
_INDENT: Final = " " * 12


class DemoFalse(RochdaleError):
    """The demonstration's log does not verify."""

    code = "demo_false"


def run_demo(directory: Path, *, fresh: bool, say: Say, clock: Clock = now) -> Place:
    """Live through the demonstration in a directory, or find what an earlier one left there; verify its log offline.

    Raises:
        PlaceTaken: the directory is not empty and not a demo's; nothing in it is touched.
        PlaceServed: it is to be begun again and is being served.
        DemoFalse: the log does not verify.
    """
    place = Place(directory)
    with place.take():
        if fresh or not place.lived_through:
            place.clear()
            asyncio.run(_live(place.settings, clock, lambda line: _say_wrapped(line, say)))
            place.finish()
        else:
            say(f"Found the federation that an earlier demo left in {directory}. Use --fresh to begin again.")
        report = _verify(place, clock)
    _say_report(report, place, say)
    return place


async def _live(settings: Settings, clock: Clock, say: Say) -> None:
    start = start_of(day_of(later(clock(), -_DAYS * _DAY)))
    living = Living(later(start, timedelta(hours=10)), say)
    with as_file(files("app.demo") / "data") as data:
        founded = await found(data, settings, clock=living.clock)
    say(f"{living.day}  {founded.name} is founded: {founded.coops} coops with {founded.cooperators} worker-members.")
    async with opened(settings, clock=living.clock) as parts:
        await living.begin(parts)
        await living.appoint(founded.stewards)
        say(f"{living.day}  Each coop's steward says who casts its ballot.")
        await _decide(living, founded.digest)
        living.pause()
    await let_in(settings, living.mandates(FIGURES), clock)


async def _decide(living: Living, digest: Digest) -> None:
    everybody = [CoopId(f"c{number}") for number in range(1, 70)]
    newcomer, steward = CoopId("c70"), living.mandate()
    applicant = Admit(
        name="Tejedora de Código",
        country="UY",
        category="full",
        cooperators=9,
        services=("Full-stack development", "Accessibility"),
        steward=steward,
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
    await living.appoint({newcomer: steward})
    article = next(one for one in living.state.charter.articles if "democracy" in one.id)
    text = f"{article.content.text}\n\nEvery member can check every result without trusting whoever runs the server."
    content = ArticleContent(heading=article.content.heading, section=article.content.section, text=text)
    change = AmendCharter(
        base=living.state.charter.version,
        operations=(Replace(article=article.id, base=article.base, text=living.text(content)),),
    )
    charter = await living.submit(CoopId("c30"), change, "Say in the charter that results can be checked")
    await living.until_open(charter)
    await living.vote(charter, yes=[*everybody[:44], newcomer], no=everybody[60:66])
    await living.until_done(charter)
    meet = await living.submit(newcomer, Resolve(), "Meet once a year in person")
    await living.until_open(meet)
    await living.vote(meet, yes=[*everybody[:9], newcomer])


def _verify(place: Place, clock: Clock) -> Report:
    asyncio.run(_bundle(place, clock))
    with place.bundle.open("rb") as file:
        return verify(iter(lambda: file.read(65_536), b""))


async def _bundle(place: Place, clock: Clock) -> None:
    await prepare(place.settings, clock=clock)
    async with opened(place.settings, clock=clock) as parts:
        await write_bundle_file(parts.ledger, place.bundle)


def _say_wrapped(line: str, say: Say) -> None:
    for part in textwrap.wrap(line, _WIDTH, subsequent_indent=_INDENT, break_long_words=False, break_on_hyphens=False):
        say(part)


def _say_report(report: Report, place: Place, say: Say) -> None:
    say("")
    say(f"The log of {report.federation} has {report.size} entries. Its bundle was written and verified offline:")
    for check in report.checks:
        say(f"  {check.status.replace('_', ' '):<12} {check.name:<12} {detail_of(check)}")
    if not report.holds:
        raise DemoFalse("The demo's own log does not verify. Please report this; it should be impossible.")
    say("Look closer, as an auditor would:")
    say(f"  rochdale key --home {shlex.quote(str(place.directory))}")
    say(f"  rochdale verify {shlex.quote(str(place.bundle))}")
