"""Every table. What is in `PROJECTIONS` can be dropped and made again from the log; nothing else can."""

from typing import Final

from piccolo.table import Table

from app.store.tables.decisions import Ballot, Poll, Proposal, Resolution
from app.store.tables.log import Blob, IdempotencyKey, LogEntry, LogHead, TreeNode
from app.store.tables.people import Contact
from app.store.tables.register import Coop, CoopFact, Mandate
from app.store.tables.rulebook import CharterArticle, Federation, Office, Rule

LOG: Final[tuple[type[Table], ...]] = (LogHead, LogEntry, TreeNode, Blob, IdempotencyKey)
PROJECTIONS: Final[tuple[type[Table], ...]] = (
    Federation,
    Coop,
    CoopFact,
    Mandate,
    Office,
    CharterArticle,
    Rule,
    Proposal,
    Poll,
    Ballot,
    Resolution,
)
PEOPLE: Final[tuple[type[Table], ...]] = (Contact,)
TABLES: Final = LOG + PROJECTIONS + PEOPLE

__all__ = [
    "LOG",
    "PEOPLE",
    "PROJECTIONS",
    "TABLES",
    "Ballot",
    "Blob",
    "CharterArticle",
    "Contact",
    "Coop",
    "CoopFact",
    "Federation",
    "IdempotencyKey",
    "LogEntry",
    "LogHead",
    "Mandate",
    "Office",
    "Poll",
    "Proposal",
    "Resolution",
    "Rule",
    "TreeNode",
]
