"""The reference page of the API: made here from its description, as plain HTML, with nothing from elsewhere and no scripts."""

from collections.abc import Iterator
from html import escape
from typing import Any, Final

from litestar import Request
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin, YamlRenderPlugin

STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}"
    "h2{margin-top:2.5rem;border-bottom:1px solid #767676}h3{margin-bottom:.2rem;overflow-wrap:anywhere}"
    "code{font-size:.95em}table{border-collapse:collapse;display:block;overflow-x:auto}"
    "td,th{text-align:left;vertical-align:top;padding:.2rem .6rem .2rem 0}"
    "@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}a{color:#9ecbff}}"
)
_METHODS: Final = ("get", "post", "put", "patch", "delete")


class ReferencePage(OpenAPIRenderPlugin):
    """Writes every operation with its parameters and answers, by room."""

    def __init__(self) -> None:
        """Stand at the root of the description."""
        super().__init__(path="/")

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The page."""
        del request
        return page(openapi_schema).encode()


PLUGINS: Final = (ReferencePage(), JsonRenderPlugin(), YamlRenderPlugin())


def page(description: dict[str, Any]) -> str:
    """The reference of an OpenAPI description."""
    info = description["info"]
    shared = description.get("components", {}).get("responses", {})
    rooms: dict[str, list[str]] = {}
    for path, operations in sorted(description.get("paths", {}).items()):
        for method in _METHODS:
            if method in operations:
                operation = operations[method]
                room = next(iter(operation.get("tags") or ()), "other")
                rooms.setdefault(room, []).append("".join(_operation(method, path, operation, shared)))
    listed = "".join(f'<li><a href="#{escape(room)}">{escape(room)}</a></li>' for room in sorted(rooms))
    shown = "".join(f'<h2 id="{escape(room)}">{escape(room)}</h2>{"".join(rooms[room])}' for room in sorted(rooms))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(info["title"])} API</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body><main>'
        f"<h1>{escape(info['title'])} API</h1><p>{escape(info.get('description', ''))}</p>"
        '<p>The description: <a href="/api/openapi.json">openapi.json</a>, <a href="/api/openapi.yaml">openapi.yaml</a>.</p>'
        f"<nav><ul>{listed}</ul></nav>{shown}</main></body></html>"
    )


def _operation(method: str, path: str, operation: dict[str, Any], shared: dict[str, Any]) -> Iterator[str]:
    yield f"<h3><code>{method.upper()} {escape(path)}</code></h3><p><strong>{escape(operation.get('summary', ''))}</strong></p>"
    for paragraph in operation.get("description", "").split("\n\n"):
        yield f"<p>{escape(paragraph)}</p>"
    rows = [
        (one["name"], one["in"], "needed" if one.get("required") else "can be left out", one.get("description", ""))
        for one in operation.get("parameters", ())
    ]
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        rows.append(("body", media_type, "needed", _shape(content.get("schema", {}))))
    if rows:
        yield f"<table><tr><th>parameter</th><th>in</th><th></th><th></th></tr>{''.join(map(_row, rows))}</table>"
    answers = [
        (status, answer.get("description", ""), ", ".join(answer.get("content", ())), _shapes(answer))
        for status, said in sorted(operation.get("responses", {}).items())
        for answer in (shared.get(said.get("$ref", "").rpartition("/")[2], said),)
    ]
    yield f"<table><tr><th>answer</th><th></th><th></th><th></th></tr>{''.join(map(_row, answers))}</table>"


def _row(cells: tuple[str, ...]) -> str:
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def _shapes(answer: dict[str, Any]) -> str:
    return ", ".join(filter(None, (_shape(one.get("schema", {})) for one in answer.get("content", {}).values())))


def _shape(schema: dict[str, Any]) -> str:
    """The name of a shape: what it refers to, or its type."""
    named: str = schema.get("$ref", "").rpartition("/")[2]
    return named or str(schema.get("type", ""))
