"""Who may read: a rule of the federation, which its general provisions say."""

from typing import Final, Literal

import msgspec
from piccolo.querystring import QueryString

from app.security.people import Person
from app.services.serving import Service
from governance.canonical import decoder_for
from governance.errors import Refusal
from governance.provisions import Provisions, Reading, reading_of

What = Literal["views", "log"]
"""What the service shows of the federation, or the log itself with its texts."""
_read_provisions: Final = decoder_for(Provisions)
_AUDIT: Final = "audit"


class ReadingNotAllowed(Refusal):
    """The federation's rule does not let you read this."""

    code = "reading_not_allowed"


class SignInToRead(Refusal):
    """The federation lets only its members read this."""

    code = "sign_in_to_read"


async def present_rule(service: Service) -> Reading:
    """Who may read now. Before a federation is founded there is nothing to hide."""
    rows = await service.engine.run_querystring(QueryString('SELECT "provisions" FROM "federation" WHERE "id" = 1'))
    return reading_of(_read_provisions(rows[0]["provisions"].encode())) if rows else "everyone"


async def require_reading(service: Service, person: Person | None, what: What) -> None:
    """Refuse who may not read. Whoever holds a mandate in force is a member here, the holder of an office too.

    Where only auditors read the log, members still see what the service shows: without that they could not decide.

    Raises:
        SignInToRead: nobody is signed in, and not everyone may read.
        ReadingNotAllowed: who is signed in holds no mandate that suffices.
    """
    rule = await present_rule(service)
    if rule == "everyone":
        return
    if person is None:
        raise SignInToRead("Sign in first, and send the access token as `Authorization: Bearer …`.")
    powers = await _powers(service, person)
    if powers is None:
        raise ReadingNotAllowed("You hold no mandate that is in force. Ask your coop's steward for one.")
    if rule == "auditors" and what == "log" and _AUDIT not in powers:
        raise ReadingNotAllowed(
            "The log itself is for the offices that audit it. What the service shows of it you may see."
        )


async def _powers(service: Service, person: Person) -> frozenset[str] | None:
    """The powers of the offices that somebody holds, or None for somebody without any mandate in force."""
    now = service.clock()
    rows = await service.engine.run_querystring(
        QueryString(
            'SELECT "office"."powers" AS "powers" FROM "holding" '
            'JOIN "mandate" ON "mandate"."id" = "holding"."mandate" '
            'LEFT JOIN "office" ON "office"."id" = "mandate"."office" '
            'LEFT JOIN "coop" ON "coop"."id" = "mandate"."coop" '
            'WHERE "holding"."account" = {} AND "mandate"."starts" <= {} '
            'AND ("mandate"."ends" IS NULL OR "mandate"."ends" > {}) '
            'AND ("mandate"."coop" IS NULL OR "coop"."status" <> \'former\')',
            person.account,
            now,
            now,
        )
    )
    if not rows:
        return None
    listed = (msgspec.json.decode(row["powers"], type=list[str]) for row in rows if row["powers"] is not None)
    return frozenset(power for powers in listed for power in powers)
