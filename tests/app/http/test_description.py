"""The whole description: every refusal is told of, and exact values are described as the texts that they are."""

from typing import Any

import pytest

from app.http.application import create_app
from app.http.problems import MEDIA_TYPE
from app.http.reference import page


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    schema: dict[str, Any] = create_app(lambda: None).openapi_schema.to_schema()  # type: ignore[arg-type, return-value]  # nothing is opened
    return schema


def test_every_operation_tells_of_its_refusals_as_problem_documents(described: dict[str, Any]) -> None:
    operations = [operation for path in described["paths"].values() for operation in path.values()]
    assert len(operations) > 60
    shared = described["components"]["responses"]
    for operation in operations:
        responses = operation["responses"]
        assert "400" not in responses, operation["operationId"]
        for status in ("4XX", "5XX", *(["401"] if operation.get("security") else [])):
            told = shared[responses[status]["$ref"].rpartition("/")[2]]["content"][MEDIA_TYPE]
            assert told["schema"] == {"$ref": "#/components/schemas/Problem"}
            for example in told["examples"].values():
                assert set(example["value"]) <= set(described["components"]["schemas"]["Problem"]["properties"])


def test_what_is_exact_travels_as_text_and_is_described_so(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]
    turnout = schemas["TurnoutView"]["properties"]["ballots"]
    assert (turnout["type"], turnout["examples"]) == ("string", ["1/2"])
    assert "pattern" in turnout
    assert schemas["RulesView"]["additionalProperties"] is False
    assert schemas["BallotPaper"]["properties"]["coop"]["pattern"] == "^c[1-9][0-9]*$"
    assert schemas["Tokens"]["properties"]["access_expires"]["format"] == "date-time"
    voting = schemas["Rule"]["properties"]["voting"]
    assert (voting["type"], voting["format"]) == ("string", "duration")


def test_the_reference_page_says_what_shared_answers_are(described: dict[str, Any]) -> None:
    shown = page(described)
    assert "Nobody is signed in, or not any more." in shown
    assert "application/problem+json" in shown
