"""Matters: what a rule applies to. Dotted names, from the kind of proposal to the narrowest case."""

from typing import Final, assert_never

from governance.charter import Add
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
    RuleChange,
    SetOffice,
    SetProvisions,
    SetRule,
    StrikeRule,
    Suspend,
)
from governance.ids import ArticleId, Matter

KINDS: Final = tuple(Matter(kind) for kind in ("resolution", "admission", "membership", "charter", "rules"))
"""The matters that always have a rule of their own, on which every narrower one falls back."""
RULES: Final = Matter("rules")
AMENDMENT: Final = Matter("resolution.amendment")
"""The vote on an amendment to a proposal's text."""

_NARROWED: Final = {
    "resolution": ("routine", "urgent", "merge", "dissolve", "amendment"),
    "membership": ("suspend", "reinstate", "expel", "category", "correct"),
    "rules": ("provisions", "offices"),
}


def matters_of(effect: Effect) -> tuple[Matter, ...]:  # noqa: C901, PLR0911 - one case for each effect
    """Every matter that an effect touches, in order of name.

    A change of rules also touches the matters whose rules change; ratifying the founding touches all that was founded.
    """
    match effect:
        case Resolve(narrowing=narrowing):
            return (Matter(f"resolution.{narrowing}" if narrowing else "resolution"),)
        case Ratify():
            return (Matter("charter"), RULES)
        case Admit(category=category):
            return (Matter(f"admission.{category}"),)
        case Suspend():
            return (Matter("membership.suspend"),)
        case Reinstate():
            return (Matter("membership.reinstate"),)
        case Expel():
            return (Matter("membership.expel"),)
        case Recategorise(category=category):
            return (Matter(f"admission.{category}"), Matter("membership.category"))
        case CorrectNumber() | CorrectName() | CorrectCountry():
            return (Matter("membership.correct"),)
        case AmendCharter(operations=operations):
            added = {operation.article for operation in operations if isinstance(operation, Add)}
            touched = {operation.article for operation in operations} - added
            matters = {Matter(f"charter.article.{article}") for article in touched}
            return tuple(sorted(matters | ({Matter("charter")} if added else set())))
        case ChangeRules(changes=changes):
            return tuple(sorted(frozenset().union(*map(_changed_by, changes))))
        case _:
            assert_never(effect)


def _changed_by(change: RuleChange) -> frozenset[Matter]:
    match change:
        case SetRule(rule=rule):
            return frozenset((RULES, rule.matter))
        case StrikeRule(matter=matter):
            return frozenset((RULES, matter))
        case SetProvisions():
            return frozenset((Matter("rules.provisions"),))
        case SetOffice():
            return frozenset((Matter("rules.offices"),))
        case _:
            assert_never(change)


def fallbacks(matter: Matter) -> tuple[Matter, ...]:
    """A matter and those above it, narrowest first: `charter.article.x`, `charter.article`, `charter`."""
    parts = matter.split(".")
    return tuple(Matter(".".join(parts[:length])) for length in range(len(parts), 0, -1))


def is_matter(matter: Matter, categories: tuple[str, ...], articles: tuple[ArticleId, ...]) -> bool:
    """Whether a rule for this matter could ever apply in a federation with these categories and articles."""
    kind, _, rest = matter.partition(".")
    if not rest:
        return matter in KINDS
    if kind == "admission":
        return rest in categories
    if kind == "charter":
        return rest.startswith("article.") and ArticleId(rest.removeprefix("article.")) in articles
    return rest in _NARROWED.get(kind, ())
