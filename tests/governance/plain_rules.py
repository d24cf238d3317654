"""A small rulebook for tests: short, and with something of everything."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

from governance.ids import Matter
from governance.requirement import Requirement
from governance.rule import Call, Entitled, Rule

DAY = timedelta(days=1)
HALF = Fraction(1, 2)


def more_than(share: Fraction = HALF, measure: str = "coops") -> Requirement:
    """A majority of yes + no."""
    return Requirement(measure=measure, of="yes+no", more_than=share)


def quorum(share: Fraction) -> Requirement:
    """A share of the entitled coops that cast a ballot."""
    return Requirement(of="entitled", at_least=share)


def rule(matter: str, **changes: Any) -> Rule:
    """An ordinary rule: a third, then a tenth after a week; more than half; a week's notice and a week's voting.

    Where it gives a waiting period, a fifth of the coops can challenge.
    """
    plain: dict[str, Any] = {
        "matter": Matter(matter),
        "entitled": Entitled(),
        "calls": (Call(quorum=(quorum(Fraction(1, 3)),)), Call(quorum=(quorum(Fraction(1, 10)),), after=7 * DAY)),
        "majority": (more_than(),),
        "notice": 7 * DAY,
        "voting": 7 * DAY,
        "requisition": Fraction(1, 5),
    }
    if changes.get("waiting") and changes.get("confirmation") is None:
        plain["challenge"] = Fraction(1, 5)
    return Rule(**{**plain, **changes})


RULES = (
    rule("resolution"),
    rule("resolution.routine", notice=timedelta(), voting=14 * DAY, liftable=True, calls=(Call(),), majority=(
        Requirement(at_least_number=Fraction(1)), Requirement(counts="no", at_most_number=Fraction(0)),
    )),
    rule("resolution.urgent", notice=timedelta(), provisional=14 * DAY),
    rule("admission", majority=(Requirement(of="yes+no", at_least=Fraction(2, 3)),), sponsors=2),
    rule("membership", waiting=14 * DAY, majority=(Requirement(of="yes+no", at_least=Fraction(3, 4)),)),
    rule("charter", waiting=14 * DAY, majority=(
        Requirement(of="yes+no", at_least=Fraction(2, 3)), more_than(measure="cooperators"),
    )),
    rule("rules", waiting=14 * DAY, majority=(Requirement(of="yes+no", at_least=Fraction(3, 4)),)),
)  # fmt: skip
