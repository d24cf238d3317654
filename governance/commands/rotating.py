"""The command that lets another key sign the log."""

from governance.value import Value


class RotateKey(Value):
    """Let this verifier key sign the log from here on; `agreed` is what the key before and this one signed."""

    key: str
    agreed: str
