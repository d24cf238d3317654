"""The description of what reads: every operation and every answer says what it is."""

from typing import Any

import pytest

from app.http.application import create_app
from app.http.routes import READING


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    schema: dict[str, Any] = create_app(lambda: None, routes=READING).openapi_schema.to_schema()  # type: ignore[arg-type, return-value]  # nothing is opened
    return schema


def test_every_operation_has_a_name_a_summary_and_a_tag(described: dict[str, Any]) -> None:
    operations = [operation["get"] for operation in described["paths"].values()]
    assert len(operations) == len(READING)
    assert len({operation["operationId"] for operation in operations}) == len(READING)
    for operation in operations:
        assert operation["summary"].startswith(("Get", "List")), operation
        assert operation["tags"], operation


def test_every_answer_of_ours_is_described(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]
    assert len(schemas) > 50
    undescribed = {
        name for name, schema in schemas.items() if schema.get("type") == "object" and not schema.get("description")
    }
    assert not undescribed


def test_each_list_takes_a_cursor_and_a_limit_from_1_to_200(described: dict[str, Any]) -> None:
    paged = {
        "/coops",
        "/proposals",
        "/polls",
        "/resolutions",
        "/proposals/{proposal}/comments",
        "/polls/{poll}/ballots",
    }
    for path in paged:
        parameters = {one["name"]: one for one in described["paths"][f"/api/v1{path}"]["get"]["parameters"]}
        limit = parameters["limit"]["schema"]
        assert (limit["minimum"], limit["maximum"], limit["default"]) == (1, 200, 50)
        assert parameters["cursor"]["required"] is False
