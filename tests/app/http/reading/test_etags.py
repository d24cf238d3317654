import pytest

from app.http.etags import matches, tag_of
from tests.app.http.reading.reading_site import Site

pytestmark = pytest.mark.anyio


async def test_what_has_not_changed_is_not_sent_again(site: Site) -> None:
    for path in ("/coops", "/charter", "/rules", "/proposals", "/polls", "/coops/c1", "/offices/board"):
        first = await site.client.get(f"/api/v1{path}")
        assert first.headers["etag"] == tag_of(first.content)
        assert first.headers["cache-control"] == "no-cache"
        again = await site.client.get(
            f"/api/v1{path}", headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'}
        )
        assert (again.status_code, again.content) == (304, b""), path
        assert again.headers["etag"] == first.headers["etag"]
        assert again.headers["cache-control"] == "no-cache"


async def test_what_has_changed_is_sent(site: Site) -> None:
    first = await site.client.get("/api/v1/proposals")
    await site.running.propose()
    again = await site.client.get("/api/v1/proposals", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 200
    assert again.headers["etag"] != first.headers["etag"]


async def test_the_next_page_is_named_also_where_nothing_is_sent(site: Site) -> None:
    first = await site.client.get("/api/v1/coops", params={"limit": 1})
    again = await site.client.get(
        "/api/v1/coops", params={"limit": 1}, headers={"If-None-Match": first.headers["etag"]}
    )
    assert again.status_code == 304
    assert again.headers["link"] == first.headers["link"]


async def test_a_refusal_is_not_kept(site: Site) -> None:
    refused = await site.client.get("/api/v1/coops/c9", headers={"If-None-Match": "*"})
    assert (refused.status_code, refused.headers["cache-control"]) == (404, "no-store")
    assert "etag" not in refused.headers


@pytest.mark.parametrize(
    ("header", "wanted"),
    [('"a"', True), ('W/"a"', True), ('"b", "a"', True), ("*", True), ('"b"', False), ("", False), ("a", False)],
)
def test_tags_are_compared_weakly(header: str, wanted: bool) -> None:
    assert matches(header, '"a"') is wanted
