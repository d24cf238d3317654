"""Every table. What is in `PROJECTIONS` can be dropped and made again from the log; nothing else can.

A backup has the log itself and the rows of the tables in `KEPT`; no projection, and nothing of what is in `FLEETING`.
"""

from typing import Final

from piccolo.table import Table

from app.store.tables.accounts import (
    Account,
    Holding,
    Invitation,
    KnownNetwork,
    Outbox,
    PasswordReset,
    RefreshToken,
    Session,
    Throttle,
)
from app.store.tables.applying import Application, Draft
from app.store.tables.decisions import Ballot, Poll, Proposal, Resolution
from app.store.tables.log import Blob, IdempotencyKey, LogEntry, LogHead, Projected, Snapshot, TreeNode
from app.store.tables.people import Contact
from app.store.tables.reading import (
    CharterVersion,
    Comment,
    CoopName,
    CoopService,
    ProposalCourse,
    ProposalEvent,
    ProposalMatter,
    ProvisionsVersion,
    Redaction,
    Restoration,
)
from app.store.tables.register import Coop, CoopChange, CoopFact, Mandate
from app.store.tables.rulebook import CharterArticle, Federation, LogContinuation, Office, Rule

LOG: Final[tuple[type[Table], ...]] = (LogHead, LogEntry, TreeNode, Blob, IdempotencyKey)
PROJECTIONS: Final[tuple[type[Table], ...]] = (
    Federation,
    Coop,
    CoopChange,
    CoopFact,
    Mandate,
    Office,
    CharterArticle,
    Rule,
    Proposal,
    Poll,
    Ballot,
    Resolution,
    CharterVersion,
    ProvisionsVersion,
    CoopName,
    CoopService,
    Restoration,
    ProposalCourse,
    ProposalMatter,
    ProposalEvent,
    Comment,
    Redaction,
    LogContinuation,
)
PEOPLE: Final[tuple[type[Table], ...]] = (
    Contact,
    Application,
    Draft,
    Account,
    Session,
    RefreshToken,
    Invitation,
    Holding,
    PasswordReset,
    Outbox,
    Throttle,
    KnownNetwork,
)
BESIDE: Final[tuple[type[Table], ...]] = (Projected, Snapshot)
"""What a process keeps for the next one, which can do without it. No backup has it."""
TABLES: Final = LOG + PROJECTIONS + PEOPLE + BESIDE
KEPT: Final[tuple[type[Table], ...]] = (
    IdempotencyKey,
    Contact,
    Application,
    Draft,
    Account,
    Invitation,
    Holding,
    KnownNetwork,
)
"""What a backup keeps, row by row: it is neither the log nor made from it. Each table after those that it refers to."""
FLEETING: Final[tuple[type[Table], ...]] = (Session, RefreshToken, PasswordReset, Outbox, Throttle)
"""What no backup keeps: an old copy would bring back what was ended, or send again what was sent."""

__all__ = [
    "BESIDE",
    "FLEETING",
    "KEPT",
    "LOG",
    "PEOPLE",
    "PROJECTIONS",
    "TABLES",
    "Account",
    "Application",
    "Ballot",
    "Blob",
    "CharterArticle",
    "CharterVersion",
    "Comment",
    "Contact",
    "Coop",
    "CoopChange",
    "CoopFact",
    "CoopName",
    "CoopService",
    "Draft",
    "Federation",
    "Holding",
    "IdempotencyKey",
    "Invitation",
    "KnownNetwork",
    "LogContinuation",
    "LogEntry",
    "LogHead",
    "Mandate",
    "Office",
    "Outbox",
    "PasswordReset",
    "Poll",
    "Projected",
    "Proposal",
    "ProposalCourse",
    "ProposalEvent",
    "ProposalMatter",
    "ProvisionsVersion",
    "Redaction",
    "RefreshToken",
    "Resolution",
    "Restoration",
    "Rule",
    "Session",
    "Snapshot",
    "Throttle",
    "TreeNode",
]
