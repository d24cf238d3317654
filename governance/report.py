"""What the verifier reports: each check by name, and what a reader compares with what they know."""

from hashlib import sha256
from typing import Final, Literal

from governance.ids import TextHash
from governance.value import Value

Status = Literal["held", "failed", "not_checked"]
CheckName = Literal["format", "key", "entries", "rules", "checkpoints", "electorates", "texts"]
TITLES: Final[dict[CheckName, str]] = {
    "format": "The file is a bundle, whole and unaltered",
    "key": "The log is signed by the key that you expect",
    "entries": "Every entry is in its one spelling, of a known type, in order of position and time",
    "rules": "Every entry, deciding it again, comes out the same: mandates, deadlines, rolls, ballots, counts, results, effects",
    "checkpoints": "Every checkpoint is signed by the log's key and has the root of the entries before it",
    "electorates": "Every voter roll is there and is the one that the register gives",
    "texts": "Every text is there, or its redaction stands in the log",
}


class Check(Value):
    """One check by name: whether it held, and what was seen."""

    name: CheckName
    status: Status
    detail: str


class Redaction(Value):
    """A text that was erased, where that is recorded, and whether its bytes are gone from this bundle."""

    text: TextHash
    seq: int
    gone: bool


class Continued(Value):
    """That the log went on after a loss: at which entry, when, from which origin and key to which.

    `signed` is how many entries are known to have been signed before, `lost` how many of them are not there.
    """

    seq: int
    at: str
    origin_before: str
    key_before: str
    origin: str
    key: str
    signed: int
    lost: int


class Rotated(Value):
    """That another key signs the log: from which entry on, since when, from which key to which."""

    seq: int
    at: str
    key_before: str
    key: str


class Report(Value):
    """What the verifier found. `holds` says that no check failed; a key that was not given is reported as not checked.

    `last` is the instant of the last entry, `due` when something falls due next by itself, or empty: a log that ends before an
    instant that has passed has not gone on as it should. Where there are `continuations`, signed entries were lost, and it is for
    people to judge why: nothing in the file can show it.
    """

    holds: bool
    origin: str
    key: str
    fingerprint: str
    size: int
    root: str
    last: str
    due: str
    federation: str
    ratified: bool
    continuations: tuple[Continued, ...]
    rotations: tuple[Rotated, ...]
    entries: dict[str, int]
    redactions: tuple[Redaction, ...]
    checks: tuple[Check, ...]


def fingerprint_of(key: str) -> str:
    """What people compare of a key: the SHA-256 of its verifier key text, in groups of four hex digits, the first 32."""
    digits = sha256(key.encode()).hexdigest()[:32]
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
