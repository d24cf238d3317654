"""The root of every refusal. A refusal's class is its meaning; its code is permanent; its docstring is its public title."""

from typing import ClassVar


class RochdaleError(Exception):
    """Something was refused."""

    code: ClassVar[str] = "error"

    def __init__(self, detail: str) -> None:
        """Say in `detail`, in a sentence or two for people, what was refused, why, and what to do."""
        super().__init__(detail)
        self.detail = detail

    @property
    def title(self) -> str:
        """The refusal's public title: the first line of its class's docstring."""
        return (type(self).__doc__ or "").strip().splitlines()[0]


class Refusal(RochdaleError):
    """The rules of the federation refuse this."""

    code = "refused"


class FormatError(RochdaleError):
    """These bytes are not in the format they should be in."""

    code = "format_invalid"
