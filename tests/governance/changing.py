"""Changes of the rules, for tests: short words for the effects, and what they are about."""

from governance.effect import (
    ChangeRules,
    RuleChange,
    SetRule,
    StrikeRule,
)
from governance.ids import Matter, OfficeId
from governance.mandate import Office
from governance.provisions import Provisions
from governance.rule import Rule

PROVISIONS = Provisions(categories=("full", "associate", "observer"))
OFFICE = Office(id=OfficeId("secretary"), title="Secretary of all")


def changes(*each: RuleChange) -> ChangeRules:
    return ChangeRules(changes=each)


def setting(new: Rule, base: int | None = None) -> SetRule:
    return SetRule(rule=new, base=base)


def striking(matter: str, base: int = 1) -> StrikeRule:
    return StrikeRule(matter=Matter(matter), base=base)
