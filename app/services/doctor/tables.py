"""The tables beside the log: projections, and mails that wait."""

from datetime import timedelta
from typing import Final

from piccolo.querystring import QueryString

from app.ledger.rebuilding import rebuild
from app.services.doctor.finding import Finding, failed, ok, warned
from app.services.reporting import counted
from app.store.log_reading import Run
from app.store.writing import Writer
from governance.instants import Instant, later

_PATIENCE: Final = timedelta(minutes=15)


async def check_projections(writer: Writer) -> Finding:
    """Whether every table is what the log says. The append lock is held meanwhile, and nothing is changed."""
    differing = [table for table in await rebuild(writer, mend=False) if table.differ]
    if differing:
        named = "; ".join(f"{table.table} ({', '.join(table.keys)})" for table in differing)
        return failed(
            "projections",
            f"{counted(len(differing), 'table is', 'tables are')} not what the log says: {named}.",
            "`rochdale rebuild` makes them again from the log. Find out who altered them.",
        )
    return ok("projections", "Every table is what the log says.")


async def check_outbox(run: Run, at: Instant) -> Finding:
    """Whether mails go out."""
    (row,) = await run(
        QueryString(
            'SELECT COUNT(*) AS "late", MIN("due") AS "since" FROM "outbox" '
            'WHERE "sent" IS NULL AND "failed" IS NULL AND "due" < {}',
            later(at, -_PATIENCE),
        )
    )
    if row["late"]:
        return warned(
            "outbox",
            f"{counted(row['late'], 'mail waits', 'mails wait')} to be sent, the first since {row['since']}.",
            "Does the service run, and does the mail server take what it is given? Read what the service logs.",
        )
    return ok("outbox", "No mail waits for long.")
