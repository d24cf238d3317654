"""Which mandates of the log somebody holds. Roles come from there, and from nowhere else."""

import re
from collections.abc import Collection
from typing import Any, Final

from piccolo.querystring import QueryString

from app.security.people import AccountId
from app.services.accounts.accounts import Accounts
from governance.errors import Refusal
from governance.ids import MANDATE_PATTERN, CoopId, MandateId, OfficeId
from governance.instants import Instant
from governance.mandate import Role
from governance.value import Value

_MANDATES: Final = (
    'SELECT m."id", m."role", m."coop", m."office", m."starts", m."ends", c."name", o."title" '
    'FROM "mandate" AS m LEFT JOIN "coop" AS c ON c."id" = m."coop" LEFT JOIN "office" AS o ON o."id" = m."office"'
)
_OF_ACCOUNT: Final = (
    f'{_MANDATES} JOIN "holding" AS h ON h."mandate" = m."id" WHERE h."account" = {{}} ORDER BY m."starts", m."id"'
)
_OF_ID: Final = f'{_MANDATES} WHERE m."id" = {{}}'


class NotActing(Refusal):
    """You hold no mandate in force for this."""

    code = "not_acting"


class ActingUnsaid(Refusal):
    """You hold several mandates, and it is not said with which one you act."""

    code = "acting_unsaid"


class Holding(Value):
    """A mandate that somebody holds, as the log gives it. `name` is that of the coop, or the title of the office."""

    mandate: MandateId
    role: Role
    coop: CoopId | None
    office: OfficeId | None
    name: str
    starts: Instant
    ends: Instant | None
    in_force: bool

    def ended(self, at: Instant) -> bool:
        """Whether it is over; one that has not begun is not."""
        return self.ends is not None and self.ends <= at


async def holdings(accounts: Accounts, account: AccountId) -> tuple[Holding, ...]:
    """All mandates of an account: in force, still to begin, and ended."""
    now = accounts.clock()
    return tuple(_holding(row, now) for row in await accounts.run(QueryString(_OF_ACCOUNT, account)))


async def mandate_of_log(accounts: Accounts, mandate: MandateId) -> Holding | None:
    """A mandate, whoever holds it; None where the log has none such."""
    # What is no id is not asked for: PostgreSQL refuses text with a zero byte.
    rows = await accounts.run(QueryString(_OF_ID, mandate)) if re.fullmatch(MANDATE_PATTERN, mandate) else []
    return _holding(rows[0], accounts.clock()) if rows else None


async def acting(
    accounts: Accounts,
    account: AccountId,
    *,
    roles: Collection[Role],
    mandate: MandateId | None = None,
    coop: CoopId | None = None,
    office: OfficeId | None = None,
) -> MandateId:
    """The mandate in force that somebody acts with, of one of the roles and where said of that coop or office.

    Of several that do equally well for one coop or office, the one that began first. The log still decides whether it suffices.

    Raises:
        NotActing: the account holds no such mandate that is in force.
        ActingUnsaid: it holds several for different coops or offices, and nothing says for which one acts.
    """
    fitting = [
        held
        for held in await holdings(accounts, account)
        if held.in_force
        and held.role in roles
        and (mandate is None or held.mandate == mandate)
        and (coop is None or held.coop == coop)
        and (office is None or held.office == office)
    ]
    if not fitting:
        wanted = " or ".join(roles)
        raise NotActing(
            f"Only a {wanted} can do this, while the mandate is in force. Your mandates are listed in your account; a coop's "
            "steward gives them."
        )
    for_whom = sorted({held.name for held in fitting})
    if len({(held.coop, held.office) for held in fitting}) > 1:
        raise ActingUnsaid(f"Say for whom you act: {', '.join(for_whom)}.")
    return fitting[0].mandate


async def require_any(accounts: Accounts, account: AccountId) -> None:
    """Refuse whoever holds no mandate at all that is in force.

    Raises:
        NotActing: as it says.
    """
    if not any(held.in_force for held in await holdings(accounts, account)):
        raise NotActing(
            "This is for whoever acts for a coop or holds an office. Ask your coop's steward for a mandate."
        )


def _holding(row: Any, now: Instant) -> Holding:  # noqa: ANN401 - a row by column
    ends = row["ends"]
    return Holding(
        mandate=row["id"],
        role=row["role"],
        coop=row["coop"],
        office=row["office"],
        name=row["name"] or row["title"] or "",
        starts=row["starts"],
        ends=ends,
        in_force=row["starts"] <= now and (ends is None or now < ends),
    )
