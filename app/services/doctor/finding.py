"""What a check found, in words for whoever keeps the server."""

from typing import Literal

from governance.errors import RochdaleError
from governance.value import Value

Status = Literal["ok", "warning", "failed", "not_checked"]
Check = Literal[
    "settings",
    "signing_key",
    "signing_memory",
    "token_keys",
    "disk",
    "database",
    "migrations",
    "log",
    "clock",
    "steps",
    "blobs",
    "projections",
    "outbox",
    "founding",
    "rules",
    "stewards",
]
"""Every check, in the order in which they are made."""


class Finding(Value):
    """A check with what was seen and, where something is not well, what to do. `failed` is what stops or endangers the log."""

    check: Check
    status: Status
    detail: str
    advice: str = ""


def ok(check: Check, detail: str) -> Finding:
    """Nothing is wrong."""
    return Finding(check=check, status="ok", detail=detail)


def warned(check: Check, detail: str, advice: str) -> Finding:
    """Something will go wrong, or should be otherwise."""
    return Finding(check=check, status="warning", detail=detail, advice=advice)


def failed(check: Check, detail: str, advice: str) -> Finding:
    """Something is wrong."""
    return Finding(check=check, status="failed", detail=detail, advice=advice)


def refused(check: Check, error: RochdaleError | OSError) -> Finding:
    """What was refused when it was tried; its message says what to do."""
    if isinstance(error, RochdaleError):
        return failed(check, f"{error.title} [{error.code}]", error.detail)
    return failed(check, f"The system refused: {error.strerror or error}.", f"Look at {error.filename or 'it'}.")


def not_checked(check: Check, because: str) -> Finding:
    """It cannot be looked at before something else is well."""
    return Finding(check=check, status="not_checked", detail=because)
