"""That a database does not answer: the one trouble that passes by itself."""

from governance.errors import RochdaleError


class DatabaseUnreachable(RochdaleError):
    """The database does not answer. Try again later."""

    code = "database_unreachable"
