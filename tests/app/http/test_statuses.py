"""Every refusal has a status, and no status is for a refusal that there is not."""

import importlib
import pkgutil
from collections.abc import Iterator

import app
import governance
from app.http.problems import problem_of
from app.http.statuses import STATUS_OF
from governance.errors import RochdaleError
from governance.poll import PollClosed


def errors(of: type[RochdaleError] = RochdaleError) -> Iterator[type[RochdaleError]]:
    yield of
    for each in of.__subclasses__():
        yield from errors(each)


def import_everything() -> None:
    for package in (app, governance):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)


def test_every_code_has_a_status_and_every_status_a_code() -> None:
    import_everything()
    codes = {each.code for each in errors() if each.__module__.partition(".")[0] in ("app", "governance")}
    assert codes == set(STATUS_OF)


def test_a_problem_says_what_was_refused_and_a_fault_says_nothing_of_why() -> None:
    problem = problem_of(PollClosed("This vote closed."))
    assert (problem.status, problem.code, problem.detail) == (409, "poll_closed", "This vote closed.")
    fault = problem_of(RochdaleError("the password is hunter2"))
    assert (fault.status, fault.code) == (500, "fault")
    assert "hunter2" not in fault.detail
