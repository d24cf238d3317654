from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from governance.counting.bounds import Ceiling, Floor
from governance.counting.weighting import CategoryWeight, Weighting
from governance.provisions import Provisions
from governance.requirement import Requirement
from governance.rule import Call, Confirmation, Entitled, check_built, check_rule
from tests.governance.acting import refused
from tests.governance.world import DAY, more_than, quorum, rule

F = Fraction
PROVISIONS = Provisions(categories=("full", "associate"))
MINUTE = timedelta(minutes=1)
CALL = Call(quorum=(quorum(F(1, 3)),))
CONFIRMED = Confirmation(majority=(more_than(),), after=7 * DAY, voting=7 * DAY, quorum=(quorum(F(1, 2)),))
NO = more_than()
BLOCKS = Requirement(counts="block", at_most_number=F(0))


def both(**changes: Any) -> Weighting:
    return Weighting(
        kind="by_category",
        categories=tuple(CategoryWeight(category=one, weight=F(1)) for one in ("full", "associate")),
        **changes,
    )


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"calls": (CALL,) * 4 + (Call(),)},
        {"calls": (CALL, Call(after=400 * DAY))},
        {"notice": timedelta(), "waiting": timedelta(), "voting": MINUTE},
        {"notice": 400 * DAY, "waiting": 400 * DAY, "voting": 400 * DAY},
        {"confirmation": CONFIRMED},
        {"entitled": Entitled(categories=("full", "associate"), member_for=90 * DAY)},
        {"weighting": both(ceilings=(Ceiling(categories=("associate",), at_most=F(1, 3)),))},
        {"weighting": both(floors=(Floor(categories=("full",), at_least=F(2, 3)),))},
        {"weighting": Weighting(kind="linear", votes_per=F(10**12 - 1), country_cap_share=F(1, 50))},
        {"requisition": F(1), "challenge": F(1, 1000), "waiting": DAY},
        {"requisition": None, "challenge": None},
        {"sponsors": 1000, "seconders": 1000},
        {"extension": 7 * DAY},
        {"extension": MINUTE, "waiting": 3 * MINUTE},
        {"matter": "resolution.urgent", "provisional": 14 * DAY},
        {"matter": "resolution.routine", "liftable": True},
        {"early_close": True, "revoting": "final"},
        {"blocks": True, "majority": (more_than(), BLOCKS)},
        {"majority": (more_than(),) * 20},
        {"calls": (Call(quorum=(quorum(F(1, 3)),) * 20),)},
        {"venue": "assembly", "majority": (Requirement(of="present", more_than=F(1, 2)),)},
    ],
)
def test_a_rule_that_makes_sense_passes(changes: dict[str, Any]) -> None:
    check_rule(rule(**{"matter": "resolution", **changes}), PROVISIONS)


@pytest.mark.parametrize(
    "changes",
    [
        {"calls": ()},
        {"calls": (CALL,) * 5 + (Call(),)},
        {"calls": (Call(after=DAY),)},
        {"notice": -MINUTE},
        {"notice": 400 * DAY + MINUTE},
        {"notice": timedelta(seconds=90)},
        {"waiting": -MINUTE},
        {"waiting": 401 * DAY},
        {"voting": timedelta()},
        {"voting": 401 * DAY},
        {"extension": -MINUTE},
        {"extension": 7 * DAY + MINUTE},
        {"calls": (CALL, Call(after=401 * DAY))},
        {"calls": (CALL, Call(after=-MINUTE))},
        {"calls": (Call(), Call())},
        {"entitled": Entitled(categories=())},
        {"entitled": Entitled(categories=("full", "full"))},
        {"entitled": Entitled(categories=("gold",))},
        {"entitled": Entitled(member_for=401 * DAY)},
        {"weighting": Weighting(kind="by_category", categories=(CategoryWeight(category="gold", weight=F(1)),))},
        {"weighting": both(ceilings=(Ceiling(categories=("gold",), at_most=F(1, 3)),))},
        {"weighting": both(floors=(Floor(categories=("gold",), at_least=F(1, 3)),))},
        {"requisition": F(0)},
        {"requisition": F(-1, 3)},
        {"challenge": F(3, 2), "waiting": DAY},
        {"sponsors": 0},
        {"sponsors": 1001},
        {"seconders": -1},
        {"seconders": 1001},
        {"matter": "resolution.urgent", "provisional": 14 * DAY - MINUTE},
        {"matter": "resolution.urgent", "provisional": 401 * DAY},
        {"matter": "resolution.urgent"},
        {"provisional": 14 * DAY},
        {"liftable": True},
        {"challenge": F(1, 5)},
        {"challenge": F(1, 5), "waiting": DAY, "confirmation": CONFIRMED},
        {"early_close": True, "revoting": "final", "meanwhile": "excluded"},
        {"extension": DAY, "calls": (Call(),)},
        {"early_close": True},
        {"majority": (more_than(),) * 21},
        {"calls": (Call(quorum=(quorum(F(1, 3)),) * 21),)},
        {"confirmation": Confirmation(majority=(more_than(),), after=DAY, voting=timedelta())},
        {"confirmation": Confirmation(majority=(more_than(),), after=401 * DAY, voting=DAY)},
        {"confirmation": Confirmation(majority=(more_than(),) * 21, after=DAY, voting=DAY)},
        {"weighting": Weighting(kind="linear", votes_per=F(10**12))},
        {"majority": (more_than(F(1, 10**12)),)},
        {"weighting": Weighting(kind="linear", country_cap_share=F(1, 51))},
    ],
)
def test_a_rule_that_contradicts_itself_is_refused(changes: dict[str, Any]) -> None:
    with refused("rule_invalid"):
        check_rule(rule(**{"matter": "resolution", **changes}), PROVISIONS)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"majority": ()}, "majority_empty"),
        ({"confirmation": Confirmation(majority=(), after=DAY, voting=DAY)}, "majority_empty"),
        ({"majority": (more_than(), BLOCKS)}, "requirement_block"),
        ({"calls": (Call(quorum=(more_than(),)),)}, "requirement_base"),
        ({"confirmation": Confirmation(majority=(more_than(),), after=DAY, voting=DAY, quorum=(NO,))}, "requirement_base"),
        ({"majority": (Requirement(of="present", more_than=F(1, 2)),)}, "requirement_present"),
        ({"calls": (CALL, Call(quorum=(quorum(F(0)),)))}, "requirement_share"),
        ({"weighting": Weighting(cap=F(2))}, "weighting_unused"),
        ({"weighting": Weighting(kind="linear", cap=F(0))}, "weighting_invalid"),
    ],
)  # fmt: skip
def test_its_quorums_majorities_and_weighting_are_checked_with_it(changes: dict[str, Any], code: str) -> None:
    with refused(code):
        check_rule(rule(**{"matter": "resolution", **changes}), PROVISIONS)


@pytest.mark.parametrize(
    "changes", [{"secrecy": "sealed"}, {"secrecy": "detached"}, {"secrecy": "secret"}, {"venue": "assembly"}]
)
def test_what_is_not_built_is_refused_rather_than_ignored(changes: dict[str, Any]) -> None:
    with refused("not_built"):
        check_built(rule("resolution", **changes))
    check_built(rule("resolution"))
