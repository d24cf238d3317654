"""The commands of a founding, each of which becomes one fact."""

from fractions import Fraction

from governance.charter import ArticleContent
from governance.ids import ArticleId
from governance.instants import Instant
from governance.mandate import Office
from governance.protocol import PROTOCOL
from governance.provisions import Provisions
from governance.rule import Rule
from governance.value import Value


class BeginLog(Value):
    """Begin the log of this origin, signed with this key (a c2sp.org/signed-note verifier key), in this protocol."""

    origin: str
    key: str
    protocol: int = PROTOCOL


class NameFederation(Value):
    """Name the federation and its general provisions."""

    name: str
    provisions: Provisions


class FoundArticle(Value):
    """Put an article at the end of the founding charter."""

    article: ArticleId
    content: ArticleContent


class FoundRule(Value):
    """Set the rule on a matter."""

    rule: Rule


class FoundOffice(Value):
    """Create an office."""

    office: Office


class FoundCoop(Value):
    """Register a founding member."""

    name: str
    country: str
    category: str
    cooperators: int
    member_since: Instant
    services: tuple[str, ...] = ()
    numbers: dict[str, Fraction] = {}  # noqa: RUF012 - msgspec copies an empty default


class CloseFounding(Value):
    """Declare the founding complete."""
