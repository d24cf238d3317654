"""The fact that a log goes on after entries of it were lost."""

from governance.value import Value


class LogContinued(Value):
    """The log goes on under another origin and key, because entries that were signed are lost.

    `lost` is the newest signed checkpoint known of the log before (c2sp.org/tlog-checkpoint), signed by the key before: what it
    counts beyond this entry's position is gone.
    """

    key: str
    lost: str
    origin: str
