"""Rules that between them have everything that a rule can have, with short periods, for histories made at random."""

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction

from governance.counting.weighting import Weighting
from governance.matter import KINDS
from governance.requirement import Requirement
from governance.rule import Call, Confirmation, Entitled, Rule
from tests.governance.world import DAY, HALF, more_than, quorum, rule

NONE = timedelta()
TWO_THIRDS = (Requirement(of="yes+no", at_least=Fraction(2, 3)),)
CALLS = (Call(quorum=(quorum(HALF),)), Call(quorum=(quorum(Fraction(1, 4)),), after=DAY), Call(after=2 * DAY))
CONFIRMED = Confirmation(majority=(more_than(),), after=DAY, voting=DAY)
NO_OBJECTION = (Requirement(at_least_number=Fraction(1)), Requirement(counts="no", at_most_number=Fraction(0)))
NO_BLOCK = Requirement(counts="block", at_most_number=Fraction(0))
BY_WEIGHT = more_than(measure="weight")
BY_COUNTRY = more_than(measure="countries")
WIDE = Entitled(categories=("full", "observer"))
BY_SIZE = Weighting(kind="linear", country_cap_share=HALF)

_SHAPES: tuple[dict[str, object], ...] = (
    {"notice": NONE, "voting": DAY, "calls": (Call(),)},
    {"notice": DAY, "voting": 2 * DAY, "calls": CALLS, "extension": DAY, "waiting": 2 * DAY},
    {"notice": 2 * DAY, "voting": 2 * DAY, "waiting": 3 * DAY, "challenge": Fraction(2, 5), "seconders": 1},
    {"notice": DAY, "voting": DAY, "confirmation": CONFIRMED, "waiting": DAY, "meanwhile": "excluded"},
    {"notice": DAY, "voting": 3 * DAY, "revoting": "final", "early_close": True, "calls": (Call(),)},
    {"notice": DAY, "voting": 2 * DAY, "blocks": True, "waiting": DAY, "majority": (NO_BLOCK, more_than())},
    {"notice": DAY, "voting": 2 * DAY, "weighting": BY_SIZE, "waiting": DAY, "majority": (BY_WEIGHT, BY_COUNTRY)},
    {"notice": DAY, "voting": DAY, "entitled": WIDE, "meanwhile": "excluded", "extension": DAY},
    {"notice": DAY, "voting": DAY, "sponsors": 2, "requisition": HALF, "majority": TWO_THIRDS, "waiting": DAY},
    {"notice": DAY, "voting": DAY, "requisition": None, "challenge": None, "revoting": "final"},
    {"notice": DAY, "voting": 2 * DAY, "revoting": "final", "early_close": True, "extension": DAY},
)  # fmt: skip
_SPECIAL: tuple[Rule, ...] = (
    rule("resolution.routine", notice=NONE, voting=2 * DAY, liftable=True, calls=(Call(),), majority=NO_OBJECTION),
    rule(
        "resolution.routine",
        notice=3 * DAY,
        voting=DAY,
        waiting=DAY,
        liftable=True,
        confirmation=CONFIRMED,
        calls=(Call(),),
    ),
    rule("resolution.urgent", notice=NONE, voting=2 * DAY, provisional=5 * DAY),
    rule("resolution.urgent", notice=DAY, voting=DAY, waiting=2 * DAY, provisional=3 * DAY),
    rule("charter.article.democracy", notice=4 * DAY, voting=DAY, sponsors=2, seconders=1, majority=TWO_THIRDS),
    rule("resolution.amendment", notice=DAY, voting=DAY, calls=(Call(),)),
    rule("resolution.amendment", notice=DAY, voting=4 * DAY, entitled=WIDE),
)
VARIANTS: tuple[Rule, ...] = (*(rule(kind, **shape) for kind in KINDS for shape in _SHAPES), *_SPECIAL)


def rulebook_at_random(pick: Callable[[int], int]) -> tuple[Rule, ...]:
    """A rule for each kind, and each special matter's with an even chance. `pick` gives a number below another."""
    by_matter = {kind: [one for one in VARIANTS if one.matter == kind] for kind in KINDS}
    same = pick(len(_SHAPES)) if pick(2) else None
    rules = {kind: found[pick(len(found)) if same is None else same] for kind, found in by_matter.items()}
    rules |= {one.matter: one for one in _SPECIAL if pick(2)}
    return tuple(rules.values())
