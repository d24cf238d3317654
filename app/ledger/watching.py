"""What the ledger says of its own work, to whoever counts it. Nothing that it does depends on who listens."""

from collections.abc import Callable

from governance.value import Value


class Worked(Value):
    """A batch: how many groups of commands were asked, and how many entries came of them.

    `seconds` is how long it took from the lock to the last answer, `signing` how much of that was signing, and `waiting` how many
    groups had come meanwhile.
    """

    groups: int
    entries: int
    seconds: float
    signing: float
    waiting: int


Watch = Callable[[Worked], object]


def nobody(worked: Worked) -> None:
    """Count nothing."""
    del worked
