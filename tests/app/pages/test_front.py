import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path

import httpx
import msgspec
import pytest

import app.pages
from app.http.application import create_app
from app.http.surroundings.around import Rules
from app.pages.routes import PAGES, POLICIES
from app.services.serving import Service
from governance.log.keys import format_verifier_key
from governance.report import fingerprint_of
from tests.app.http.site import Site

pytestmark = pytest.mark.anyio
STYLE = (Path(app.pages.__file__).parent / "static" / "style.css").read_text("utf-8")


@asynccontextmanager
async def pages(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    made = create_app(lambda: nullcontext(service), routes=PAGES, rules=Rules(page_policies=POLICIES))
    made.state.service = service
    transport = httpx.ASGITransport(app=made)  # type: ignore[arg-type]  # Litestar's scopes are narrower
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver.local") as client:
        yield client


async def let_everyone_read(site: Site) -> None:
    (row,) = await site.rows('SELECT "provisions" FROM "federation"')
    open_to_all = msgspec.json.encode({**msgspec.json.decode(row["provisions"]), "reading": "everyone"}, order="sorted")
    await site.rows('UPDATE "federation" SET "provisions" = {}', open_to_all.decode())


async def test_where_only_members_read_it_shows_no_vote(voting: Site) -> None:
    await voting.open_poll()
    async with pages(voting.service) as client:
        shown = (await client.get("/")).text
    assert "shows its votes to its members" in shown
    assert "Meet in spring" not in shown
    assert "member coop" not in shown


async def test_it_says_what_is_voted_on_who_takes_part_and_by_which_key_the_log_is_signed(voting: Site) -> None:
    await let_everyone_read(voting)
    async with pages(voting.service) as client:
        assert "Nothing is open at the moment" in (await client.get("/")).text
        poll = await voting.open_poll()
        await (await voting.delegate("c1")).cast(await voting.paper(poll, "c1"))
        shown = await client.get("/")
    assert shown.headers["content-type"] == "text/html; charset=utf-8"
    (row,) = await voting.rows('SELECT "closes", "heads" FROM "poll"')
    assert f'<time datetime="{row["closes"]}">' in shown.text
    assert "<h3>Meet in spring</h3>" in shown.text
    assert f"1 of {row['heads']} coops have voted" in shown.text
    assert fingerprint_of(format_verifier_key(voting.service.signer.verifier_key)) in shown.text
    assert "The founding is not ratified yet" in shown.text
    assert "demonstration" not in shown.text
    for link in ("/api", "/log/bundle", "/log/checkpoint"):
        assert f'href="{link}"' in shown.text


async def test_what_members_wrote_is_text_and_never_markup(voting: Site) -> None:
    await let_everyone_read(voting)
    await (await voting.delegate("c1")).propose("<b>Meet</b> & eat")
    await voting.service.ledger.tick()
    async with pages(voting.service) as client:
        shown = (await client.get("/")).text
    assert "<h3>&lt;b&gt;Meet&lt;/b&gt; &amp; eat</h3>" in shown


async def test_it_loads_its_own_style_and_nothing_else(voting: Site) -> None:
    async with pages(voting.service) as client:
        shown = await client.get("/")
        (style,) = re.findall(r'<link rel="stylesheet" href="([^"]+)">', shown.text)
        sheet = await client.get(style)
        other = await client.get("/static/style.000000000000.css")
    assert "style-src 'self'" in shown.headers["content-security-policy"]
    assert "<script" not in shown.text
    assert "style=" not in shown.text
    assert (sheet.text, sheet.headers["content-type"]) == (STYLE, "text/css; charset=utf-8")
    assert "immutable" in sheet.headers["cache-control"]
    assert other.status_code == 404


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "paper"), [("ink", "paper"), ("ink", "card"), ("quiet", "card"), ("quiet", "paper")])
async def test_every_text_can_be_read_in_both_themes(theme: int, ink: str, paper: str) -> None:
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", STYLE.split(":root")[theme + 1]))
    for one in (ink, "accent"):
        lighter, darker = sorted((_luminance(colours[one]), _luminance(colours[paper])), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5  # WCAG 2.2, 1.4.3
    lighter, darker = sorted((_luminance(colours["notice"]), _luminance(colours["notice-ink"])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
