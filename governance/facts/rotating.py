"""The fact that the log's key was replaced by another."""

from governance.value import Value


class LogKeyRotated(Value):
    """The log goes on under its origin, and another key signs it.

    `agreed` is a checkpoint of the entries before this one with a line that names both keys, signed by both
    (`governance.log.rotation`).
    """

    agreed: str
    key: str
