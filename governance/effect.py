"""What carrying a proposal does: one effect for each thing that can be decided."""

from fractions import Fraction
from typing import Literal

from governance.charter import Operation
from governance.ids import CoopId, Digest, HashText, MandateId, Matter, ProposalId
from governance.instants import Day
from governance.mandate import Office
from governance.provisions import Provisions
from governance.rule import Rule
from governance.value import Value

Kind = Literal["resolution", "admission", "membership", "charter", "rules"]


class Resolve(Value, tag_field="effect", tag="resolve"):
    """Nothing beyond the record: a numbered resolution, which can supersede earlier ones and come back for review."""

    narrowing: Literal["routine", "urgent", "merge", "dissolve"] | None = None
    supersedes: tuple[ProposalId, ...] = ()
    review: Day | None = None


class Ratify(Value, tag_field="effect", tag="ratify"):
    """The founding, by its digest, is what the coops agree to. The first vote of a federation."""

    digest: Digest


class Admit(Value, tag_field="effect", tag="admit"):
    """A coop becomes a member, with the steward who is to keep its facts. `coop` is set where it was a member before."""

    name: str
    country: str
    category: str
    cooperators: int
    steward: MandateId
    services: tuple[str, ...] = ()
    coop: CoopId | None = None


class Suspend(Value, tag_field="effect", tag="suspend"):
    """A member coop loses its vote until it is reinstated."""

    coop: CoopId


class Reinstate(Value, tag_field="effect", tag="reinstate"):
    """A suspended coop is a member again."""

    coop: CoopId


class Expel(Value, tag_field="effect", tag="expel"):
    """A coop's membership ends against its will."""

    coop: CoopId


class Recategorise(Value, tag_field="effect", tag="recategorise"):
    """A coop moves to another category."""

    coop: CoopId
    category: str


class CorrectNumber(Value, tag_field="effect", tag="correct_number"):
    """A coop's number, contested or not, is what the vote says, and counts at once."""

    coop: CoopId
    fact: str
    number: Fraction


class CorrectName(Value, tag_field="effect", tag="correct_name"):
    """A coop's registered name changes."""

    coop: CoopId
    name: str


class CorrectCountry(Value, tag_field="effect", tag="correct_country"):
    """A coop's registered country changes."""

    coop: CoopId
    country: str


class AmendCharter(Value, tag_field="effect", tag="amend_charter"):
    """Articles are added, replaced, moved or struck, against the version the proposal was written on."""

    base: int
    operations: tuple[Operation, ...]


class SetRule(Value, tag_field="change", tag="set_rule"):
    """A matter gets this rule.

    `base` is the version of the rule it replaces, or of the one that was struck last, or None where the matter never had one.
    """

    rule: Rule
    base: int | None


class StrikeRule(Value, tag_field="change", tag="strike_rule"):
    """A narrowed matter loses its own rule and falls under the one above it."""

    matter: Matter
    base: int


class SetProvisions(Value, tag_field="change", tag="set_provisions"):
    """The general provisions become these."""

    provisions: Provisions
    base: int


class SetOffice(Value, tag_field="change", tag="set_office"):
    """An office is created or changed: its title, powers, seats and term.

    `base` is the digest of the office that the author saw (`governance.mandate.office_digest`), or None for a new one.
    """

    office: Office
    base: HashText | None = None


RuleChange = SetRule | StrikeRule | SetProvisions | SetOffice


class ChangeRules(Value, tag_field="effect", tag="change_rules"):
    """Rules, general provisions or the powers of offices change, all together or not at all."""

    changes: tuple[RuleChange, ...]


Membership = Suspend | Reinstate | Expel | Recategorise | CorrectNumber | CorrectName | CorrectCountry
Effect = (
    Resolve
    | Ratify
    | Admit
    | Suspend
    | Reinstate
    | Expel
    | Recategorise
    | CorrectNumber
    | CorrectName
    | CorrectCountry
    | AmendCharter
    | ChangeRules
)

_KINDS: dict[type, Kind] = {
    Resolve: "resolution",
    Ratify: "resolution",
    Admit: "admission",
    AmendCharter: "charter",
    ChangeRules: "rules",
}


def kind_of(effect: Effect) -> Kind:
    """The kind of proposal that has this effect."""
    return _KINDS.get(type(effect), "membership")


def concerned_by(effect: Effect) -> CoopId | None:
    """The coop that an effect is about, which therefore has an answer but no vote. An applicant has no vote anyway."""
    return effect.coop if isinstance(effect, Membership) else None


def text_of(effect: Effect) -> tuple[HashText, ...]:
    """The texts, by hash, that an effect needs when it takes place: the charter's new articles."""
    if not isinstance(effect, AmendCharter):
        return ()
    return tuple(operation.text for operation in effect.operations if hasattr(operation, "text"))
