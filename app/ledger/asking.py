"""What is asked of the ledger, and what it answers."""

from governance.ids import MandateId
from governance.value import Value


class Idempotency(Value):
    """Who asks for which operation under which key, and the fingerprint of the whole request."""

    principal: str
    operation: str
    key: str
    fingerprint: str

    @property
    def place(self) -> tuple[str, str, str]:
        """Where the answer is remembered."""
        return (self.principal, self.operation, self.key)


class Asked(Value):
    """A command with who asks, and the texts that come with it as blobs. `session` must not have ended when it is decided."""

    command: Value
    actor: MandateId
    blobs: tuple[bytes, ...] = ()
    idempotency: Idempotency | None = None
    session: str | None = None


class Answer(Value):
    """The record that a command became: its position, its exact bytes, and its receipt (c2sp.org/tlog-proof)."""

    seq: int
    record: bytes
    receipt: bytes
