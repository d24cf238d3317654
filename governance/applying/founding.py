"""What the founding's facts change."""

import hashlib
from fractions import Fraction
from typing import Final

from governance.canonical import encode
from governance.charter import found_article
from governance.facts import founding as fact
from governance.facts.registry import NAMES
from governance.ids import CoopId, Digest
from governance.instants import Instant
from governance.names import Name, skeletons
from governance.poll import PinnedRule
from governance.protocol import check_protocol
from governance.records import Record
from governance.register import COOPERATORS, Coop, Declaration
from governance.state import State
from governance.value import Value

_DOMAIN: Final = b"rochdale/founding/v1\n"


def begin_log(state: State, body: fact.LogGenesis, record: Record) -> None:  # noqa: ARG001 - one shape for all
    """The log has an origin and a key.

    Raises:
        RecordUnknown: it is written in a protocol that this software does not know.
    """
    check_protocol(body.protocol)
    state.origin, state.key = body.origin, body.key


def name_federation(state: State, body: fact.FederationNamed, record: Record) -> None:  # noqa: ARG001
    """The federation has a name and provisions."""
    state.name, state.provisions, state.provisions_version = body.name, body.provisions, 1


def article_founded(state: State, body: fact.ArticleFounded, record: Record) -> None:  # noqa: ARG001
    """The founding charter has one more article."""
    state.charter = found_article(state.charter, body.article, body.content)


def rule_founded(state: State, body: fact.RuleFounded, record: Record) -> None:  # noqa: ARG001
    """The founding rulebook has one more rule."""
    state.rules.put(body.rule.matter, PinnedRule(matter=body.rule.matter, version=1, rule=body.rule))


def office_founded(state: State, body: fact.OfficeFounded, record: Record) -> None:  # noqa: ARG001
    """There is one more office."""
    state.offices.put(body.office.id, body.office)


def coop_founded(state: State, body: fact.CoopFounded, record: Record) -> None:
    """The register has one more member."""
    numbers = {**body.numbers, COOPERATORS: Fraction(body.cooperators)}
    register_coop(
        state,
        Coop(
            id=body.coop,
            seq=record.seq,
            at=record.at,
            name=body.name,
            country=body.country,
            category=body.category,
            status="member",
            since=body.member_since,
            member_since=body.member_since,
            services=body.services,
            facts={name: (counting_now(number, record.at),) for name, number in numbers.items()},
        ),
    )


def founding_closed(state: State, body: fact.FoundingClosed, record: Record) -> None:  # noqa: ARG001
    """The federation is founded."""
    state.founded = True
    state.founding = body.digest


def register_coop(state: State, coop: Coop) -> None:
    """Put a coop into the register, under every form in which its name looks the same."""
    state.coops.put(coop.id, coop)
    for skeleton in skeletons(Name(coop.name)):
        state.skeletons.put(skeleton, coop.id)
    state.last_coop = max(state.last_coop, int(CoopId(coop.id)[1:]))


def counting_now(number: Fraction, at: Instant) -> Declaration:
    """A number that counts at once, because a founding or a vote says so."""
    return Declaration(number=number, at=at, counts_from=at)


def add_to_digest(state: State, body: Value) -> None:
    """Add one founding fact to the digest that the coops' first poll ratifies.

    The digest is a chain: SHA-256 over a domain line, the digest so far in hex, and the fact's type, version and canonical body.
    """
    name, version = NAMES[type(body)]
    said = encode({"body": body, "type": name, "v": version})
    state.founding = Digest(hashlib.sha256(_DOMAIN + state.founding.encode() + b"\n" + said).hexdigest())
