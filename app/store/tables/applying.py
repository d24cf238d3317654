"""What is on its way to becoming a proposal. No projection: it is not in the log yet, and can be erased."""

from piccolo.columns import Text
from piccolo.table import Table


class Application(Table, tablename="application"):
    """A coop's wish to be a member. `status` is open, proposed, withdrawn or closed.

    `coop` is JSON with what the coop says of itself, `hash` that of the token with which the applicant looks at it again,
    `person` and `email` whom to write to: gone once it is closed.
    """

    id = Text(primary_key=True)
    hash = Text(unique=True)
    created = Text(index=True)
    status = Text()
    coop = Text()
    text = Text()
    language = Text()
    person = Text(null=True, default=None)
    email = Text(null=True, default=None)
    proposal = Text(null=True, default=None, index=True)
    closed = Text(null=True, default=None)


class Draft(Table, tablename="draft"):
    """A proposal that a coop's people write together. `content` is JSON, `revision` the tag that whoever changes it has seen."""

    id = Text(primary_key=True)
    coop = Text(index=True)
    account = Text(index=True)
    created = Text()
    changed = Text()
    revision = Text()
    content = Text()
