"""The fact that a log goes on after entries of it were lost."""

from governance.value import Value


class LogContinued(Value):
    """The log goes on under another origin and key, because entries that were signed are lost.

    `lost` is the last word of the key before (`governance.log.successor`): the newest checkpoint that it is known to have signed,
    with the name of the key after it. What it counts beyond this entry's position is gone.
    """

    key: str
    lost: str
    origin: str
