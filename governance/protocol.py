"""The protocol of a log: the set of record types and versions that its first entry says it is written in."""

from typing import Final

from governance.records import RecordUnknown

PROTOCOL: Final = 1
"""The one that this software reads and writes."""


def check_protocol(protocol: int) -> None:
    """Refuse a log that is written in another protocol: its records could mean something else.

    Raises:
        RecordUnknown: any protocol but ours.
    """
    if protocol != PROTOCOL:
        raise RecordUnknown(
            f"This log is written in protocol {protocol}, and this version of rochdale knows protocol {PROTOCOL} only. "
            "Use a newer version."
        )
