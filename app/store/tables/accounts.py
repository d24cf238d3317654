"""Accounts of people. No projection: this is not in the log, and can be erased. Of every secret only a hash is kept."""

from piccolo.columns import BigInt, Text
from piccolo.table import Table


class Account(Table, tablename="account"):
    """A person with an account. There is no column for what they may do: that stands in the log."""

    id = Text(primary_key=True)
    email = Text(unique=True)
    password = Text()
    name = Text()
    language = Text()
    time_zone = Text()
    created = Text()
    changed = Text()


class Session(Table, tablename="session"):
    """A device on which somebody is, or was, signed in. No network address is kept."""

    id = Text(primary_key=True)
    account = Text(index=True)
    device = Text()
    created = Text()
    last_seen = Text()
    expires = Text(index=True)
    ended = Text(null=True, default=None)


class RefreshToken(Table, tablename="refresh_token"):
    """A refresh token of a session, by its SHA-256. Each use begins the next generation; `used` stays, to know a reuse."""

    hash = Text(primary_key=True)
    session = Text(index=True)
    generation = BigInt()
    created = Text()
    expires = Text(index=True)
    used = Text(null=True, default=None)


class Invitation(Table, tablename="invitation"):
    """The one invitation to a mandate. Without its address once it was used; `times` is how often one was sent."""

    mandate = Text(primary_key=True)
    hash = Text(unique=True)
    email = Text(null=True, default=None, index=True)
    created = Text()
    expires = Text()
    used = Text(null=True, default=None)
    times = BigInt()


class Holding(Table, tablename="holding"):
    """Which person holds a mandate of the log: the only place that connects the two."""

    mandate = Text(primary_key=True)
    account = Text(index=True)
    since = Text()


class PasswordReset(Table, tablename="password_reset"):
    """The one link of an account to set a new password with. It is gone once it was used."""

    account = Text(primary_key=True)
    hash = Text(unique=True)
    created = Text()
    expires = Text()


class Outbox(Table, tablename="outbox"):
    """A mail to be sent, written together with what causes it. `body` is JSON; address and body are gone once it was sent.

    Whoever sends it holds it until `lease`. It is tried when it is `due`, until it `expires`.
    """

    id = Text(primary_key=True)
    kind = Text()
    account = Text(null=True, default=None, index=True)
    email = Text(null=True, default=None, index=True)
    language = Text(null=True, default=None)
    body = Text(null=True, default=None)
    created = Text()
    expires = Text()
    due = Text(index=True)
    lease = Text(null=True, default=None)
    attempts = BigInt()
    sent = Text(null=True, default=None)
    failed = Text(null=True, default=None)


class Throttle(Table, tablename="throttle"):
    """How much of a limit is used up, under a keyed hash of whom or what it limits. After `until` it is unused again."""

    bucket = Text(primary_key=True)
    until = Text(index=True)


class KnownNetwork(Table, tablename="known_network"):
    """A network from which somebody has signed in, as a keyed hash that is different for each account."""

    id = Text(primary_key=True)
    account = Text(index=True)
    seen = Text(index=True)
