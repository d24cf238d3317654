"""Whatever is asked: no operation fails, and every answer is one that the description tells of."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.app.http.roaming import ROLES, Operation, Roamer, roaming
from tests.app.http.site import Founded

EXAMPLES = int(os.environ.get("ROCHDALE_TEST_REQUESTS", "3"))
"""How many requests are made up for each operation, role and mode; `make check-deep` makes up many."""
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]


@pytest.mark.parametrize("founded", ["sqlite"], indirect=True)
def test_every_operation_answers_as_it_is_described(founded: Founded, tmp_path: Path) -> None:
    with founded.copy(tmp_path) as database, roaming(tmp_path, database) as roamer:
        operations = [*roamer.operations()]
        assert len(operations) > 60
        for operation in operations:
            roamer.sign_in()
            roam(roamer, operation)


def roam(roamer: Roamer, operation: Operation) -> None:
    """Send what fits the description, and what does not, to one operation."""
    ids = {
        one.name: st.sampled_from(roamer.known[one.name])
        for one in operation.path_parameters
        if one.name in roamer.known
    }

    # What takes a path only is asked for other paths below: to make them up here takes longer than all else.
    wrong = [GenerationMode.NEGATIVE] if operation.body or operation.query else []
    for mode in [GenerationMode.POSITIVE, *wrong]:

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=[*HealthCheck],
        )
        @given(
            case=operation.as_strategy(mode),
            known=st.fixed_dictionaries(ids),
            real=st.booleans(),
            role=st.sampled_from(ROLES),
        )
        def each(case: Any, known: dict[str, str], real: bool, role: str) -> None:
            if real:
                case.path_parameters = {**(case.path_parameters or {}), **known}
            case.validate_response(roamer.send(case, role), checks=CHECKS)

        each()
