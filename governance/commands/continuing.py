"""The command that lets a log go on after a loss."""

from governance.value import Value


class ContinueLog(Value):
    """Let the log go on under this origin and verifier key; `lost` is the last word of the key before."""

    origin: str
    key: str
    lost: str
