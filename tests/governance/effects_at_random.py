"""Effects at random, most of them possible on the state as it is."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Protocol, TypeVar

from msgspec.structs import replace

from governance.charter import Add, ArticleContent, Move, Operation, Replace, Strike
from governance.effect import (
    Admit,
    AmendCharter,
    ChangeRules,
    CorrectCountry,
    CorrectName,
    CorrectNumber,
    Effect,
    Expel,
    Ratify,
    Recategorise,
    Reinstate,
    Resolve,
    SetOffice,
    SetProvisions,
    SetRule,
    StrikeRule,
    Suspend,
)
from governance.ids import ArticleId, CoopId, Matter, OfficeId, ProposalId
from governance.instants import Day, day_of, later
from governance.mandate import Office
from tests.governance.rules_at_random import VARIANTS
from tests.governance.world import DAY, Founded

T = TypeVar("T")


class Draw(Protocol):
    """What picks at random, in a world."""

    @property
    def world(self) -> Founded: ...
    @property
    def effects(self) -> tuple[Callable[["Draw"], Effect], ...]: ...
    def next(self, below: int) -> int: ...
    def pick(self, among: Sequence[T]) -> T: ...
    def coop(self) -> CoopId: ...
    def proposal(self, *stages: str) -> ProposalId: ...


def effect_at_random(s: Draw) -> Effect:
    """An effect."""
    return s.pick(s.effects)(s)


def _name(s: Draw) -> str:
    return "Named " + s.pick(("Alder", "Birch", "Cedar", "Elm", "Hazel"))


def _admit(s: Draw, coop: CoopId | None) -> Admit:
    return Admit(
        name=_name(s),
        country="UY",
        category=s.pick(("full", "observer")),
        cooperators=1 + s.next(9),
        steward=s.world.mandate(),
        coop=coop,
    )


def _article(s: Draw) -> ArticleId:
    present: tuple[ArticleId, ...] = tuple(article.id for article in s.world.state.charter.articles)
    return s.pick((*present, ArticleId("gone")))


def _review(s: Draw) -> Day | None:
    return s.pick((None, None, day_of(later(s.world.now, 20 * DAY)), Day("2026-01-01")))


def _operation(s: Draw) -> Operation:
    charter = s.world.state.charter
    article = _article(s)
    base = next((one.base for one in charter.articles if one.id == article), "0" * 64)
    content = ArticleContent(heading="New", text=f"Text {s.next(99)}.") if s.next(5) else "No article."
    which = s.next(4)
    if which == 0:
        return Add(article=ArticleId(f"new-{s.next(9)}"), text=s.world.text(content), after=article)
    if which == 1:
        return Strike(article=article, base=base)
    if which == 2:
        return Move(article=article, after=_article(s))
    return Replace(article=article, base=base, text=s.world.text(content))


def _change(s: Draw) -> Any:
    state, which = s.world.state, s.next(6)
    rule = s.pick(VARIANTS)
    present = state.rules.get(rule.matter)
    if which == 0:
        return SetProvisions(
            provisions=replace(state.provisions, support_within=9 * DAY), base=state.provisions_version
        )
    if which == 1:
        return StrikeRule(matter=rule.matter, base=present.version if present else 1)
    if which == 2:
        powers: Any = ("void_open_polls", "decide_urgently", "record_standing", "redact_texts")[: s.next(5)]
        return SetOffice(office=Office(id=OfficeId("secretary"), title="Secretary", powers=powers))
    other = replace(
        rule, matter=s.pick((rule.matter, Matter("charter.article.mission"), Matter("resolution.amendment")))
    )
    return SetRule(rule=other, base=getattr(state.rules.get(other.matter), "version", None))


EFFECTS: tuple[Callable[[Draw], Effect], ...] = (
    lambda s: Resolve(review=_review(s)),
    lambda s: Resolve(narrowing=s.pick(("routine", "routine", "merge", "urgent")), review=_review(s)),
    lambda s: Resolve(supersedes=(s.proposal("in_force"),)),
    lambda s: _admit(s, None),
    lambda s: _admit(s, s.coop()),
    lambda s: Suspend(coop=s.coop()),
    lambda s: Reinstate(coop=s.coop()),
    lambda s: Expel(coop=s.coop()),
    lambda s: Recategorise(coop=s.coop(), category=s.pick(("full", "observer"))),
    lambda s: CorrectNumber(coop=s.coop(), fact="cooperators", number=Fraction(s.next(50))),
    lambda s: CorrectName(coop=s.coop(), name=_name(s)),
    lambda s: CorrectCountry(coop=s.coop(), country=s.pick(("AR", "UY", "xx"))),
    lambda s: AmendCharter(base=s.world.state.charter.version, operations=(_operation(s),)),
    lambda s: AmendCharter(base=1 + s.next(3), operations=(_operation(s), _operation(s))),
    lambda s: ChangeRules(changes=(_change(s),)),
    lambda s: ChangeRules(changes=(_change(s), _change(s))),
    lambda s: Ratify(digest=s.world.state.founding),
)  # fmt: skip
