"""Who is waited for: mandates that nobody holds, with where their holders can be written to."""

from piccolo.querystring import QueryString

from app.services.accounts.accounts import Accounts
from governance.ids import MandateId
from governance.instants import Instant
from governance.mandate import Role
from governance.value import Value

_SELECT = (
    'SELECT m."id" AS "mandate", m."role", COALESCE(k."name", o."title") AS "name", c."address", i."expires" AS "invited" '
    'FROM "mandate" AS m LEFT JOIN "holding" AS h ON h."mandate" = m."id" LEFT JOIN "contact" AS c ON c."mandate" = m."id" '
    'LEFT JOIN "coop" AS k ON k."id" = m."coop" LEFT JOIN "office" AS o ON o."id" = m."office" '
    'LEFT JOIN "invitation" AS i ON i."mandate" = m."id" AND i."used" IS NULL AND i."expires" > {} '
    'WHERE h."mandate" IS NULL AND (m."ends" IS NULL OR m."ends" > {}) ORDER BY "name", m."role", m."id"'
)


class Waiting(Value):
    """A mandate that nobody holds. `name` is that of its coop or office, `invited` until when an invitation to it is good."""

    mandate: MandateId
    role: Role
    name: str
    address: str | None
    invited: Instant | None

    def __repr__(self) -> str:
        """Without the address."""
        return f"Waiting(mandate={self.mandate!r})"


async def waiting(accounts: Accounts) -> tuple[Waiting, ...]:
    """All mandates that go on and that nobody holds."""
    now = accounts.clock()
    return tuple(Waiting(**row) for row in await accounts.run(QueryString(_SELECT, now, now)))
