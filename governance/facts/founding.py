"""The facts of a founding: the operator's word, until the coops' first poll has ratified its digest."""

from fractions import Fraction

from governance.charter import ArticleContent
from governance.ids import ArticleId, CoopId, Digest
from governance.instants import Instant
from governance.mandate import Office
from governance.provisions import Provisions
from governance.rule import Rule
from governance.value import Value


class LogGenesis(Value):
    """The first entry: the log's origin and the key that signs it, as a verifier key (c2sp.org/signed-note)."""

    origin: str
    key: str
    protocol: int


class FederationNamed(Value):
    """The federation's name and general provisions."""

    name: str
    provisions: Provisions


class ArticleFounded(Value):
    """One more article at the end of the founding charter."""

    article: ArticleId
    content: ArticleContent


class RuleFounded(Value):
    """The rule on one matter."""

    rule: Rule


class OfficeFounded(Value):
    """An office with its powers."""

    office: Office


class CoopFounded(Value):
    """A founding member with its facts, which count at once."""

    coop: CoopId
    name: str
    country: str
    category: str
    cooperators: int
    services: tuple[str, ...]
    member_since: Instant
    numbers: dict[str, Fraction]


class FoundingClosed(Value):
    """The founding is complete.

    `digest` is the end of a chain of SHA-256 over every fact before it, mandates included (`applying.founding.add_to_digest`).
    """

    digest: Digest
