"""The front page: what this place is, and what the federation decides now."""

from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from litestar import Response, get
from litestar.di import NamedDependency

from app.pages.files import address_of
from app.pages.when import day_and_time, grouped, left
from app.services.reading.front import read_front
from app.services.serving import Service

POLICY: Final = b"default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""What a page may load: its own style sheet."""
_HTML: Final = "text/html"


@get("/", include_in_schema=False)
async def get_front(service: NamedDependency[Service]) -> Response[str]:
    """Get the front page."""
    shown = _template("front.html").render(front=await read_front(service), now=service.clock())
    return Response(shown, media_type=_HTML, headers={"Cache-Control": "no-cache"})


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=PackageLoader("app.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["file"] = address_of
    environment.filters.update(when=day_and_time, left=left, grouped=grouped)
    return environment.get_template(name)
