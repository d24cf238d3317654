"""What the ledger refuses, beside the rules of the federation, and how it fails."""

from governance.errors import Refusal, RochdaleError


class IdempotencyMismatch(Refusal):
    """This idempotency key was used for another request."""

    code = "idempotency_mismatch"


class TextNotStored(Refusal):
    """A text that this names is not there."""

    code = "text_not_stored"


class TextErased(Refusal):
    """A text that this names was erased."""

    code = "text_erased"


class ArticleTextInvalid(Refusal):
    """A text that is to become an article of the charter is not one."""

    code = "article_text_invalid"


class BlobNotNamed(Refusal):
    """A text was sent that nothing names."""

    code = "blob_not_named"


class SessionEnded(Refusal):
    """You are signed out."""

    code = "session_ended"


class EntryUnknown(Refusal):
    """The log has no such entry."""

    code = "entry_unknown"


class LedgerUnready(RochdaleError):
    """The ledger cannot write now. Nothing was recorded; try again later."""

    code = "ledger_unready"


class ClockBehind(LedgerUnready):
    """The clock is behind the log. Nothing was recorded; try again later."""

    code = "clock_behind"


class ClockDiffers(LedgerUnready):
    """This host's clock and the database's differ. Nothing was recorded; try again later."""

    code = "clock_differs"


class LogKeyRotated(LedgerUnready):
    """Another key signs this log now. Nothing was recorded; restart with that key."""

    code = "log_key_rotated"

    def __init__(self, detail: str, key: str) -> None:
        """Say it, and which verifier key that is."""
        super().__init__(detail)
        self.key = key


class StepBlocked(LedgerUnready):
    """Something is due that cannot be recorded, and nothing can be recorded before it."""

    code = "step_blocked"


class LedgerClosed(LedgerUnready):
    """The ledger is closed. Nothing was recorded; try again later."""

    code = "ledger_closed"


class LedgerFailed(RochdaleError):
    """The ledger failed at this. Nothing was recorded."""

    code = "ledger_failed"


class OutcomeUnknown(RochdaleError):
    """Whether this was recorded is not known yet. Ask again with the same idempotency key."""

    code = "outcome_unknown"


class DatabaseNotMigrated(RochdaleError):
    """The database is not that of this version."""

    code = "database_not_migrated"


class LogDamaged(RochdaleError):
    """The log in the database contradicts itself."""

    code = "log_damaged"


class LogShorter(RochdaleError):
    """The log is shorter than what was signed."""

    code = "log_shorter"


class LogDifferent(RochdaleError):
    """The log is not the one that was signed."""

    code = "log_different"


class LogKeyForeign(RochdaleError):
    """The log is another key's."""

    code = "log_key_foreign"
