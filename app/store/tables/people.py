"""Personal data, apart from everything else. No projection: it is not in the log, and can be erased."""

from piccolo.columns import Text
from piccolo.table import Table


class Contact(Table, tablename="contact"):
    """Where to write to the holder of a mandate who has no account yet."""

    mandate = Text(primary_key=True)
    address = Text()
