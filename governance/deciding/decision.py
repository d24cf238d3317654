"""What deciding gives: one fact, and the blobs that stand beside it."""

from governance.value import Value


class Decision(Value):
    """The fact that a command becomes, and the blobs it names that the rules themselves made (electorates)."""

    fact: Value
    blobs: tuple[bytes, ...] = ()
